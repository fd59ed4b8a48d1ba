"""A question to another agency: seen by need, answered in writing, never in the way."""

from datetime import timedelta

import pytest

from gerai.agencies.models import Agency
from gerai.applications import services as applications
from gerai.core.errors import NotFound
from gerai.ledger.models import Entry
from gerai.notices.models import Notice
from gerai.reviews import asking, cases, deadlines, decisions, objecting, queries, rules, services, tasks
from gerai.reviews.models import Opinion, Task
from gerai.reviews.tests.make import MONDAY, World, both, content, pdf
from gerai.reviews.tests.test_objections import reject

pytestmark = pytest.mark.django_db
QUESTION = "Apakah lokasi ini di sempadan sungai?"
ADDRESS = "Jl. Suprapto 1"


@pytest.fixture
def world():
    made = World(fee={**content()["fee"], "amount": "0"})
    made.agencies["DLH"] = Agency.objects.create(
        mall=made.mall, code="DLH", name=both("DLH"), short="DLH", kind="opd", live_at=MONDAY
    )
    made.dlh = made.staff("Dila", "DLH", "reviewer")
    return made


def ask(world, application, officer=None, key="technical.dinkes", **changes):
    given = {"agency": "DLH", "role": "reviewer", "question": QUESTION, "days": asking.DAYS, "personal": False,
             "files": [], "reason": "", "now": MONDAY, **changes}  # fmt: skip
    return asking.ask(person=officer or world.dinkes, task_id=world.task(application, key).pk, **given)


def seen(person, opinion):
    _, asked, sections, files = asking.view(person, opinion.pk, "id")
    return asked, str(sections), [one.requirement for one in files]


def test_a_question_is_a_task_of_the_asked_agency_and_its_answer_stands_on_the_case(world):
    application = world.in_review()
    opinion = ask(world, application)
    task = opinion.task
    assert task in queries.inbox(world.dlh)
    assert task.due_at <= world.task(application, "technical.dinkes").due_at

    asking.answer(person=world.dlh, task_id=task.pk, text="Tidak, jaraknya 80 meter.", now=MONDAY)
    with pytest.raises(rules.TaskDone):
        asking.answer(person=world.dlh, task_id=task.pk, text="Ya, di sempadan.", now=MONDAY)

    found = asking.on(queries.case(application.pk))[0]
    assert (found.question, found.answer) == (QUESTION, "Tidak, jaraknya 80 meter.")
    assert world.task(application, "technical.dinkes").done_at is None
    tasks.tell(Entry.objects.get(kind="reviews.opinion_answered"))
    assert Notice.objects.get(template="opinion_answered").person == world.dinkes
    assert "sempadan" not in str(list(Entry.objects.values_list("data", flat=True)))


def test_who_is_asked_sees_no_personal_answer_and_no_file_unless_it_is_shown_with_a_reason(world):
    draft = applications.start(person=world.sari, service=world.service, now=MONDAY)
    raw = {"area": "3", "address": ADDRESS}
    applications.save_answers(person=world.sari, application_id=draft.pk, section="data", raw=raw, now=MONDAY)
    applications.attach(person=world.sari, application_id=draft.pk, requirement="KTP", name="ktp.pdf",
                        data=pdf(), now=MONDAY)  # fmt: skip
    applications.submit(person=world.sari, application_id=draft.pk, now=MONDAY)
    cases.open_case(application_id=draft.pk, now=MONDAY)
    services.complete(
        person=world.verifier, task_id=world.task(draft, "completeness").pk, note="", now=MONDAY
    )

    with pytest.raises(asking.ShownReasonMissing):
        ask(world, draft, files=["KTP"])
    bare = ask(world, draft)
    shown = ask(world, draft, world.pupr, "technical.pupr", agency="DINKES", personal=True, files=["KTP"],
                reason="Mencocokkan alamat")  # fmt: skip

    _, answers, files = seen(world.dlh, bare)
    assert ("Luas" in answers, ADDRESS in answers, files) == (True, False, [])
    asked, answers, files = seen(world.dinkes, shown)
    assert (asked.reason, ADDRESS in answers, files) == ("Mencocokkan alamat", True, ["KTP"])
    with pytest.raises(NotFound):
        queries.task(world.dlh, bare.pk)  # the whole file stays shut

    asking.answer(person=world.dinkes, task_id=shown.pk, text="Alamatnya cocok.", now=MONDAY)
    asked, answers, files = seen(world.dinkes, shown)
    assert (asked.answer, answers, files) == ("Alamatnya cocok.", "[]", [])  # the need is over


def test_asking_the_same_twice_is_refused_also_after_the_answer(world):
    application = world.in_review()
    opinion = ask(world, application)
    with pytest.raises(asking.AskedAlready):
        ask(world, application, world.pupr, "technical.pupr", question="Hal lain sama sekali?")
    asking.answer(person=world.dlh, task_id=opinion.pk, text="Tidak, jaraknya 80 meter.", now=MONDAY)
    with pytest.raises(asking.AskedAlready):
        ask(world, application, question=f"  {QUESTION.upper()} ")
    assert Opinion.objects.count() == 1

    assert ask(world, application, question="Bagaimana dengan limbahnya?").task.again == 1


@pytest.mark.parametrize(("changes", "refusal"), [
    ({"question": "Apa?"}, asking.QuestionEmpty),
    ({"agency": "DINKES"}, asking.NobodyToAsk),
    ({"agency": "LAIN"}, asking.NobodyToAsk),
    ({"role": "signer"}, asking.NobodyToAsk),
    ({"days": 0}, asking.AnswerTooLate),
    ({"days": 4}, asking.AnswerTooLate),
    ({"days": 10**6}, asking.AnswerTooLate),
    ({"personal": True}, asking.ShownReasonMissing),
])  # fmt: skip
def test_a_question_that_cannot_be_asked_changes_nothing(world, changes, refusal):
    application = world.in_review()
    before = Task.objects.count()
    with pytest.raises(refusal):
        ask(world, application, **changes)
    assert (Opinion.objects.count(), Task.objects.count()) == (0, before)


