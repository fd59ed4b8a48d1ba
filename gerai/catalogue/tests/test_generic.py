"""The generic form: a service without questions of its own can be prepared from home."""

import pytest

from gerai.agencies.models import Agency
from gerai.catalogue import asking, comparing, exporting, generic, joining, queries, rules, services
from gerai.catalogue.tests.make import FEE, FILE, MORNING, PREPARED, SOURCE, mall, person
from gerai.reviews import queries as reviews
from gerai.reviews.models import Task

QUESTIONS = "    questions:" + FILE.split("    questions:")[1].split("    fee:")[0]
STAFFING = "  staffing: {id: Menurut jadwal loket, en: By the roster}\n"
ROUTE = "    route:" + FILE.split("    route:")[1].split("    permit:")[0]


def problems(text):
    return [(p.code, p.line) for p in joining.check(text).problems]


def line(text, part):
    return next(n for n, row in enumerate(text.splitlines(), 1) if part in row)


def test_a_service_that_says_so_gets_a_whole_form():
    plan = joining.check(PREPARED)

    assert plan.problems == []
    service = plan.services[0]
    content = service["content"]
    assert (service["online"], content["form"], content["proof"]) == (True, "generic", "optional")
    assert (content["route"], "permit" in content) == ([], False)
    assert [r["code"] for r in content["requirements"]] == ["KTP"]
    keys = [f["key"] for f in asking.fields(content, {"for_whom": "self"})]
    assert keys == ["need", "for_whom", "phone"]
    assert "family_name" in [f["key"] for f in asking.fields(content, {"for_whom": "family"})]
    assert all(f["personal"] for s in content["questions"] for f in s["fields"] if f["key"] != "for_whom")


def test_any_other_service_is_as_it_was():
    content = joining.check(FILE).services[0]["content"]

    assert not {"form", "proof"} & set(content)
    assert generic.needs_proof(content)


@pytest.mark.parametrize(
    ("text", "code", "part"),
    [
        (PREPARED.replace("    system_of_record: INLIS\n", ""), "generic_ours", "online:"),
        (PREPARED.replace(FEE, QUESTIONS + FEE), "generic_with_own", "key: member"),
        (PREPARED.replace(FEE, FEE + ROUTE), "generic_with_own", "key: check"),
        (PREPARED.replace("amount: '0'", "amount: '5000'"), "generic_fee", "amount:"),
        (PREPARED.replace("online: generic", "online: umum"), "choice_wrong", "online:"),
        (PREPARED.replace(SOURCE, "    proof: sometimes\n" + SOURCE), "choice_wrong", "proof:"),
        (FILE.replace(SOURCE, "    proof: optional\n" + SOURCE), "proof_ours", "proof:"),
        (PREPARED.replace(STAFFING, ""), "component_missing", None),
    ],
)  # fmt: skip
def test_what_does_not_go_with_it_is_refused_with_its_line(text, code, part):
    found = problems(text)

    assert code in [c for c, _ in found]
    if part:
        assert abs(dict(found)[code] - line(text, part)) <= 1
    for problem in joining.check(text).problems:
        assert problem.id != problem.en


def test_an_agency_may_ask_for_the_document_all_the_same():
    plan = joining.check(PREPARED.replace(SOURCE, "    proof: needed\n" + SOURCE))

    assert plan.problems == []
    assert generic.needs_proof(plan.services[0]["content"])


def test_the_same_visit_is_a_working_day_in_every_kind_of_days():
    plan = joining.check(PREPARED.replace("time: {days: 2}", "time: {days: 0, kind: hours}"))

    assert plan.services[0]["content"]["standard"]["time"] == {"days": 0, "kind": "working"}


def test_a_role_whose_inbox_shows_no_tasks_is_refused_and_the_inboxes_show_all_others():
    found = problems(FILE.replace("days: 1, title", "role: counter_officer, days: 1, title"))

    assert found == [("choice_wrong", line(FILE, "key: own"))]
    assert set(rules.TASK_ROLES) == reviews.ROLE_OF_MEMBER


def test_keys_of_stage_and_task_that_no_task_can_hold_are_refused_with_the_line():
    text = FILE.replace("- key: check", f"- key: {'s' * 30}").replace("key: own", f"key: {'t' * 10}")

    assert problems(text) == [("task_key_too_long", line(text, "t" * 10))]
    assert problems(text.replace("t" * 10, "t" * 9)) == []
    assert Task._meta.get_field("key").max_length == rules.LONGEST_TASK


@pytest.mark.django_db
def test_the_exported_file_says_the_same_and_changes_nothing():
    here, sari, dewi = mall(), person("Sari"), person("Dewi")
    proposal = services.propose(mall=here, text=PREPARED, person=sari, now=MORNING)
    services.publish(mall=here, proposal_id=proposal.pk, person=dewi, now=MORNING)

    text = exporting.file_of(Agency.objects.get(code="PERPUS"))

    assert "online: generic" in text
    assert "questions:" not in text
    assert queries.changes(here, services.checked(mall=here, text=text)) == []


def test_who_publishes_reads_that_the_form_is_generic_and_the_proof_optional():
    before = joining.check(FILE).services[0]
    after = joining.check(PREPARED).services[0]

    told = {
        d.part: d
        for d in comparing.differences({**before, **before["content"]}, {**after, **after["content"]})
    }

    assert {"form", "proof", "questions", "route"} <= set(told)
    assert "formulir umum" in told["form"].after[0]["id"]
