"""Cases as a state machine: officers, an applicant, holidays and the clock in any order, and what must always be so."""

from datetime import UTC, date, datetime, time, timedelta

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from gerai.agencies.models import Holiday
from gerai.applications import services as applications
from gerai.applications.models import Application
from gerai.core.errors import DomainError
from gerai.ledger.models import Entry
from gerai.reviews import cases, clocking, deadlines, decisions, recomputing, services
from gerai.reviews.models import Case, Pause, Task
from gerai.reviews.rules import FROM_ROUTE, Kind
from gerai.reviews.tests.make import MONDAY, World

ENDED = {"signing", "withdrawn", "lapsed"}  # the signature itself is a job of its own
ZONE = timedelta(hours=7)
OPENS, CLOSES = time(8), time(15)


class Life(RuleBasedStateMachine):
    """One application through its route."""

    world: World

    def __init__(self):
        super().__init__()
        self.inside = transaction.atomic()
        self.inside.__enter__()
        self.now = MONDAY
        self.application = self.world.submitted(area=600)

    def teardown(self):
        try:
            self.everybody_does_their_part()
        finally:
            transaction.set_rollback(True)
            self.inside.__exit__(None, None, None)

    # -- what people do -----------------------------------------------------------------------------------

    def seen(self):
        return Application.objects.get(pk=self.application.pk)

    def open_tasks(self):
        return list(Task.objects.filter(case_id=self.application.pk, done_at=None).order_by("id"))

    def officer(self, task):
        world = self.world
        if task.role == "reviewer":
            return {"DINKES": world.dinkes, "PUPR": world.pupr}[task.agency.code]
        return {"verifier": world.verifier, "signer": world.signer}[task.role]

    @rule(hours=st.sampled_from([1, 5, 24, 24, 72, 200]))
    def time_goes_by(self, hours):
        for _ in range(min(hours, 24)):  # the worker looks again and again
            self.now += timedelta(hours=hours / min(hours, 24))
            deadlines.check(now=self.now)

    @precondition(lambda self: self.open_tasks())
    @rule(
        place=st.integers(0, 5),
        word=st.sampled_from(["approve", "approve", "approve", "return", "reject", "again"]),
    )
    def an_officer_says_a_word(self, place, word):
        found = self.open_tasks()
        self.say(found[place % len(found)], word)

    def say(self, task, word):
        person, common = self.officer(task), {"task_id": task.pk, "now": self.now}
        try:
            if word == "return":
                named = [{"what": "answer:area", "text": "Periksa luasnya."}]
                services.give_back(person=person, corrections=named, **common)
            elif word == "again":
                services.ask_again(person=person, note="Tinjau lagi.", **common)
            elif task.kind == Kind.COMPLETENESS:
                services.complete(person=person, note="", **common)
            elif task.kind == Kind.ASSESS:
                services.assess(person=person, outcome=word, note="Catatan.", **common)
            elif task.kind != Kind.DECIDE:
                services.recommend(person=person, outcome=word, note="Catatan.", **common)
            elif word == "approve":
                decisions.approve(person=person, **common)
            else:
                decisions.reject(person=person, ground="Perda 1", text="Karena.", **common)
        except DomainError:
            return False
        return True

    @precondition(lambda self: self.seen().status == "returned")
    @rule(area=st.sampled_from(["4", "600"]))
    def it_is_mended(self, area):
        raw = {"area": area, "address": "Jl. Suprapto 1"}
        given = {"person": self.world.sari, "application_id": self.application.pk, "now": self.now}
        applications.save_answers(section="data", raw=raw, **given)
        applications.resubmit(**given)
        for _ in range(2):  # the entry comes at least once
            cases.open_case(application_id=self.application.pk, now=self.now)

    @precondition(lambda self: self.seen().status == "payment")
    @rule(ago=st.integers(0, 3))
    def it_is_paid(self, ago):
        for _ in range(2):
            cases.paid(
                application_id=self.application.pk, now=self.now, paid_at=self.now - timedelta(hours=ago)
            )

    @rule(days=st.integers(1, 6))
    def the_head_extends(self, days):
        given = {"person": self.world.signer, "case_id": self.application.pk, "now": self.now}
        try:
            clocking.extend(days=days, ground="UU 30/2014 pasal 53", **given)
        except DomainError:
            return

    @rule(days=st.integers(1, 6))
    def the_head_stops_the_clock(self, days):
        given = {"person": self.world.signer, "case_id": self.application.pk, "now": self.now}
        try:
            clocking.stop(days=days, ground="UU 30/2014 pasal 53", **given)
        except DomainError:
            return

    @rule()
    def the_clock_goes_on(self):
        clocking.go_on(person=self.world.signer, case_id=self.application.pk, now=self.now)

    @rule(ahead=st.integers(0, 20))
    def a_holiday_is_declared_or_taken_back(self, ahead):
        day = (self.now + ZONE).date() + timedelta(days=ahead)
        found = Holiday.objects.filter(mall=self.world.mall, date=day)
        if found.exists():
            found.delete()
        else:
            Holiday.objects.create(mall=self.world.mall, date=day, name="Libur", kind="local")
        recomputing.recompute(mall=self.world.mall.pk, cause=1, now=self.now)
        deadlines.check(now=self.now)

    # -- what must always be so ---------------------------------------------------------------------------

    @invariant()
    def it_is_always_with_somebody(self):
        status, tasks = self.seen().status, self.open_tasks()
        assert bool(tasks) == (status in ("submitted", "review", "decision")), (status, tasks)
        assert len({t.key for t in tasks}) == len(tasks)

    @invariant()
    def every_due_date_is_what_another_computation_says(self):
        case = Case.objects.get(pk=self.application.pk)
        if case.closed_at is None and case.started_at and not case.deemed_at:
            assert case.due_at == self.promise(case)
        for task in self.open_tasks():
            own = due_by_hand(self.holidays(), task.opened_at, task.days, self.pauses(case))
            promised = case.due_at if case.started_at else None
            bound = promised is not None and promised > task.opened_at
            assert task.due_at == (min(own, promised) if bound else own), task

    def holidays(self):
        return set(Holiday.objects.filter(mall=self.world.mall).values_list("date", flat=True))

    def pauses(self, case):
        ended = Pause.objects.filter(case=case, ended_at__isnull=False)
        return [(p.began_at, p.ended_at) for p in ended]

    def promise(self, case):
        promised = case.application.edition.content["standard"]["time"]
        pauses, count = self.pauses(case), promised["days"] + case.extra_days
        if promised["kind"] == "hours":
            return case.started_at + timedelta(hours=count) + sum((e - b for b, e in pauses), timedelta())
        if promised["kind"] == "working":
            return due_by_hand(self.holidays(), case.started_at, count, pauses)
        day = local(case.started_at) + timedelta(days=count)
        day += sum((local(e) - local(b) for b, e in pauses), timedelta())
        while not works(day, self.holidays()):
            day += timedelta(days=1)
        return closing(day)

    @invariant()
    def no_deadline_passes_in_silence(self):
        if Pause.objects.filter(ended_at=None).exists():  # the clock stands still
            return
        said = Entry.objects.filter(kind="reviews.task_late").values_list("data__task", flat=True)
        for task in self.open_tasks():
            assert task.due_at > self.now or task.key in said, task
        case = Case.objects.get(pk=self.application.pk)
        if case.closed_at is None and case.due_at and case.due_at <= self.now:
            assert Entry.objects.filter(kind="reviews.case_late").exists()

    @invariant()
    def complete_is_stamped_once_and_never_moves(self):
        stamped = Entry.objects.filter(kind="reviews.completed")
        assert stamped.count() == (self.seen().complete_at is not None)
        if entry := stamped.first():
            assert entry.at == self.seen().complete_at

    @invariant()
    def what_the_law_granted_never_ends_for_money(self):
        case = Case.objects.get(pk=self.application.pk)
        assert case.deemed_at is None or self.seen().status != "lapsed"

    # -- and in the end -----------------------------------------------------------------------------------

    def everybody_does_their_part(self):
        """From wherever it stands it comes to an end when everybody does what is theirs."""
        for _ in range(60):
            status = self.seen().status
            if status in ENDED:
                break
            if status == "returned":
                self.it_is_mended("4")
            elif status == "payment":
                self.it_is_paid(0)
            else:
                task = self.open_tasks()[0]
                assert self.say(task, "approve") or self.say(task, "reject"), task
        assert self.seen().status in ENDED
        assert Case.objects.get(pk=self.application.pk).closed_at is not None
        assert not self.open_tasks()
        done = Entry.objects.filter(kind="reviews.task_done").values_list("data__task", flat=True)
        told = sum("." in key for key in done)
        words = Task.objects.filter(case_id=self.application.pk, kind__in=FROM_ROUTE, done_at__isnull=False)
        assert told == words.exclude(outcome="cancelled").count()


def local(moment: datetime) -> date:
    """The day in Bengkulu."""
    return (moment.astimezone(UTC) + ZONE).date()


def works(day: date, holidays: set[date]) -> bool:
    """Monday to Friday, and no holiday."""
    return day.isoweekday() <= 5 and day not in holidays


def closing(day: date) -> datetime:
    """When service ends on that day."""
    return datetime.combine(day, CLOSES, UTC) - ZONE


def due_by_hand(
    holidays: set[date], start: datetime, days: int, pauses: list[tuple[datetime, datetime]]
) -> datetime:
    """Counted on a list of days, one by one: the n-th working day after the start that no pause touched."""
    following = (local(start) + timedelta(days=n) for n in range(1, 400))
    open_days = [
        day
        for day in following
        if works(day, holidays) and not any(local(b) <= day <= local(e) for b, e in pauses)
    ]
    return closing(open_days[days - 1])
