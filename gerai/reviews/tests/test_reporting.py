"""Photos and reports of an inspection: whole, once, never changed, and asked for before the word is said."""

from datetime import timedelta
from uuid import uuid4, uuid5

import pytest
from django.test import TestCase

from gerai.applications import services as applications
from gerai.core.errors import NotFound
from gerai.documents import services as documents
from gerai.documents.models import Document
from gerai.ledger.models import Entry
from gerai.reviews import cases, inspecting, inspection_queries, reporting, rules, services
from gerai.reviews.inspection_models import Photo, Report
from gerai.reviews.tests.field import ANSWERS, FRIDAY, KEY, MONDAY, THURSDAY, TUESDAY, Field, photo, world
from gerai.reviews.tests.make import both

pytestmark = pytest.mark.django_db


@pytest.fixture
def field():
    return Field()


def nothing_came():
    return not Report.objects.exists() and not Entry.objects.filter(kind="reviews.inspected").exists()


def test_a_report_takes_in_its_photos_and_holds_the_visit(field):
    visit = field.propose()
    field.choose(visit)
    field.keep()

    made = field.report(made_at=TUESDAY, at=THURSDAY)

    visit.refresh_from_db()
    assert (made.visit, visit.state, made.made_at, made.received_at) == (visit, "held", TUESDAY, THURSDAY)
    assert [p.point for p in made.photos.all()] == ["sign"]
    told = reporting.content_of(made)
    assert (told["answers"]["width"], told["place"]) == ("92,5", "Jalan Suprapto 1")
    assert b"Suprapto" not in bytes(made.sealed)
    entry = Entry.objects.get(kind="reviews.inspected")
    assert (entry.data["photos"], entry.data["task"]) == (1, "s0.pupr")
    assert "Suprapto" not in str(entry.data)


def test_every_point_that_lacks_something_is_named_at_once():
    points = [
        {"key": key, "text": key, "kind": kind, "photo": kind == "yes_no"}
        for key, kind in (("a", "yes_no"), ("b", "number"), ("c", "yes_no"), ("d", "text"), ("e", "yes_no"))
    ]
    with pytest.raises(inspecting.ReportIncomplete, match=r"Butir 1, 2, 5 belum diisi"):
        inspecting.check_answers(points, {"b": "lebar", "c": "yes"}, [])
    with pytest.raises(inspecting.PhotoNeeded, match=r"Butir 1, 5 perlu foto"):
        inspecting.check_answers(points, {"a": "no", "b": "2", "c": "yes", "e": "yes"}, ["c"])


def test_the_place_is_told_as_people_read_it():
    fields = [
        {"key": "site", "label": both("Tempat"), "type": "address", "required": False, "personal": True},
        {"key": "address", "label": both("Surat"), "type": "text", "required": False},
    ]
    asked = world(questions=[{"key": "data", "title": both("Data"), "fields": fields}])
    application = asked.in_review()
    task = asked.task(application, "s0.pupr")
    assert inspection_queries.place_of(task) == "Jl. Suprapto 1"

    site = {"street": "Jalan Melati 3", "kelurahan": "Pengantungan", "kecamatan": "Ratu Samban", "code": "1"}
    applications.keep_answers(task.case.application, {"site": site})
    assert inspection_queries.place_of(task) == "Jalan Melati 3, Kel. Pengantungan, Kec. Ratu Samban"


def test_sent_again_it_is_the_same_report_and_the_same_photo(field):
    assert field.keep() == field.keep()
    first = field.report()
    field.keep()
    field.world.say(field.application, field.putra, "s0.pupr", "approve", note="Sesuai.", at=TUESDAY)

    assert field.report(text="Lain sama sekali.", at=FRIDAY) == first  # also after the task has ended
    assert field.keep(at=FRIDAY) == Photo.objects.get()
    assert reporting.content_of(first)["text"] == "Tempat sesuai dengan gambar."
    assert (Report.objects.count(), Document.objects.filter(kind=reporting.PHOTO).count()) == (1, 1)


def test_the_photo_is_the_applicants_sealed_and_without_what_phones_hide_in_it(field):
    kept = field.keep()

    assert kept.document.owner == field.sari
    assert documents.path_of(kept.document.pk).read_bytes()[:3] != b"\xff\xd8\xff"
    assert documents.read(kept.document)[:3] == b"\xff\xd8\xff"


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"answers": {**ANSWERS, "sign": ""}}, inspecting.ReportIncomplete),
        ({"answers": {**ANSWERS, "sign": "maybe"}}, inspecting.ReportIncomplete),
        ({"answers": {**ANSWERS, "width": "lebar"}}, inspecting.ReportIncomplete),
        ({"answers": {**ANSWERS, "width": "nan"}}, inspecting.ReportIncomplete),
        ({"photos": []}, inspecting.PhotoNeeded),
        ({"photos": [uuid4()]}, inspecting.PhotoMissing),
        ({"finding": ""}, inspecting.ConclusionMissing),
        ({"text": " "}, inspecting.ConclusionMissing),
    ],
)
def test_half_a_report_is_refused_and_nothing_is_kept_of_it(field, changes, refusal):
    field.keep()

    with pytest.raises(refusal):
        field.report(**changes)

    assert nothing_came()


def test_what_does_not_apply_needs_no_photo_and_what_cannot_be_measured_no_number(field):
    made = field.report(answers={"sign": "na", "width": ""}, photos=[])

    assert reporting.content_of(made)["answers"] == {"sign": "na", "width": "", "note": ""}


