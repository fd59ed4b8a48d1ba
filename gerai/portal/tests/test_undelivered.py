"""The mall manager's list of messages that did not arrive."""

import pytest
from django.test import Client

from gerai.agencies import services as agencies
from gerai.agencies.models import Mall
from gerai.ledger.models import Entry
from gerai.ledger.rules import SYSTEM
from gerai.notices.models import Notice
from gerai.notices.tests import make

pytestmark = pytest.mark.django_db
PAGE = "/pesan/gagal/"


def mall(code: str = make.MALL) -> Mall:
    return agencies.open_mall(
        code=code,
        name="MPP",
        city="Kota",
        timezone="Asia/Jakarta",
        opening={},
        details={},
        actor=SYSTEM,
        now=make.NOW,
    )


def signed_in(role: str, where: Mall) -> Client:
    officer = make.person(name="Dewi", email=f"{role}@uji.test")
    agencies.give_role(mall=where, person=officer, role=role, agency=None, actor=SYSTEM, now=make.NOW)
    client = Client(headers={"accept-language": "id"})
    client.force_login(officer)
    return client


def test_the_manager_sees_where_it_failed_and_no_words_of_it() -> None:
    make.given_up(make.sari())

    page = signed_in("mall_manager", mall()).get(PAGE).content.decode()

    assert "Permohonan … perlu diperbaiki" in page
    assert "s…@uji.test" in page
    assert "Server e-mail tidak menjawab" in page
    assert "MPP-2026-000001" not in page
    assert "sari@uji.test" not in page


def test_a_press_sends_it_once_more_and_a_second_one_adds_nothing() -> None:
    notice = make.given_up(make.sari())
    manager = signed_in("mall_manager", mall())

    for _ in range(2):
        answer = manager.post(PAGE, {"notice": notice.pk}, follow=True)

    assert "Pesan dikirim sekali lagi." in answer.content.decode()
    assert "Semua pesan sampai" in answer.content.decode()
    assert Entry.objects.filter(kind="notices.retried").count() == 1


@pytest.mark.parametrize("role", ["mayor", "information_desk", "auditor"])
def test_who_does_not_manage_the_mall_finds_nothing(role: str) -> None:
    notice = make.given_up(make.sari())
    client = signed_in(role, mall())

    assert client.get(PAGE).status_code == 404
    assert client.post(PAGE, {"notice": notice.pk}).status_code == 404
    assert Notice.objects.get().status == "failed"


@pytest.mark.parametrize("wanted", ["", "x", "-1", "9" * 30, "1"])
def test_what_is_none_of_this_malls_is_not_found_and_nothing_changed(wanted: str) -> None:
    make.given_up(make.sari(), mall="3578")

    answer = signed_in("mall_manager", mall()).post(PAGE, {"notice": wanted or str(Notice.objects.get().pk)})

    assert answer.status_code == 404
    assert Notice.objects.get().status == "failed"
