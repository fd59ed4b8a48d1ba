"""Every service of the pilot that can be begun from home can be brought to a result, by the officers of the demo."""

import io
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from PIL import Image

from gerai.accounts.models import Person
from gerai.agencies import queries as agencies
from gerai.agencies.models import Membership
from gerai.applications import bundle_queries, bundles
from gerai.applications import queries as application_queries
from gerai.applications import services as applications
from gerai.applications.models import Application
from gerai.applications.rules import Status
from gerai.catalogue import asking, generic, joining
from gerai.catalogue import queries as catalogue
from gerai.permits.models import Permit
from gerai.portal.tests import plausible
from gerai.reviews import cases, decisions, inspecting, outside, reporting, services
from gerai.reviews.models import Case, Task
from gerai.reviews.rules import Kind
from gerai.reviews.tests.make import pdf

pytestmark = pytest.mark.slow

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # 09.00 in Bengkulu
LATER = timedelta(minutes=5)
KELURAHAN, SPOT = "17.71.07.1009", "-3.7956, 102.2592"
FILES = sorted((settings.PACKAGE / "config" / "pilot" / "agencies").glob("*.yaml"))
CODES = frozenset(file.stem for file in FILES)
SERVICES = {
    service["code"]: service
    for file in FILES
    for service in joining.check(file.read_text(), agencies=CODES).services
}
ONLINE = sorted(code for code, service in SERVICES.items() if service["online"])
VISIT_ONLY = {"DUKCAPIL-17", "DINKES-04", "DKPP-03", "TASPEN-02", "BPJSTK-04"}  # nothing to look at before


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Any:
    """The pilot and its demo, loaded once for this file inside a transaction that is rolled back at its end."""
    before = settings.DATA, settings.DEMO
    settings.DATA, settings.DEMO = tmp_path_factory.mktemp("demo"), True
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("pilot", stdout=io.StringIO())
        call_command("demo", silent=True)
        yield
        transaction.set_rollback(True)
    settings.DATA, settings.DEMO = before


@pytest.fixture
def pilot(loaded: None, db: None) -> SimpleNamespace:
    """The mall and who applies."""
    sari = Person.objects.get(email="sari@warga.example")
    return SimpleNamespace(mall=agencies.the_mall(), sari=sari)


def _photo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(out, "PNG")
    return out.getvalue()


def fill(pilot: SimpleNamespace, draft: Application) -> None:
    """Every question and every file that is asked, page by page, as the answers call for them."""
    given = {"person": pilot.sari, "application_id": draft.pk, "now": NOW}
    for _ in range(9):  # an answer may call for another, on the same page or a later one
        open_ = {what.removeprefix("answer:") for what in application_queries.missing(draft)}
        sections = [s for s in application_queries.sections(draft) if open_ & _questions(s)]
        if not sections:
            break
        section = application_queries.to_fill_in(draft, sections[0]["key"])
        raw: dict[str, str] = {}
        for field in section["fields"]:
            raw |= plausible.raw(field, KELURAHAN, SPOT)
        applications.save_answers(section=section["key"], raw=raw, **given)
        draft.refresh_from_db()
    for code in application_queries.asked_files(draft):
        applications.attach(requirement=code, name="berkas.png", data=_photo(), **given)


def _questions(section: dict[str, Any]) -> set[str]:
    return {field["key"] for field in section["fields"] if field["type"] != asking.FILE}


def officer(task: Task) -> Person:
    """Whoever of the demo holds the role; nobody else could open the task."""
    return Membership.objects.filter(agency=task.agency, role=task.role, active=True)[0].person


def see(task: Task, person: Person, now: datetime) -> None:
    """The report of an inspection: nothing of the list was to be looked at."""
    points = inspecting.step_of(task.case.application.edition.content, task.key).get("checklist", [])
    answers = {point["key"]: "na" for point in points if point["kind"] == "yes_no"}
    reporting.report(
        person=person, task_id=task.pk, key=uuid4(), answers=answers, photos=[], finding="fits", text="Sudah sesuai.",
        place="", made_at=None, now=now,
    )  # fmt: skip


