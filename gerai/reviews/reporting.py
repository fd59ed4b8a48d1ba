"""Photos and reports of inspections come in, each once, however often a phone sends them. Writes.

Photos come first and wait; their report takes them in, so that whoever reads it reads all of it. A report is never
changed.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import filetype
from django.db import transaction
from django.db.models import QuerySet

from gerai.agencies import substituting
from gerai.applications import services as applications
from gerai.core import encryption
from gerai.core.errors import NotFound
from gerai.documents import services as documents
from gerai.ledger.rules import SYSTEM
from gerai.reviews import cases, inspecting, services, visiting
from gerai.reviews.inspecting import Finding
from gerai.reviews.inspection_models import Photo, Report
from gerai.reviews.models import Task
from gerai.reviews.stages import record

PHOTO = "inspection_photo"  # the kind of its document


def _at_place(told: datetime | None, task: Task, now: datetime) -> datetime:
    """When it was, by the phone's clock, if that can be."""
    return told if told is not None and task.opened_at <= told <= now else now


def _same_photo(key: UUID, task_id: int, person: Any) -> Photo | None:
    """What came in under this key before, if it was the same officer's about the same task."""
    found = Photo.objects.filter(pk=key).first()
    if found is not None and (found.task_id != task_id or found.officer_id != person.pk):
        raise NotFound
    return found


@transaction.atomic
def keep_photo(
    *,
    person: Any,
    task_id: int,
    key: UUID,
    report_key: UUID,
    point: str,
    data: bytes,
    taken_at: datetime | None,
    now: datetime,
) -> Photo:
    """
    Take in one photo of a report that is still to come. The same key again is the same photo.

    It is the applicant's document, bound to the case: they see who opens it.

    :raises NotFound: if the task, or the point, is not theirs
    :raises inspecting.TooManyPhotos, documents.FileTypeRefused, documents.FileBroken: as they say
    """
    if before := _same_photo(key, task_id, person):
        return before
    task = services.inspection(person, task_id)
    if before := _same_photo(key, task_id, person):  # another try was faster
        return before
    application = task.case.application
    points = inspecting.step_of(application.edition.content, task.key).get("checklist", [])
    if point and point not in {one["key"] for one in points}:
        raise NotFound
    if Photo.objects.filter(task=task, report_key=report_key).count() >= inspecting.MOST_PHOTOS:
        raise inspecting.TooManyPhotos(most=inspecting.MOST_PHOTOS)
    if data and not filetype.is_image(data):  # before its file is written; an empty one is broken
        raise documents.FileTypeRefused
    name = f"{application.number}-{point or 'foto'}.jpg"
    document = documents.upload(owner=application.applicant, kind=PHOTO, name=name, data=data, now=now)
    photo = Photo(
        key=key,
        task=task,
        report_key=report_key,
        point=point,
        officer=person,
        document=document,
        taken_at=_at_place(taken_at, task, now),
    )
    photo.save(force_insert=True)
    actor = applications.person_ref(person)
    told: dict[str, Any] = {"task": task.key, "agency": task.agency.code, **substituting.told(task.stand_in)}
    record(task.case, "reviews.photo_kept", actor, now, photo=str(key), **told)
    return photo


def cases_with_stray_photos(now: datetime) -> list[UUID]:
    """The cases with photos whose report did not come within `inspecting.PHOTO_DAYS` days."""
    strays = _strays(now).order_by("task__case_id").values_list("task__case_id", flat=True)
    return list(strays.distinct())


def _strays(now: datetime) -> QuerySet[Photo]:
    before = now - timedelta(days=inspecting.PHOTO_DAYS)
    return Photo.objects.filter(report=None, document__created_at__lt=before)


@transaction.atomic
def forget_strays(*, application_id: UUID, now: datetime) -> int:
    """
    Forget these photos of one case, document and file. A report that still comes asks its phone for them anew.

    Returns how many; none the second time.
    """
    case = cases.lock(application_id)  # a report takes its photos in under the same lock
    found = list(_strays(now).filter(task__case_id=application_id).select_related("document"))
    for photo in found:
        photo.delete()
        documents.forget(document=photo.document)
    if found:
        days = inspecting.PHOTO_DAYS
        record(case, "reviews.photos_forgotten", SYSTEM, now, count=len(found), days=days)
    return len(found)


def _same_report(key: UUID, task_id: int, person: Any) -> Report | None:
    found = Report.objects.filter(key=key).first()
    if found is not None and (found.task_id != task_id or found.officer_id != person.pk):
        raise NotFound
    return found


@transaction.atomic
def report(
    *,
    person: Any,
    task_id: int,
    key: UUID,
    answers: Mapping[str, str],
    photos: Iterable[UUID],
    finding: str,
    text: str,
    place: str,
    made_at: datetime | None,
    now: datetime,
) -> Report:
    """
    What the officer saw, with the photos that came before it. The same key again, also later, is the same report.

    :raises NotFound, rules.TaskDone, rules.TakenByOther: if it is not theirs to write
    :raises inspecting.ReportIncomplete, inspecting.PhotoNeeded, inspecting.ConclusionMissing: what is lacking
    :raises inspecting.PhotoMissing: if a photo has not come yet
    """
    if before := _same_report(key, task_id, person):
        return before
    task = services.inspection(person, task_id)
    if before := _same_report(key, task_id, person):
        return before
    named = set(photos)
    there = list(Photo.objects.filter(pk__in=named, task=task, report_key=key, report=None))
    if len(there) != len(named):
        raise inspecting.PhotoMissing
    points = inspecting.step_of(task.case.application.edition.content, task.key).get("checklist", [])
    found = inspecting.check_answers(points, answers, [photo.point for photo in there])
    said = text.strip()[:4000]
    if finding not in set(Finding) or len(said) < 5:
        raise inspecting.ConclusionMissing
    visit = visiting.open_visit(task)
    content = {"answers": found, "place": place.strip()[:500], "text": said}
    made = Report(
        key=key,
        task=task,
        visit=visit,
        officer=person,
        made_at=_at_place(made_at, task, now),
        received_at=now,
        finding=finding,
    )
    made.sealed = encryption.seal(json.dumps(content).encode(), place=f"reviews.report:{made.pk}")
    made.save(force_insert=True)
    Photo.objects.filter(pk__in=named).update(report=made)
    if visit is not None:
        visiting.held(visit, now)
    record(
        task.case,
        "reviews.inspected",
        applications.person_ref(person),
        now,
        task=task.key,
        agency=task.agency.code,
        **substituting.told(task.stand_in),
        agency_name=task.agency.short,
        report=str(made.pk),
        photos=len(there),
    )
    return made


def content_of(one: Report) -> dict[str, Any]:
    """What a report says, for those who may read it: {"answers", "place", "text"}."""
    opened: dict[str, Any] = json.loads(encryption.unseal(one.sealed, place=f"reviews.report:{one.pk}"))
    return opened


@transaction.atomic
def report_with_photos(
    *,
    person: Any,
    task_id: int,
    key: UUID,
    photos: Iterable[tuple[UUID, str, bytes]],
    now: datetime,
    **said: Any,
) -> Report:
    """A report and its photos in one sending, of a form without a script: all of it or nothing."""
    if before := _same_report(key, task_id, person):
        return before
    kept = [
        keep_photo(
            person=person,
            task_id=task_id,
            key=one,
            report_key=key,
            point=point,
            data=data,
            taken_at=None,
            now=now,
        )
        for one, point, data in photos
    ]
    return report(
        person=person,
        task_id=task_id,
        key=key,
        photos=[photo.pk for photo in kept],
        made_at=None,
        now=now,
        **said,
    )
