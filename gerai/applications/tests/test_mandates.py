"""Mandates: given on one's own account, taken up once, ended at once; never a look at what is the grantor's own."""

import threading
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection

from gerai.accounts import rules as identity
from gerai.applications import acting, helping, mandates, marks, queries, services
from gerai.applications.models import Application, Mandate
from gerai.applications.rules import Status
from gerai.applications.tests.make import MONDAY, World, person, picture, save
from gerai.core import clock
from gerai.core.errors import DomainError, NotFound
from gerai.ledger.models import Entry

pytestmark = pytest.mark.django_db
FRIDAY = date(2026, 11, 27)
SATURDAY = MONDAY.replace(day=27, hour=17)  # 0.00 in Bengkulu


class Two(World):
    """sari gives, budi holds; rani is a stranger."""

    def __init__(self) -> None:
        super().__init__()
        self.rani = person("Rani")

    def give(self, **changes: Any) -> Mandate:
        given = {"mall": self.mall, "person": self.sari, "contact": "Budi@uji.test", "service": self.service,
                 "last_day": FRIDAY, "now": MONDAY}  # fmt: skip
        return mandates.give(**{**given, **changes})

    def held(self, **changes: Any) -> Mandate:
        return mandates.take(person=self.budi, mandate_id=self.give(**changes).pk, now=MONDAY)

    def begin(self, mandate: Mandate, **changes: Any) -> Application:
        given = {"person": self.budi, "mandate_id": mandate.pk, "service": self.service, "now": MONDAY}
        return mandates.begin(**{**given, **changes})


def kinds(who: Any) -> list[str]:
    return list(
        Entry.objects.filter(subject=f"person:{who.pk}").order_by("id").values_list("kind", flat=True)
    )


def everything() -> Any:
    rows = list(Mandate.objects.order_by("pk").values()), list(Application.objects.order_by("pk").values())
    return rows, Entry.objects.count()


def test_what_is_given_waits_for_its_contact_and_is_taken_up_once():
    two = Two()

    made = two.give()

    assert two.give() == made
    assert list(mandates.offered(two.budi, MONDAY)) == [made]
    assert not mandates.offered(two.rani, MONDAY).exists()
    assert not mandates.for_service(two.budi, two.service, MONDAY).exists()
    for _ in range(2):
        mandates.take(person=two.budi, mandate_id=made.pk, now=MONDAY)
    assert list(mandates.for_service(two.budi, two.service, MONDAY)) == [made]
    assert kinds(two.sari) == ["applications.mandate_given", "applications.mandate_taken"]
    assert kinds(two.budi) == ["applications.mandate_taken"]
    assert b"budi" not in bytes(Mandate.objects.get().contact_sealed)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"last_day": date(2026, 11, 22)}, mandates.MandateDayWrong),
        ({"last_day": date(2027, 11, 25)}, mandates.MandateDayWrong),
        ({"contact": ""}, identity.ContactMissing),
        ({"contact": "SARI@uji.test"}, mandates.MandateToOneself),
    ],
)
def test_a_refused_mandate_leaves_nothing(changes: dict[str, Any], refusal: type[DomainError]):
    two = Two()
    before = everything()

    with pytest.raises(refusal):
        two.give(**changes)

    assert everything() == before


def test_the_holder_fills_in_and_sends_for_the_grantor_who_sees_it():
    two = Two()
    mandate = two.held()

    draft = two.begin(mandate)
    assert two.begin(mandate) == draft
    save(two.budi, draft, {"area": "3", "address": "Jalan A 1", "shape": "shop"})
    save(two.budi, draft, {"own": "yes"}, "more")
    services.attach(
        person=two.budi, application_id=draft.pk, requirement="KTP", name="k.jpg", data=picture(), now=MONDAY
    )
    sent = services.submit(person=two.budi, application_id=draft.pk, now=MONDAY)

    assert (sent.applicant, sent.helper, sent.status) == (two.sari, two.budi, Status.SUBMITTED)
    assert queries.get(two.sari, draft.pk, MONDAY) == draft
    assert draft.attachments.get().document.owner == two.sari
    assert kinds(two.sari).count("applications.mandate_used") == 1
    started = Entry.objects.get(kind="applications.started")
    assert (started.actor_id, started.data["channel"]) == (str(two.budi.pk), "online")
    assert started.data["mandate"] == str(mandate.pk)
    assert list(queries.helped(two.budi, MONDAY)) == []  # the list of the desk


def test_it_reaches_no_further_than_its_service_its_day_and_its_holder():
    two = Two()
    mandate = two.held()
    other = two.service.__class__.objects.create(
        agency=two.agency,
        code="LAIN",
        name={"id": "L", "en": "L"},
        kind="licence",
        online=True,
        counter_minutes=5,
    )
    before = everything()

    for changes in ({"service": other}, {"now": SATURDAY}, {"person": two.rani}, {"person": two.sari}):
        with pytest.raises(NotFound):
            two.begin(mandate, **changes)

    assert everything() == before
    assert mandate in mandates.for_service(two.budi, two.service, SATURDAY - timedelta(minutes=1))
    everywhere = two.held(service=None)
    assert list(mandates.for_service(two.budi, other, MONDAY)) == [everywhere]


