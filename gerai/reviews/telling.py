"""Words to the people who hold something up, and to applicants who still have to mend. Each once, by its key."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count

from gerai.agencies import queries as agencies
from gerai.agencies.models import Mall, Membership, Substitution
from gerai.agencies.rules import ROLE_NAMES, WorkCalendar
from gerai.applications import acting
from gerai.applications import queries as application_queries
from gerai.applications.models import Application
from gerai.applications.rules import Status
from gerai.core.dates import day_in_words
from gerai.ledger.models import Entry
from gerai.notices import queries as sent
from gerai.notices import services as notices
from gerai.reviews import queries, statements
from gerai.reviews.models import Case, Opinion, OutsideResult, Task

SOON = timedelta(days=3)


def case_late(*, entry: Entry, now: datetime) -> None:
    """The promise to an applicant is broken: the heads of the agency are told, and who still holds the file."""
    case = Case.objects.select_related("application__service", "agency").get(
        pk=UUID(entry.subject.removeprefix("application:"))
    )
    if case.closed_at is not None:
        return
    holding = sorted({task.agency.short for task in case.tasks.filter(done_at=None).select_related("agency")})
    heads = Membership.objects.filter(
        agency=case.agency, role__in=queries.HEADS, active=True, person__is_active=True
    ).select_related("person")
    with_applicant = case.application.status in (Status.RETURNED, Status.PAYMENT)
    words = {"id": "pemohon", "en": "the applicant"} if with_applicant or not holding else ", ".join(holding)
    for head in heads.order_by("person_id").distinct("person_id"):
        notices.send(
            key=f"case_late:{entry.pk}:{head.person_id}",
            mall=entry.mall,
            person=head.person,
            template="case_late",
            data={
                "number": case.application.number or "",
                "service": case.application.service.name,
                "holding": words,
                "path": f"/tugas/kasus/{case.pk}/",
            },
            now=now,
        )


def digest(*, mall: Mall, now: datetime) -> int:
    """
    On a working day, once it has begun: each officer with something late, due today or newly given by the head gets one
    message with the counts.

    Returns how many were sent now.
    """
    opened, calendar = agencies.opened_today(mall, now), agencies.calendar(mall)
    if opened is None:
        return 0
    end = opened.replace(hour=23, minute=59)
    pressing = Task.objects.filter(case__mall=mall, done_at=None, due_at__lte=end)
    pairs = set(pressing.values_list("agency_id", "role").distinct())
    given = _given(mall, _morning_before(calendar, now))
    members = Membership.objects.filter(
        mall=mall, active=True, person__is_active=True, role__in=queries.ROLE_OF_MEMBER
    )
    people = {
        m.person_id: m.person
        for m in members.select_related("person")
        if (m.agency_id, m.role) in pairs or m.person_id in given
    }
    keys = {pk: f"tasks_due:{pk}:{opened.date()}" for pk in people}
    have = set(sent.known(keys.values()))
    told = 0
    for pk, person in sorted(people.items(), key=lambda one: str(one[0])):
        if keys[pk] in have:
            continue
        found = queries.inbox(person).filter(case__mall=mall)
        found = queries.unclaimed_or(found, person)
        counts: dict[str, Any] = queries.counted(found, now, calendar)
        if counts["late"] or counts["today"] or given.get(pk):
            data = {**counts, "given": given.get(pk, 0), "path": "/tugas/"}
            notices.send(key=keys[pk], mall=mall.pk, person=person, template="tasks_due", data=data, now=now)
            told += 1
    return told


def _morning_before(calendar: WorkCalendar, now: datetime) -> datetime:
    """When the working day before opened, and its message went out."""
    today = calendar.local(now).date()
    before = (today - timedelta(days=back) for back in range(1, 31))
    opened = (calendar.hours(day) for day in before if calendar.is_working(day))
    return next((hours[0] for hours in opened if hours), now - timedelta(days=31))


def _given(mall: Mall, since: datetime) -> dict[UUID, int]:
    """How many open tasks a head has given to each officer since then."""
    found = Task.objects.filter(case__mall=mall, done_at=None, taken_by__isnull=False, given_at__gte=since)
    return dict(found.order_by().values_list("taken_by").annotate(Count("pk")))


def outside_result(*, entry: Entry, now: datetime) -> None:
    """The applicant learns what the outside system decided, under which number, and where to see it."""
    row = OutsideResult.objects.select_related("task__case__application__service").get(
        pk=entry.data["outside"]
    )
    if row.result == "returned":  # told with what there is to mend
        return
    application = row.task.case.application
    granted = row.result == "granted"
    seen = {"id": f"Lihat di {row.where}", "en": f"See it at {row.where}"}
    ask = {"id": "Tanyakan di instansinya untuk melihatnya", "en": "Ask at the agency to see it"}
    template = "outside_result" if row.document_id else "outside_at_counter"
    if row.replaces_id:
        template = "outside_corrected"
    notices.send(
        key=f"outside:{entry.pk}",
        mall=entry.mall,
        person=acting.to_tell(application),
        template=template,
        data={
            "number": application.number or "",
            "service": application.service.name,
            "system": row.system,
            "result": {"id": "disetujui", "en": "granted"}
            if granted
            else {"id": "ditolak", "en": "rejected"},
            "reference": row.reference or {"id": "tidak ada", "en": "none"},
            "where": _handed(granted) if template == "outside_at_counter" else seen if row.where else ask,
            "path": f"/permohonan/{application.pk}/",
        },
        now=now,
    )


def _handed(granted: bool) -> dict[str, str]:
    """How a result without a document reached the applicant."""
    if granted:
        return {"id": "Hasilnya diserahkan di loket", "en": "It was handed over at the counter"}
    return {"id": "Alasannya tertulis di permohonan Anda", "en": "The reason stands in your application"}


def outside_to_tell(*, entry: Entry, now: datetime) -> None:
    """The owner's verifiers learn that an application must be taken back in the other system too."""
    task = Task.objects.select_related("agency", "case__application__service").get(
        case_id=UUID(entry.subject.removeprefix("application:")), key="tell_outside"
    )
    for held in queries.holding_role(task.agency_id, task.role):
        notices.send(
            key=f"outside_to_tell:{entry.pk}:{held.person_id}",
            mall=entry.mall,
            person=held.person,
            template="outside_to_tell",
            data={
                "number": entry.data["number"],
                "service": task.case.application.service.name,
                "system": entry.data["system"],
                "path": f"/tugas/{task.pk}/",
            },
            now=now,
        )