def work(case: Case, now: datetime) -> None:
    """The next thing that somebody does with the case."""
    task = case.tasks.filter(done_at=None).order_by("pk").first()
    if task is None:
        assert case.application.status == Status.PAYMENT
        cases.paid(application_id=case.pk, now=now)
        return
    who = officer(task)
    said: dict[str, Any] = {"person": who, "task_id": task.pk, "now": now}
    if task.kind == Kind.COMPLETENESS:
        services.complete(note="", **said)
    elif task.kind == Kind.ASSESS:
        services.assess(outcome="approve", note="Sesuai.", **said)
    elif task.kind == Kind.DECIDE:
        decisions.approve(**said)
    elif task.kind == Kind.OUTSIDE:
        content = case.application.edition.content
        proof = None if not generic.needs_proof(content) else pdf()
        outside.record_result(
            result="granted", reference="SK-1" if proof else "", decided_on=NOW.date(), where="", proof=proof,
            reason="", corrections=[], **said,
        )  # fmt: skip
    else:
        if task.kind == Kind.INSPECT:
            see(task, who, now)
        services.recommend(outcome="approve", note="Sesuai.", **said)


@pytest.mark.parametrize("code", ONLINE)
def test_a_service_is_begun_filled_in_sent_checked_and_brought_to_a_result(
    pilot: SimpleNamespace, code: str
) -> None:
    service = catalogue.find(pilot.mall, code.split("-")[0], code)
    draft = applications.start(person=pilot.sari, service=service, now=NOW)
    fill(pilot, draft)
    assert application_queries.missing(Application.objects.get(pk=draft.pk)) == {}
    applications.submit(person=pilot.sari, application_id=draft.pk, now=NOW)
    case = cases.open_case(application_id=draft.pk, now=NOW)

    now = NOW
    for _ in range(30):
        if case.closed_at is not None:
            break
        now += LATER
        work(case, now)
        case = Case.objects.select_related("application").get(pk=case.pk)

    assert case.closed_at is not None
    assert not case.tasks.filter(done_at=None).exists()
    if service.edition.content["system_of_record"] == "gerai":
        assert Permit.objects.filter(application=case.application).exists()
    else:
        assert case.application.status == Status.APPROVED
        assert case.application.outside["result"] == "granted"


@pytest.mark.parametrize(
    ("occasion", "codes", "once"),
    [
        ("ACARA", ["POLRESTA-06", "DPMPTSP-41", "DPMPTSP-33"], {"phone", "contact_address"}),
        ("PARKIR", ["DISHUB-02", "BAPENDA-07", "DISHUB-04"], {"phone", "site_address", "site_spot"}),
        ("LAHIR", ["DUKCAPIL-11", "DUKCAPIL-05", "DUKCAPIL-08", "BPJSKES-02"], {"phone"}),
    ],
)
def test_what_services_of_an_occasion_ask_alike_is_asked_once(
    pilot: SimpleNamespace, occasion: str, codes: list[str], once: set[str]
) -> None:
    bundle = bundles.begin(person=pilot.sari, mall=pilot.mall, occasion=occasion, codes=codes, now=NOW)
    told: dict[str, Any] = {}
    carried: set[str] = set()
    for item in bundle_queries.items(bundle):
        given = {"person": pilot.sari, "bundle_id": bundle.pk, "application_id": item.application_id}
        draft = bundles.fill(now=NOW, **given)
        there = application_queries.answers_of(draft)
        carried |= {key for key in there if key in told}
        assert {key: there[key] for key in there if key in told} == {k: told[k] for k in there if k in told}
        fill(pilot, draft)
        told |= application_queries.answers_of(Application.objects.get(pk=draft.pk))

    assert once <= carried


def test_whatever_a_body_is_not_needed_for_can_be_begun_from_home() -> None:
    left = {
        code
        for code, service in SERVICES.items()
        if not service["online"] and service["kind"] not in ("consultation", "payment")
    }

    assert left == VISIT_ONLY
    assert len(ONLINE) == 162
    for code in ONLINE:
        assert SERVICES[code]["kind"] not in ("consultation", "payment")


def test_nothing_of_what_is_only_prepared_here_is_collected_here() -> None:
    prepared = [s for s in SERVICES.values() if generic.is_generic(s["content"])]

    assert len(prepared) == 114
    assert {s["content"]["fee"]["amount"] for s in prepared} == {"0"}
    assert not [s for s in prepared if "permit" in s["content"]]