def test_only_who_works_on_the_case_asks_and_only_who_is_asked_answers(world):
    application = world.in_review()
    for stranger in (world.pupr, world.dlh, world.sari):
        with pytest.raises(NotFound):
            ask(world, application, stranger)
    opinion = ask(world, application)
    for stranger in (world.pupr, world.dinkes, world.sari):
        with pytest.raises(NotFound):
            asking.answer(person=stranger, task_id=opinion.pk, text="Tidak, jaraknya 80 meter.", now=MONDAY)
    world.also(world.sari, "DLH", "reviewer")
    with pytest.raises(rules.OwnCase):
        asking.answer(person=world.sari, task_id=opinion.pk, text="Tidak, jaraknya 80 meter.", now=MONDAY)
    with pytest.raises(asking.QuestionEmpty):
        asking.answer(person=world.dlh, task_id=opinion.pk, text="Tidak", now=MONDAY)
    with pytest.raises(rules.OutcomeNotAllowed):
        services.recommend(person=world.dlh, task_id=opinion.pk, outcome="approve", note="", now=MONDAY)


def test_silence_is_told_to_the_asker_and_their_head_and_holds_nothing_up(world):
    application = world.in_review()
    chief = world.staff("Kadinkes", "DINKES", "signer")
    opinion = ask(world, application, days=1)
    due = opinion.task.due_at
    for minutes in (0, 1):
        deadlines.check(now=due + timedelta(minutes=minutes))
    for _ in range(2):
        tasks.tell(Entry.objects.get(kind="reviews.opinion_silent"))
    assert {n.person for n in Notice.objects.filter(template="opinion_silent")} == {world.dinkes, chief}

    world.say(application, world.dinkes, "technical.dinkes", "approve", at=due)
    world.say(application, world.pupr, "technical.pupr", "approve", at=due)
    world.assess(application, at=due)
    decisions.approve(person=world.signer, task_id=world.task(application, "decide").pk, now=due)

    opinion.task.refresh_from_db()
    assert opinion.task.outcome == "cancelled"
    assert not Task.objects.filter(done_at=None).exists()


def test_a_question_about_an_objection_ends_with_its_answer(world):
    application = reject(world, MONDAY)
    objecting.file(
        person=world.sari, application_id=application.pk, text="Lahan itu bukan jalur hijau.", now=MONDAY
    )
    opinion = ask(world, application, officer=world.signer, key="objection")

    objecting.answer(
        person=world.signer, task_id=world.task(application, "objection").pk, outcome="approve", ground="", text="",
        now=MONDAY,
    )  # fmt: skip

    opinion.task.refresh_from_db()
    assert (opinion.task.outcome, opinion.task.done_at) == ("cancelled", MONDAY)


def test_the_screens_of_a_question(world, client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "id"
    application = world.in_review()
    task = world.task(application, "technical.dinkes")
    client.force_login(world.dinkes)
    Task.objects.filter(pk=task.pk).update(
        due_at=MONDAY + timedelta(days=7000)
    )  # the page reads the real clock
    typed = {"ask_agency": "DLH", "ask_role": "reviewer", "question": QUESTION, "answer_days": "2"}
    assert client.post(f"/tugas/{task.pk}/tanya/", {**typed, "answer_days": "x"}).status_code == 422
    client.post(f"/tugas/{task.pk}/tanya/", typed)
    opinion = Opinion.objects.get()
    client.force_login(world.dlh)

    assert client.get(f"/tugas/{opinion.pk}/").url == f"/tugas/{opinion.pk}/pertanyaan/"
    page = client.get(f"/tugas/{opinion.pk}/pertanyaan/").content.decode()
    assert (QUESTION in page, ADDRESS in page, "Sari" in page) == (True, False, False)
    assert Entry.objects.filter(kind="reviews.opened", actor_id=str(world.dlh.pk)).count() == 1
    for side_door in ("lengkap/", "rekomendasi/", "kembalikan/", "nilai/", "catatan/", "tanya/", "hasil/"):
        assert client.post(f"/tugas/{opinion.pk}/{side_door}", {"outcome": "approve"}).status_code == 404
    assert client.get(f"/tugas/{opinion.pk}/berkas/KTP/").status_code == 404
    assert client.get(f"/tugas/{opinion.pk}/pertanyaan/KTP/").status_code == 404
    assert client.post(f"/tugas/{opinion.pk}/pertanyaan/", {"answer": ""}).status_code == 422
    client.post(f"/tugas/{opinion.pk}/pertanyaan/", {"answer": "Tidak, jaraknya 80 meter."})
    client.force_login(world.pupr)
    other = world.task(application, "technical.pupr")
    assert "jaraknya 80 meter" in client.get(f"/tugas/{other.pk}/").content.decode()


def test_the_days_offered_for_an_answer_end_within_the_askers_own_task(world):
    task = world.task(world.in_review(), "technical.dinkes")

    assert asking.days_left(task, MONDAY) == asking.DAYS
    assert asking.days_left(task, task.due_at - timedelta(days=1)) == 1
    assert asking.days_left(task, task.due_at - timedelta(hours=1)) == 0
    with pytest.raises(asking.AnswerTooLate):
        ask(world, task.case.application, days=1, now=task.due_at - timedelta(hours=1))