def opinion(*, entry: Entry, now: datetime) -> None:
    """The asker learns of an answer; of silence the heads of their agency too. Nothing waits for it."""
    asked = Opinion.objects.select_related("task__agency", "task__case__application", "asker", "of_task").get(
        pk=entry.data["opinion"]
    )
    silent = entry.kind == "reviews.opinion_silent"
    if silent and asked.task.done_at is not None:
        return
    to = {asked.asker_id: (asked.asker, f"/tugas/{asked.of_task_id}/")}
    heads = Membership.objects.filter(
        agency=asked.of_task.agency_id, role__in=queries.HEADS, active=True, person__is_active=True
    )
    for head in heads.select_related("person") if silent else ():
        to.setdefault(head.person_id, (head.person, "/tugas/bagi/"))
    for pk, (person, path) in to.items():
        notices.send(
            key=f"opinion:{entry.pk}:{pk}",
            mall=entry.mall,
            person=person,
            template="opinion_silent" if silent else "opinion_answered",
            data={
                "number": asked.task.case.application.number or "",
                "agency": asked.task.agency.short,
                "path": path,
            },
            now=now,
        )


def mend_soon(*, mall: Mall, now: datetime) -> int:
    """Applicants whose time to mend ends within three days are reminded, once per return. Returns how many."""
    due = Application.objects.filter(
        mall=mall, status=Status.RETURNED, correct_by__gt=now, correct_by__lte=now + SOON
    ).select_related("applicant", "service")
    keys = {f"mend_soon:{a.pk}:{a.round}": a for a in due}
    have = set(sent.known(keys))
    for key, application in keys.items():
        if key in have or application.correct_by is None:
            continue
        by = {code: day_in_words(application.correct_by, code) for code in ("id", "en")}
        notices.send(
            key=key,
            mall=mall.pk,
            person=acting.to_tell(application),
            template="application_mend_soon",
            data={
                "number": application.number or "",
                "service": application.service.name,
                "by": by,
                "path": f"/permohonan/{application.pk}/",
            },
            now=now,
        )
    return len(keys) - len(have)


def correcting(*, entry: Entry, now: datetime) -> None:
    """The holder learns that the office puts a mistake of its own right, what was wrong, and that nothing is to do."""
    application = application_queries.of_entry(entry.subject)
    said = statements.last_assessment(application.pk)
    notices.send(
        key=f"permit_correcting:{entry.pk}",
        mall=entry.mall,
        person=acting.to_tell(application),
        template="permit_correcting",
        data={
            "number": entry.data["before"],
            "service": application.service.name,
            "why": said.note if said else "",
            "path": f"/izin/{entry.data['permit']}/",
        },
        now=now,
    )


def stood_aside(*, entry: Entry, now: datetime) -> None:
    """The heads learn that an officer has left a case to colleagues: if nobody else holds the role, they see to it."""
    application = application_queries.of_entry(entry.subject)
    heads = Membership.objects.filter(
        mall=entry.mall, agency__code=entry.data["agency"], role__in=queries.HEADS, active=True,
        person__is_active=True,
    )  # fmt: skip
    for head in heads.exclude(person_id=entry.actor_id).select_related("person"):
        notices.send(
            key=f"stood_aside:{entry.pk}:{head.person_id}",
            mall=entry.mall,
            person=head.person,
            template="stood_aside",
            data={
                "number": application.number,
                "service": application.service.name,
                "path": "/tugas/bagi/",
            },
            now=now,
        )


def substitute(*, entry: Entry, now: datetime) -> None:
    """Who was named to stand in for somebody learns of it, and on which days."""
    given = entry.data
    one = Substitution.objects.select_related("agency__mall", "substitute").get(
        agency__mall_id=entry.mall,
        agency__code=given["agency"],
        role=given["role"],
        absent_id=given["for"],
        substitute_id=given["substitute"],
        from_at=datetime.fromisoformat(given["from"]),
        named_at=entry.at,
    )
    local = agencies.calendar(one.agency.mall).local
    first, last = local(one.from_at).date(), local(one.last_moment).date()
    notices.send(
        key=f"substitute_named:{one.pk}",
        mall=entry.mall,
        person=one.substitute,
        template="substitute_named",
        data={
            "role": ROLE_NAMES[one.role],
            "agency": one.agency.short,
            "day": {language: day_in_words(first, language) for language in ("id", "en")},
            "until": {language: day_in_words(last, language) for language in ("id", "en")},
            "path": "/tugas/",
        },
        now=now,
    )
