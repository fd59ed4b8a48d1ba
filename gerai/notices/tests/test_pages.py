"""One's own page of messages."""

import pytest
from django.test import Client

from gerai.accounts.models import Person
from gerai.notices import queries
from gerai.notices.models import Choice, Notice
from gerai.notices.tests import make
from gerai.notices.tests.make import given_up, send

pytestmark = pytest.mark.django_db
PAGE = "/saya/pesan/"


def signed_in(as_: Person) -> Client:
    client = Client(headers={"accept-language": "id"})
    client.force_login(as_)
    return client


def read(as_: Person, address: str = PAGE) -> str:
    return signed_in(as_).get(address).content.decode()


def test_a_message_is_read_with_its_link_and_counts_as_read() -> None:
    sari = make.sari()
    send(sari)
    assert queries.unread(sari) == 1

    page = read(sari)

    assert "Permohonan MPP-2026-000001 perlu diperbaiki" in page
    assert '<a href="/x/">Semuanya kami tulis di sini</a>' in page
    assert "Baru" in page
    assert queries.unread(sari) == 0
    assert "Baru" not in read(sari)


def test_somebody_without_an_address_reads_everything_here() -> None:
    budi = make.person(name="Budi")
    send(budi)

    page = read(budi)

    assert "MPP-2026-000001" in page
    assert "Semua pesan hanya ada di halaman ini" in page
    assert "Kirim pesan lewat" not in page


def test_nobody_reads_a_strangers_messages() -> None:
    send(make.sari())

    page = read(make.person(name="Budi"))

    assert "MPP-2026-000001" not in page
    assert "Belum ada pesan" in page
    assert Notice.objects.get().read_at is None


def test_a_visitor_is_asked_to_sign_in() -> None:
    assert Client().get(PAGE).headers["Location"] == "/masuk/?next=/saya/pesan/"


def test_thirty_a_page_newest_first_and_only_what_was_shown_is_read() -> None:
    sari = make.sari()
    for n in range(1, 32):
        send(sari, f"a:{n}", number=f"N-{n:02d}")

    first = read(sari)

    assert first.index("N-31") < first.index("N-02")
    assert "N-01" not in first
    assert queries.unread(sari) == 1
    oldest = Notice.objects.order_by("pk").first()
    assert oldest is not None
    second = read(sari, f"{PAGE}?sebelum={oldest.pk + 1}")
    assert "N-01" in second
    assert "N-02" not in second
    assert f"?sebelum={oldest.pk + 1}" in first


@pytest.mark.parametrize("place", ["x", "-1", "²", "9" * 30, ""])
def test_an_address_without_sense_begins_at_the_top(place: str) -> None:
    sari = make.sari()
    send(sari)

    assert "MPP-2026-000001" in read(sari, f"{PAGE}?sebelum={place}")


def test_past_the_end_the_page_says_so() -> None:
    assert "Tidak ada pesan yang lebih lama" in read(make.sari(), f"{PAGE}?sebelum=1")


def test_what_somebody_wrote_into_a_message_is_text() -> None:
    sari = make.sari()
    send(sari, number="<b>1</b>")

    assert "<b>1</b>" not in read(sari)


def test_a_message_that_did_not_get_out_says_so() -> None:
    sari = make.sari()
    given_up(sari)

    assert "tidak sampai; hanya ada di sini" in read(sari)


def test_choices_are_made_on_the_same_page_which_says_what_cannot_be_switched_off() -> None:
    sari = make.person(email="sari@uji.test", phone="+6281234567890")
    client = signed_in(sari)
    assert "Tidak dapat dimatikan" in client.get(PAGE).content.decode()

    answer = client.post(PAGE, {"channel": "text", "news": "on"}, follow=True)

    assert "Pilihan Anda tersimpan." in answer.content.decode()
    kept = Choice.objects.get(person=sari)
    assert (kept.channel, kept.reminders, kept.news) == ("text", False, True)
    assert 'name="reminders">' in answer.content.decode()


def test_a_way_that_does_not_exist_is_refused_on_the_page_and_nothing_changed() -> None:
    answer = signed_in(make.sari()).post(PAGE, {"channel": "pigeon"})

    assert answer.status_code == 422
    assert "Pilih salah satu: e-mail, atau SMS/WhatsApp." in answer.content.decode()
    assert not Choice.objects.exists()


def test_a_page_of_messages_costs_the_same_however_many_there_are(django_assert_max_num_queries) -> None:
    sari = make.sari()
    for n in range(30):
        send(sari, f"a:{n}")
    client = signed_in(sari)

    with django_assert_max_num_queries(10):
        client.get(PAGE)
