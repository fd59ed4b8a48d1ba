"""The mall, its agencies, counters, people's roles, and the calendar."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q

from gerai.agencies.rules import FORMS, ROLES


class Mall(models.Model):
    """One public service mall of a city or regency. `code` is the region's code (Bengkulu: 1771)."""

    code = models.CharField(max_length=12, primary_key=True)
    name = models.CharField(max_length=120)
    city = models.CharField(max_length=120)
    timezone = models.CharField(max_length=40, default="Asia/Jakarta")
    opening = models.JSONField(default=dict)  # {"mon": ["08:00", "15:00"], ...}; a missing day is closed
    details = models.JSONField(default=dict)  # address, phone, entrances and such, for people
    # Whom the mall calls earlier, and what proves it: {"elderly": {"id": "KTP ...", "en": ...}}; none: all it knows.
    priorities = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.name


class Surroundings(models.Model):
    """Where a mall is (`places`). Apart from the mall itself, which is read with nearly everything."""

    mall = models.OneToOneField(Mall, on_delete=models.CASCADE, primary_key=True, related_name="surroundings")
    content = models.JSONField()  # as under `places:` in the mall's file

    def __str__(self) -> str:
        return f"{self.mall_id}"


class Holiday(models.Model):
    """A day that is not a working day: national holiday or collective leave. Editable."""

    mall = models.ForeignKey(Mall, on_delete=models.PROTECT, related_name="holidays")
    date = models.DateField()
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20)  # national | collective_leave | local

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mall", "date"], name="holiday_once")]

    def __str__(self) -> str:
        return f"{self.date} {self.name}"


class Agency(models.Model):
    """An agency with a stand in the mall: of the city, of the state, or a public company."""

    mall = models.ForeignKey(Mall, on_delete=models.PROTECT, related_name="agencies")
    code = models.CharField(max_length=20)
    name = models.JSONField()  # {"id": ..., "en": ...}
    short = models.CharField(max_length=40)
    kind = models.CharField(max_length=12)
    permit_pattern = models.CharField(max_length=60, default="{number:04d}/{agency}/{service}/{year}")
    opening = models.JSONField(default=dict)  # overrides the mall's for the days it names
    source = models.JSONField(default=dict)
    live_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mall", "code"], name="agency_once_per_mall")]

    def __str__(self) -> str:
        return self.code


class Counter(models.Model):
    """A physical counter. It is not an agency: any counter can serve any set of agencies' services."""

    mall = models.ForeignKey(Mall, on_delete=models.PROTECT, related_name="counters")
    number = models.IntegerField()
    zone = models.CharField(max_length=40, default="")
    agencies = models.ManyToManyField(Agency, related_name="counters")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mall", "number"], name="counter_once_per_mall")]

    def __str__(self) -> str:
        return str(self.number)


class Membership(models.Model):
    """A person's role at an agency, or (agency empty) at the mall as a whole."""

    mall = models.ForeignKey(Mall, on_delete=models.PROTECT)
    agency = models.ForeignKey(Agency, null=True, on_delete=models.PROTECT, related_name="memberships")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20)
    active = models.BooleanField(default=True)
    substitution = models.ForeignKey(  # held for somebody who is away; it ends with that (`substituting`)
        "Substitution", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["mall", "agency", "person", "role"], name="membership_once", nulls_distinct=False
            ),
            models.CheckConstraint(name="membership_role_known", condition=Q(role__in=sorted(ROLES))),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.role}"


class Substitution(models.Model):
    """Somebody holds the role of an absent officer from a day to a day, by a letter (UU 30/2014 pasal 13 and 14)."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="substitutions")
    role = models.CharField(max_length=20)
    form = models.CharField(max_length=4)  # as it is written: plh, plt, an
    absent = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    substitute = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ground = models.CharField(max_length=200)  # number and date of the letter
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()  # the midnight after its last day
    named_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    named_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="substitution_form_known", condition=Q(form__in=sorted(FORMS))),
            models.CheckConstraint(
                name="substitution_has_time", condition=Q(until_at__gt=models.F("from_at"))
            ),
            models.CheckConstraint(
                name="substitution_by_another", condition=~Q(absent=models.F("substitute"))
            ),
        ]
        indexes = [
            models.Index(fields=["until_at"], condition=Q(ended_at=None), name="substitution_open"),
        ]

    @property
    def last_moment(self) -> datetime:
        """Of its last day, to be shown: `until_at` is the midnight after it."""
        return self.until_at - timedelta(seconds=1)

    def __str__(self) -> str:
        return f"{self.form} {self.agency_id} {self.role}"


class RosterDay(models.Model):
    """
    How many counters an agency is to have open in each half hour of one day of the week.

    `counters` maps the half hour's start on the mall's clock to a number: {"08:00": 2, "08:30": 3, ...}.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="roster")
    weekday = models.SmallIntegerField()  # 0 is Monday
    counters = models.JSONField(default=dict)
    expected = models.JSONField(default=dict)  # people who will come in each half hour, by the last forecast
    proposed = models.BooleanField(
        default=True
    )  # by the forecast; False once somebody of the agency has decided
    # Minutes that appointments may take of each half hour: as the agency decided (none: the mall's share of its
    # counters), and as the forecast would.
    bookable = models.JSONField(default=dict)
    could_book = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "weekday"], name="roster_day_once"),
            models.CheckConstraint(name="roster_weekday_known", condition=Q(weekday__gte=0, weekday__lte=6)),
        ]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.weekday}"


class OnCall(models.Model):
    """An officer who works elsewhere and comes to a counter when called by phone; the lowest place is called first."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="on_call")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    place = models.IntegerField()
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "person"], condition=Q(removed_at=None), name="on_call_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.person_id}"


class CounterLoan(models.Model):
    """A counter that serves a further agency for today: their queues are merged there. It ends with the day."""

    mall = models.ForeignKey(Mall, on_delete=models.PROTECT)
    counter = models.ForeignKey(Counter, on_delete=models.PROTECT, related_name="loans")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200)
    lent_at = models.DateTimeField()
    returned_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["counter", "agency"], condition=Q(returned_at=None), name="counter_loan_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.counter_id} {self.agency_id}"
