"""What the mall lacks for a file is told before it is published, and hinders nobody."""

import pytest
from django.core.management import call_command

from gerai.agencies import services as agencies
from gerai.agencies.models import Agency, Membership
from gerai.catalogue import joining, lacking, services
from gerai.catalogue.tests.make import FILE, MORNING, mall, person
from gerai.ledger.rules import SYSTEM

pytestmark = pytest.mark.django_db
OTHER = FILE.replace("PERPUS", "ARSIP").replace("number: 7", "number: 8").replace("    online: true\n", "")
WITH_OTHER = FILE.replace("agency: PERPUS, days", "agency: ARSIP, days")


def told(text, codes=frozenset({"ARSIP"})):
    plan = joining.check(text, agencies=codes)
    assert plan.problems == []
    return [(w.code, w.agency, w.role) for w in lacking.warnings(mall(), plan)]


def staff(agency, *roles):
    """Officers of an agency, one per role."""
    for role in roles:
        agencies.give_role(
            mall=mall(),
            person=person(f"{role}{agency}"),
            role=role,
            agency=Agency.objects.get(code=agency),
            actor=SYSTEM,
            now=MORNING,
        )


def test_each_role_that_nobody_holds_is_told_with_the_services_that_wait():
    services.join(mall=mall(), text=FILE, actor=SYSTEM, now=MORNING)
    staff("PERPUS", "verifier")

    found = lacking.warnings(mall(), joining.check(FILE))

    assert [(w.agency, w.role, w.services) for w in found] == [
        ("PERPUS", "reviewer", ("PERPUS-01",)),
        ("PERPUS", "signer", ("PERPUS-01",)),
    ]
    assert "PERPUS belum punya tim teknis" in found[0].text["id"]
    assert "PERPUS-01" in found[0].text["en"]


def test_an_agency_with_its_staff_lacks_nothing():
    services.join(mall=mall(), text=FILE, actor=SYSTEM, now=MORNING)
    staff("PERPUS", "verifier", "reviewer", "signer")

    assert told(FILE) == []


def test_who_no_longer_works_there_does_not_count():
    services.join(mall=mall(), text=FILE, actor=SYSTEM, now=MORNING)
    staff("PERPUS", "verifier", "reviewer", "signer")
    agencies.take_role(membership=Membership.objects.get(role="signer"), actor=SYSTEM, now=MORNING)
    officer = Membership.objects.get(role="reviewer").person
    officer.is_active = False
    officer.save()

    assert [role for _, _, role in told(FILE)] == ["reviewer", "signer"]


def test_another_agency_needs_its_own_people():
    services.join(mall=mall(), text=OTHER, actor=SYSTEM, now=MORNING)
    services.join(mall=mall(), text=FILE, actor=SYSTEM, now=MORNING)
    staff("PERPUS", "verifier", "reviewer", "signer")

    assert told(WITH_OTHER) == [("role_unfilled", "ARSIP", "reviewer")]
    staff("ARSIP", "reviewer")
    assert told(WITH_OTHER) == []


def test_an_agency_that_is_not_at_work_here_is_told():
    services.join(mall=mall(), text=OTHER, actor=SYSTEM, now=MORNING)
    Agency.objects.filter(code="ARSIP").update(live_at=None)

    assert ("agency_away", "ARSIP", "") in told(WITH_OTHER)


def test_what_cannot_be_applied_for_online_needs_nobody():
    assert told(FILE.replace("    online: true\n", "")) == []


def test_a_new_agency_sees_whom_it_must_appoint_and_joins_all_the_same(tmp_path, capsys):
    mall()
    file = tmp_path / "perpus.yaml"
    file.write_text(FILE)

    call_command("join", str(file), "--check")

    out = capsys.readouterr().out
    assert "Perhatian / Note: PERPUS belum punya pejabat penanda tangan" in out
    assert "Berkas benar" in out
    call_command("join", str(file))
    assert Agency.objects.filter(code="PERPUS").exists()
