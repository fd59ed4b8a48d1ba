"""Cases as a state machine: officers, an applicant, holidays and the clock in any order, and what must always be so."""

from datetime import timedelta

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from gerai.agencies.models import Holiday
from gerai.applications import services as applications
from gerai.applications.models import Application
from gerai.core.errors import DomainError
from gerai.ledger.models import Entry
from gerai.reviews import cases, clocking, deadlines, decisions, recomputing, services, standing_aside
from gerai.reviews.models import Case, Pause, Task
from gerai.reviews.rules import FROM_ROUTE, Kind
from gerai.reviews.tests.by_hand import ZONE, closing, due_by_hand, local, works
from gerai.reviews.tests.make import MONDAY, World
from gerai.reviews.tests.office import Office
from gerai.reviews.together_models import StoodAside

ENDED = {"signing", "withdrawn", "lapsed"}  # the signature itself is a job of its own
WHO = st.integers(0, 8)  # which of several officers


class Life(RuleBasedStateMachine):
    """One application through its route."""

    world: World
    office: Office

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

    @rule(hours=st.sampled_from([1, 5, 24, 24, 72, 200]))
    def time_goes_by(self, hours):
        for _ in range(min(hours, 24)):  # the worker looks again and again
            self.now += timedelta(hours=hours / min(hours, 24))
            deadlines.check(now=self.now)

    @precondition(lambda self: self.open_tasks())
    @rule(
        place=st.integers(0, 5),
        word=st.sampled_from(["approve", "approve", "approve", "return", "reject", "again"]),
        who=WHO,
    )
    def an_officer_says_a_word(self, place, word, who):
        self.a_word(place, word, who)

    @precondition(lambda self: self.open_tasks())
    @rule(place=st.integers(0, 5), who=WHO)
    def an_officer_agrees(self, place, who):  # most do: without this a case seldom gets far
        self.a_word(place, "approve", who)

    def a_word(self, place, word, who):
        found = self.open_tasks()
        task = found[place % len(found)]
        self.say(task, word, self.office.who(task, who))

    @precondition(lambda self: self.open_tasks())
    @rule(place=st.integers(0, 5), word=st.sampled_from(["approve", "return", "reject"]), who=WHO)
    def somebody_says_it_whose_task_it_is_not(self, place, word, who):
        found, before = self.open_tasks(), Entry.objects.count()
        task = found[place % len(found)]
        others = self.office.may_not(task)
        assert not self.say(task, word, others[who % len(others)])
        assert (Entry.objects.count(), self.open_tasks()) == (before, found)

    @precondition(lambda self: self.open_tasks())
    @rule(place=st.integers(0, 5), who=WHO)
    def an_officer_takes_it_over(self, place, who):
        found = self.open_tasks()
        task = found[place % len(found)]
        allowed = self.office.may(task)
        services.claim(person=allowed[who % len(allowed)], task_id=task.pk, now=self.now)

    @precondition(lambda self: self.open_tasks())
    @rule(place=st.integers(0, 5), who=WHO)
    def an_officer_stands_aside(self, place, who):
        found = self.open_tasks()
        task = found[place % len(found)]
        allowed = self.office.may(task)
        if len(allowed) > 1:
            standing_aside.stand_aside(person=allowed[who % len(allowed)], task_id=task.pk, now=self.now)

    @precondition(lambda self: self.open_tasks())
    @rule(place=st.integers(0, 5), who=WHO)
    def an_officer_leaves(self, place, who):
        found = self.open_tasks()
        self.office.leaves(found[place % len(found)], who, self.now)

    def say(self, task, word, person):
        common = {"task_id": task.pk, "now": self.now}
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

    @rule(days=st.integers(1, 6), who=WHO)
    def a_head_extends(self, days, who):
        given = {"person": self.office.head(who), "case_id": self.application.pk, "now": self.now}
        try:
            clocking.extend(days=days, ground="UU 30/2014 pasal 53", **given)
        except DomainError:
            return

    @rule(days=st.integers(1, 6), who=WHO)
    def a_head_stops_the_clock(self, days, who):
        given = {"person": self.office.head(who), "case_id": self.application.pk, "now": self.now}
        try:
            clocking.stop(days=days, ground="UU 30/2014 pasal 53", **given)
        except DomainError:
            return

    @rule(who=WHO)
    def the_clock_goes_on(self, who):
        clocking.go_on(person=self.office.head(who), case_id=self.application.pk, now=self.now)

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
    def a_task_is_held_and_done_by_whose_it_is(self):
        for task in self.open_tasks():
            assert task.taken_by is None or task.taken_by in self.office.may(task), task
        aside = StoodAside.objects.filter(case_id=self.application.pk)
        for since in aside:
            later = Task.objects.filter(case_id=self.application.pk, done_by=since.person_id)
            assert not later.filter(done_at__gt=since.at).exists()

    @invariant()
    def every_due_date_is_what_another_computation_says(self):
        case = Case.objects.get(pk=self.application.pk)
        if case.closed_at is None and case.started_at and not case.deemed_at:
            assert case.due_at == self.promise(case)
        for task in self.open_tasks():
            own = due_by_hand(self.holidays(), task.opened_at, task.days, self.pauses(case))
            promised = case.due_at if case.started_at and case.closed_at is None else None
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
                person = self.office.who(task, 0)
                assert self.say(task, "approve", person) or self.say(task, "reject", person), task
        assert self.seen().status in ENDED
        assert Case.objects.get(pk=self.application.pk).closed_at is not None
        assert not self.open_tasks()
        done = Entry.objects.filter(kind="reviews.task_done").values_list("data__task", flat=True)
        told = sum("." in key for key in done)
        words = Task.objects.filter(case_id=self.application.pk, kind__in=FROM_ROUTE, done_at__isnull=False)
        assert told == words.exclude(outcome="cancelled").count()
