"""Several officers for every role of the review tests: who may say a word on a task, who is kept out, who leaves."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from gerai.accounts.models import Person
from gerai.agencies import services as agencies
from gerai.agencies.models import Membership
from gerai.ledger.rules import SYSTEM
from gerai.reviews import leaving
from gerai.reviews.models import Task
from gerai.reviews.tests.make import World

COLLEAGUES = 2


class Office:
    """The officers of a world's agencies, with two colleagues for each."""

    def __init__(self, world: World) -> None:
        self.world = world
        for held in list(Membership.objects.filter(mall=world.mall).select_related("agency", "person")):
            assert held.agency is not None
            for n in range(COLLEAGUES):
                world.staff(f"{held.person.name}-{n}", held.agency.code, held.role)

    def in_office(self) -> QuerySet[Membership]:
        """Every role that is held now."""
        held = Membership.objects.filter(mall=self.world.mall, active=True)
        return held.select_related("person").order_by("pk")

    def may(self, task: Task) -> list[Any]:
        """Who can do a task: its agency's officers in its role, without those who stood aside from the case."""
        aside = task.case.stood_aside.values("person_id")
        held = self.in_office().filter(agency=task.agency, role=task.role)
        return [one.person for one in held.exclude(person_id__in=aside)]

    def may_not(self, task: Task) -> list[Any]:
        """Who must not do it: first those who stood aside or have left the role, then one who never held it."""
        mine = {one.pk for one in self.may(task)}
        held = Membership.objects.filter(mall=self.world.mall).select_related("person").order_by("pk")
        named = [one.person for one in held.filter(agency=task.agency, role=task.role)]
        kept_out = [one for one in named if one.pk not in mine]
        return [*kept_out, held.exclude(agency=task.agency, role=task.role)[0].person]

    def who(self, task: Task, number: int) -> Any:
        """Who does it: the officer who has taken it, or any of those who may."""
        found = self.may(task)
        return task.taken_by if task.taken_by in found else found[number % len(found)]

    def head(self, number: int) -> Person:
        """One of the signing officials."""
        found = [one.person for one in self.in_office().filter(role="signer")]
        return found[number % len(found)]

    def leaves(self, task: Task, number: int, now: datetime) -> None:
        """One who could do the task leaves the role, unless nobody would be left for it; the entry comes twice."""
        found = self.may(task)
        if len(found) < 2:
            return
        person = found[number % len(found)]
        membership = Membership.objects.get(person=person, agency=task.agency, role=task.role)
        agencies.take_role(membership=membership, actor=SYSTEM, now=now)
        for _ in range(2):
            leaving.left(
                person_id=person.pk,
                agency_codes={task.agency.code},
                mall=self.world.mall.pk,
                cause=1,
                now=now,
            )
