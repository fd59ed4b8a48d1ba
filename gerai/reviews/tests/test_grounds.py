"""A refusal is written from the legal grounds: chosen from a list or typed, with the reviewers' words as a draft."""

import pytest

from gerai.accounts.tests.codes import confirmed
from gerai.core import encryption
from gerai.ledger.models import Entry
from gerai.permits.models import Permit
from gerai.reviews import clocking, grounds, rules
from gerai.reviews.models import Case, Objection
from gerai.reviews.tests import signs
from gerai.reviews.tests.field import POINTS, VISIT
from gerai.reviews.tests.make import MONDAY, World, content
from gerai.reviews.tests.routes import stages

LAW, OTHER = "Perda Kota 3/2012 pasal 12", "UU 26/2007 pasal 61"
LAWS = {"standard": {**content()["standard"], "legal_basis": [LAW, "PP 5/2021"]}}


@pytest.fixture
def officer(client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "id"
    return client


def refused(note="Gudangnya melanggar sempadan."):
    """A world with a case that one agency and who summed up advise to reject; the task of the decision."""
    world = World(**signs.FREE, **LAWS)
    application = world.in_review()
    world.say(application, world.dinkes, "technical.dinkes", "approve", "Baik.")
    world.say(application, world.pupr, "technical.pupr", "reject", note)
    world.assess(application, "reject", note)
    return world, world.task(application, "decide")


def test_laws_of_what_an_inspection_found_unfulfilled_come_first_and_each_once():
    points = [*POINTS, {**POINTS[0], "key": "door", "law": "Permen 2"}]
    route = stages([{**VISIT, "checklist": points}])
    rows = [{"point": points[0], "answer": "yes"}, {"point": points[3], "answer": "no"}]

    found = grounds.offered({**content(**LAWS), "route": route}, [{"rows": rows}])

    assert found == [
        {"law": "Permen 2", "unmet": True},
        {"law": LAW, "unmet": False},
        {"law": "PP 5/2021", "unmet": False},
        {"law": "Perda 1", "unmet": False},
    ]


def test_words_that_somebody_typed_go_before_the_law_that_is_marked():
    assert grounds.chosen({"ground": LAW, "other_ground": " "}) == LAW
    assert grounds.chosen({"ground": LAW, "other_ground": f" {OTHER} "}) == OTHER
    assert grounds.chosen({}) == ""


@pytest.mark.django_db
def test_the_official_chooses_a_law_and_finds_the_reviewers_words_once(officer):
    world, task = refused()
    officer.force_login(world.signer)

    page = officer.get(f"/tugas/{task.pk}/")

    assert [row["law"] for row in page.context["grounds"]] == [LAW, "PP 5/2021"]
    assert page.context["draft_reason"] == "Gudangnya melanggar sempadan."
    assert ">Gudangnya melanggar sempadan.</textarea>" in page.content.decode()


@pytest.mark.django_db
def test_what_was_written_instead_stays_after_a_refusal_also_where_it_is_empty(officer):
    world, task = refused()
    officer.force_login(world.signer)
    here = f"/tugas/{task.pk}/tolak/"

    emptied = officer.post(here, {"ground": LAW, "text": ""})
    typed = officer.post(here, {"other_ground": "", "text": "Tulisan saya sendiri."})

    assert (emptied.status_code, typed.status_code) == (422, 422)
    assert f'value="{LAW}" checked' in emptied.content.decode()
    assert 'name="text" rows="5" aria-describedby="text_hint"></textarea>' in emptied.content.decode()
    assert ">Tulisan saya sendiri.</textarea>" in typed.content.decode()
    assert not Permit.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sent", "printed"), [({"ground": LAW}, LAW), ({"ground": LAW, "other_ground": OTHER}, OTHER)]
)
def test_what_was_chosen_is_printed_on_the_letter(officer, sent, printed):
    world, task = refused()
    officer.force_login(world.signer)
    confirmed(officer, f"/tugas/{task.pk}/tolak/", {**sent, "text": "Gudang di sempadan sungai."})

    task.case.application.refresh_from_db()
    assert task.case.application.rejection == {"ground": printed, "text": "Gudang di sempadan sungai."}
    assert printed in str(Permit.objects.get().content)


@pytest.mark.django_db
def test_an_approval_is_offered_no_draft(officer):
    world = World(**signs.FREE, **LAWS)
    task_id = signs.ready(world)[0]
    officer.force_login(world.signer)

    assert officer.get(f"/tugas/{task_id}/").context["draft_reason"] == ""


@pytest.mark.django_db
def test_the_head_who_stops_or_extends_chooses_the_ground_too(officer):
    world = World(**LAWS)
    application = world.in_review()
    officer.force_login(world.signer)
    here = f"/tugas/kasus/{application.pk}/"
    page = officer.get(here).content.decode()
    nothing = officer.post(here, {"act": "extend", "days": "2"})
    again = officer.post(here, {"act": "stop", "days": "99", "ground": LAW}).content.decode()
    officer.post(here, {"act": "stop", "days": "3", "other_ground": OTHER})
    officer.post(here, {"act": "extend", "days": "2", "ground": LAW})

    assert page.count(f'value="{LAW}"') == 2
    assert nothing.status_code == 422
    assert again.count(f'value="{LAW}" checked') == 1
    told = Entry.objects.filter(kind__in=["reviews.stopped", "reviews.extended"]).order_by("pk")
    assert [entry.data["ground"] for entry in told] == [OTHER, LAW]
    assert Case.objects.get().extra_days == 2


@pytest.mark.django_db
def test_a_law_of_the_service_is_a_ground_however_short_its_name():
    world = World(**LAWS)  # "PP 5/2021" has nine letters
    application = world.in_review()
    given = {"person": world.signer, "case_id": application.pk, "days": 2, "now": MONDAY}

    with pytest.raises(rules.GroundMissing):
        clocking.extend(ground="PP 6/2021", **given)
    clocking.extend(ground=" PP 5/2021 ", **given)

    assert Entry.objects.get(kind="reviews.extended").data["ground"] == "PP 5/2021"


@pytest.mark.django_db
def test_an_objection_is_answered_with_a_chosen_law(officer):
    world, task = refused()
    type(task).objects.filter(pk=task.pk).update(kind="objection", key="objection")
    text = encryption.seal(b"Kami tidak di sempadan.", place=f"reviews.objection:{task.case_id}")
    objection = Objection.objects.create(
        case_id=task.case_id, filed_at=MONDAY, due_at=MONDAY, text_sealed=text
    )
    task.case.application.rejection = {"ground": LAW, "text": "Sempadan."}
    task.case.application.save()
    officer.force_login(world.signer)
    said = {"outcome": "reject", "text": "Sempadannya 15 meter."}

    assert LAW in [row["law"] for row in officer.get(f"/tugas/{task.pk}/").context["grounds"]]
    assert officer.post(f"/tugas/{task.pk}/keberatan/", said).status_code == 422
    officer.post(f"/tugas/{task.pk}/keberatan/", {**said, "ground": LAW})

    objection.refresh_from_db()
    assert objection.answer == {"ground": LAW, "text": "Sempadannya 15 meter."}
