"""What registers know is offered to whom it is about, and to nobody else."""

from dataclasses import replace
from typing import Any

import pytest

from gerai.accounts import registers
from gerai.accounts.models import Person
from gerai.accounts.ports import RegisterDown
from gerai.accounts.tests import registers as outside
from gerai.applications import services
from gerai.applications.models import Application
from gerai.applications.tests.firm import NIK, Firm
from gerai.applications.tests.house import ADDRESS, House, live_in
from gerai.applications.tests.make import CONTENT, MONDAY, save

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def memory(settings):
    settings.REGISTERS = outside.PATH
    outside.clear()


def with_sources() -> dict[str, Any]:
    """The test form with one more section, whose fields say where their value is known."""
    sources = ("person.name", "person.address", "person.kelurahan", "business.name", "business.nib",
               "business.address", "person.shoe_size")  # fmt: skip
    fields = [
        {
            "key": source.replace(".", "_"),
            "label": {"id": source, "en": source},
            "type": "text",
            "from": source,
        }
        for source in sources
    ]
    fields.append({"key": "short", "label": {"id": "s", "en": "s"}, "type": "text", "from": "person.address",
                   "schema": {"maxLength": 3}})  # fmt: skip
    section = {"key": "who", "title": {"id": "Siapa", "en": "Who"}, "fields": fields}
    return {**CONTENT, "questions": [section, *CONTENT["questions"]]}


def page(client, who: Person, draft: Application) -> str:
    client.force_login(who)
    return client.get(f"/permohonan/{draft.pk}/isi/who/").content.decode()


def test_what_the_register_says_is_offered_to_the_person_and_stored_only_by_them(client):
    firm = Firm()
    firm.publish(with_sources())
    outside.answers[NIK] = outside.SARI
    registers.ask(mall="1771", person_id=firm.sari.pk, now=MONDAY)
    draft = firm.draft()

    shown = page(client, firm.sari, draft)

    assert shown.count('value="JALAN UJI 1"') == 1  # not where the field would refuse it
    assert 'value="UJI"' in shown
    assert "Dari data kependudukan. Periksa dulu." in shown
    assert "Dari data usaha" not in shown
    draft.refresh_from_db()
    assert draft.answers == {}


def test_an_answer_of_ones_own_stays(client):
    firm = Firm()
    firm.publish(with_sources())
    draft = firm.draft()
    save(firm.sari, draft, {"person_name": "Sari W."}, "who")

    shown = page(client, firm.sari, draft)

    assert 'value="Sari W."' in shown
    assert 'value="Sari Wulandari"' not in shown


def test_the_business_is_offered_to_who_acts_for_it_and_the_person_to_nobody_else(client):
    firm = Firm()
    firm.publish(with_sources())
    outside.answers[NIK] = outside.SARI
    registers.ask(mall="1771", person_id=firm.sari.pk, now=MONDAY)
    draft = firm.begun()

    shown = page(client, firm.rudi, draft)

    assert f'value="{firm.firm.nib}"' in shown
    assert 'value="Jalan Suprapto 12"' in shown
    assert "JALAN UJI 1" not in shown
    assert "Sari Wulandari" not in shown


@pytest.mark.parametrize("why", ["unproven", "contradiction", "helper"])
def test_nothing_is_offered_where_it_may_be_somebody_elses(client, why):
    firm = Firm()
    firm.publish(with_sources())
    outside.answers[NIK] = (
        replace(outside.SARI, name="ORANG LAIN") if why == "contradiction" else outside.SARI
    )
    registers.ask(mall="1771", person_id=firm.sari.pk, now=MONDAY)
    draft = firm.draft()
    who = firm.sari
    if why == "unproven":
        Person.objects.filter(pk=who.pk).update(proven_at=None)
    elif why == "helper":
        who = firm.desk
        far = MONDAY.replace(year=2100)
        Application.objects.filter(pk=draft.pk).update(helper=who, helped_until=far)

    shown = page(client, who, draft)

    assert "JALAN UJI 1" not in shown
    assert ("Sari Wulandari" in shown) is (why == "contradiction")  # that is on the card


def test_the_helper_at_the_desk_is_warned_of_a_contradiction_and_the_applicant_goes_on(client):
    firm = Firm()
    outside.answers[NIK] = replace(outside.SARI, name="ORANG LAIN")
    registers.ask(mall="1771", person_id=firm.sari.pk, now=MONDAY)
    draft = firm.draft()
    far = MONDAY.replace(year=2100)
    Application.objects.filter(pk=draft.pk).update(helper=firm.desk, helped_until=far)

    client.force_login(firm.desk)
    for place in ("", "isi/place/"):
        text = client.get(f"/permohonan/{draft.pk}/{place}").content.decode()
        assert "Data KTP dan data kependudukan berbeda: nama." in text
        assert "ORANG LAIN" not in text


@pytest.mark.parametrize(
    ("kelurahan", "chosen"),
    [("PENGANTUNGAN", True), ("UJI", False), ("", False)],
    ids=["known", "not", "none"],
)
def test_the_registers_address_fills_the_street_and_chooses_the_kelurahan_that_it_names(
    client, kelurahan, chosen
):
    firm = Firm()
    live_in(firm.mall)
    asked = {**ADDRESS, "from": "person.address"}
    section = {"key": "who", "title": {"id": "Siapa", "en": "Who"}, "fields": [asked]}
    firm.publish({**CONTENT, "questions": [section, *CONTENT["questions"]]})
    outside.answers[NIK] = replace(outside.SARI, kelurahan=kelurahan)
    registers.ask(mall="1771", person_id=firm.sari.pk, now=MONDAY)
    draft = firm.draft()

    shown = page(client, firm.sari, draft)

    assert "JALAN UJI 1</textarea>" in shown
    assert "Dari data kependudukan. Periksa dulu." in shown
    assert ('"17.71.07.1009" selected' in shown) is chosen
    assert '"17.71.07.1001" selected' not in shown


def test_rows_and_an_address_of_an_earlier_application_are_offered_in_the_next_form(client):
    house = House()
    services.submit(person=house.sari, application_id=house.complete().pk, now=MONDAY)
    draft = house.draft()
    client.force_login(house.sari)

    shown = client.get(f"/permohonan/{draft.pk}/isi/house/").content.decode()

    assert 'name="rooms.1.name" value="Kamar"' in shown
    assert '"17.71.07.1009" selected' in shown
    assert shown.count("Dari permohonan Anda sebelumnya. Periksa dulu.") == 2
    draft.refresh_from_db()
    assert (draft.answers, draft.answers_sealed) == ({}, None)


def test_a_register_that_does_not_answer_is_said_on_the_form_and_to_who_examines(client):
    firm = Firm()
    firm.publish(with_sources())
    outside.silent.add(NIK)
    with pytest.raises(RegisterDown):
        registers.ask(mall="1771", person_id=firm.sari.pk, now=MONDAY)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "id"

    assert "Data kependudukan belum menjawab" in page(client, firm.sari, firm.draft())
    assert registers.warning(firm.sari.pk) == registers.SILENT