def test_after_its_day_nothing_is_open_to_the_holder():
    two = Two()
    draft = two.begin(two.held())

    assert queries.get(two.budi, draft.pk, SATURDAY - timedelta(minutes=1)) == draft
    with pytest.raises(NotFound):
        queries.get(two.budi, draft.pk, SATURDAY)


@pytest.mark.parametrize("who", ["sari", "budi"])
def test_either_ends_it_at_once_and_again_changes_nothing(who: str):
    two = Two()
    mandate = two.held()
    draft = two.begin(mandate)

    for _ in range(2):
        mandates.end(person=getattr(two, who), mandate_id=mandate.pk, now=MONDAY)

    with pytest.raises(NotFound):
        services.withdraw(person=two.budi, application_id=draft.pk, now=MONDAY)
    with pytest.raises(NotFound):
        two.begin(mandate)
    for party in (two.sari, two.budi):
        assert kinds(party).count("applications.mandate_ended") == 1
    assert queries.get(two.sari, draft.pk, MONDAY) == draft


def test_strangers_neither_take_nor_end_it():
    two = Two()
    made = two.give()
    before = everything()

    for act in (mandates.take, mandates.end):
        with pytest.raises(NotFound):
            act(person=two.rani, mandate_id=made.pk, now=MONDAY)
    with pytest.raises(NotFound):
        mandates.take(person=two.sari, mandate_id=made.pk, now=MONDAY)

    assert everything() == before


def test_a_draft_of_the_grantors_own_is_not_looked_into():
    two = Two()
    mandate = two.held()
    own = two.draft()
    before = everything()

    with pytest.raises(mandates.DraftOfGrantor):
        two.begin(mandate)

    assert everything() == before
    with pytest.raises(NotFound):
        queries.get(two.budi, own.pk, MONDAY)


def test_an_officer_who_takes_it_up_helps_instead_of_the_holder():
    two = Two()
    draft = two.begin(two.held())

    helping._hand_to(two.desk, draft, MONDAY)

    assert queries.get(two.desk, draft.pk, MONDAY).mandate is None
    with pytest.raises(NotFound):
        queries.get(two.budi, draft.pk, MONDAY)


def test_the_page_gives_takes_begins_and_ends(client):
    two = Two()
    today = clock.now().date()
    url = f"/ajukan/{two.agency.code}/{two.service.code}/"
    sent = {"act": "give", "contact": "budi@uji.test", "service": f"{two.agency.code}/{two.service.code}"}
    client.force_login(two.sari)
    refused = client.post("/saya/kuasa/", {**sent, "until": "x"})
    assert refused.status_code == 422
    assert f'<optgroup label="{two.agency.name["id"]}">' in refused.content.decode()
    until = (today + timedelta(days=2)).isoformat()
    assert client.post("/saya/kuasa/", {**sent, "until": until}).status_code == 302
    assert "budi@uji.test" in client.get("/saya/kuasa/").content.decode()
    mandate = Mandate.objects.get()

    client.force_login(two.rani)
    assert "Sari" not in client.get("/saya/kuasa/").content.decode()
    for act in ("take", "end", "nonsense"):
        assert client.post("/saya/kuasa/", {"act": act, "mandate": str(mandate.pk)}).status_code == 404

    client.force_login(two.budi)
    assert "Sari memberi Anda kuasa" in client.get("/saya/kuasa/").content.decode()
    client.post("/saya/kuasa/", {"act": "take", "mandate": str(mandate.pk)})
    assert "Untuk Sari, dengan kuasanya" in client.get(url).content.decode()
    assert client.post(url, {"behalf": f"mandate:{mandate.pk}"}).status_code == 302
    draft = Application.objects.get()
    page = client.get(f"/permohonan/{draft.pk}/").content.decode()
    assert "Anda membantu Sari." in page
    assert "/meja/" not in page
    assert str(draft.pk) in client.get("/saya/kuasa/").content.decode()

    client.force_login(two.sari)
    client.post("/saya/kuasa/", {"act": "end", "mandate": str(mandate.pk)})
    client.force_login(two.budi)
    assert client.get(f"/permohonan/{draft.pk}/").status_code == 404
    assert client.post(url, {"behalf": f"mandate:{mandate.pk}"}).status_code == 404


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_double_click_with_a_mandate_begins_one_application():
    two = Two()
    mandate = two.held()
    start = threading.Barrier(3)
    made: list[Application] = []

    def click() -> None:
        start.wait(20)
        made.append(two.begin(mandate))
        connection.close()

    threads = [threading.Thread(target=click) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert len({a.pk for a in made}) == 1
    assert (len(made), Entry.objects.filter(kind="applications.mandate_used").count()) == (3, 1)


def test_what_is_decided_anew_after_an_objection_stays_with_who_holds_the_mandate():
    two = Two()
    first = two.begin(two.held())
    save(two.budi, first, {"area": "3", "address": "Jalan Suprapto 12", "shape": "stall"})

    second = marks.succeed(application=Application.objects.get(pk=first.pk), now=MONDAY)

    assert queries.get(two.budi, second.pk, MONDAY) == second
    assert acting.is_own(two.budi, second)  # as an officer he keeps his hands off