def test_a_photo_is_a_picture_of_a_point_of_the_list(field):
    for data in (b"%PDF-1.4 x", b"abc"):
        with pytest.raises(documents.FileTypeRefused):
            field.keep(data=data)
    with pytest.raises(NotFound):
        field.keep(point="roof")
    assert not Photo.objects.exists()


def test_there_is_an_end_to_photos(field):
    for n in range(inspecting.MOST_PHOTOS):
        Photo.objects.create(
            key=uuid5(KEY, str(n)), task=field.task, report_key=KEY, officer=field.putra, taken_at=MONDAY,
            document=Document.objects.create(
                owner=field.sari, kind="x", name="x", media_type="x", size=1, sha256="x", created_at=MONDAY
            ),
        )  # fmt: skip

    with pytest.raises(inspecting.TooManyPhotos):
        field.keep("one more")


def test_the_word_is_said_after_the_report(field):
    with pytest.raises(inspecting.ReportMissing):
        field.world.say(field.application, field.putra, "s0.pupr", "approve", note="Sesuai.")
    assert field.task.done_at is None
    field.world.say(field.application, field.world.dinkes, "s0.dinkes", "approve")  # no inspection: as ever

    field.keep()
    field.report()
    field.world.say(field.application, field.putra, "s0.pupr", "approve", note="Sesuai.", at=TUESDAY)
    assert field.task.outcome == "approve"


def test_who_lets_nobody_in_can_be_rejected_without_a_report(field):
    with pytest.raises(inspecting.ReportMissing):
        field.world.say(field.application, field.putra, "s0.pupr", "reject", note="Tidak dapat diperiksa.")
    field.decline(field.propose())

    with pytest.raises(inspecting.ReportMissing):
        field.world.say(field.application, field.putra, "s0.pupr", "approve", note="Sesuai.")
    field.world.say(field.application, field.putra, "s0.pupr", "reject", note="Tidak dapat diperiksa.")
    assert field.task.outcome == "reject"


def test_the_report_of_a_second_round_stands_beside_the_first(field):
    field.keep()
    first = field.report(finding=inspecting.Finding.MEND)
    sealed = bytes(first.sealed)
    services.give_back(
        person=field.putra,
        task_id=field.task.pk,
        corrections=[{"what": "answer:area", "text": "Pasang papan nama."}],
        now=TUESDAY,
    )
    field.world.say(field.application, field.world.dinkes, "s0.dinkes", "approve", at=TUESDAY)
    mended = {"person": field.sari, "application_id": field.application.pk, "now": THURSDAY}
    applications.save_answers(section="data", raw={"area": "4", "address": "Jl. Suprapto 1"}, **mended)
    applications.resubmit(**mended)
    cases.open_case(application_id=field.application.pk, now=THURSDAY)

    with pytest.raises(inspecting.ReportMissing):
        field.world.say(field.application, field.putra, "s0.pupr", "approve", note="Sesuai.", at=FRIDAY)
    key = uuid4()
    field.keep(key=key, at=FRIDAY)
    second = field.report(key=key, at=FRIDAY, photos=[uuid5(key, "a")])

    first.refresh_from_db()
    assert bytes(first.sealed) == sealed
    assert (first.task.round, second.task.round) == (1, 2)
    assert Report.objects.count() == 2


def test_who_has_no_business_there_writes_and_sends_nothing(field):
    field.keep()
    for somebody in (field.world.dinkes, field.sari, field.world.budi):
        with pytest.raises(NotFound):
            field.report(person=somebody)
        with pytest.raises(NotFound):
            field.keep("b", person=somebody)
    with pytest.raises(NotFound):  # a colleague cannot ride on somebody's key
        field.keep(person=field.colleague)
    services.claim(person=field.colleague, task_id=field.task.pk, now=TUESDAY)
    with pytest.raises(rules.TakenByOther):
        field.report()
    assert nothing_came()


def test_a_form_without_a_script_sends_all_at_once_or_nothing(field):
    given = {
        "person": field.putra, "task_id": field.task.pk, "key": KEY, "answers": ANSWERS, "finding": "fits",
        "place": "", "now": TUESDAY,
    }  # fmt: skip
    pictures = [(uuid5(KEY, "a"), "sign", photo()), (uuid5(KEY, "b"), "", photo("blue"))]
    with pytest.raises(inspecting.ConclusionMissing):
        reporting.report_with_photos(photos=pictures, text="", **given)

    made = reporting.report_with_photos(photos=pictures, text="Sesuai semua.", **given)
    assert reporting.report_with_photos(photos=pictures, text="Sesuai semua.", **given) == made
    assert made.photos.count() == 2


def test_photos_whose_report_never_came_are_forgotten_with_their_files(field):
    stray, kept = field.keep(key=uuid4()).document, field.keep().document
    field.report()
    paths = [documents.path_of(one.pk) for one in (stray, kept)]
    late = TUESDAY + timedelta(days=inspecting.PHOTO_DAYS)
    assert reporting.cases_with_stray_photos(late) == []

    def forget():
        return reporting.forget_strays(application_id=field.application.pk, now=late + timedelta(seconds=1))

    with TestCase.captureOnCommitCallbacks(execute=True):
        assert [forget(), forget()] == [1, 0]

    assert list(Document.objects.filter(kind=reporting.PHOTO)) == [kept]
    assert [path.exists() for path in paths] == [False, True]
    entry = Entry.objects.get(kind="reviews.photos_forgotten")
    assert (entry.data["count"], entry.data["days"]) == (1, 30)
