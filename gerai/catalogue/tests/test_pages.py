"""The joining page: mistakes by line, what will change, a second person, and nobody else's agency."""

from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command

from gerai.agencies import services as agencies
from gerai.agencies.models import Agency
from gerai.catalogue import exporting, joining, queries, services
from gerai.catalogue.models import Proposal, Service
from gerai.catalogue.tests.make import FILE, MORNING, mall, person
from gerai.ledger.rules import SYSTEM

pytestmark = pytest.mark.django_db
EXAMPLE = Path(django_settings.PACKAGE).parent / "docs" / "examples" / "instansi-baru.yaml"


@pytest.fixture
def signed_in(client, monkeypatch):
    """Sign somebody in with a role."""

    def enter(name, role, agency=None):
        one = person(name)
        agencies.give_role(mall=mall(), person=one, role=role, agency=agency, actor=SYSTEM, now=MORNING)
        client.force_login(one, backend=django_settings.AUTHENTICATION_BACKENDS[0])
        return one

    return enter


def post(client, address, **data):
    return client.post(address, data)


def test_nobody_without_the_role_sees_the_page(client, signed_in):
    mall()
    assert client.get("/gabung/").status_code == 302
    signed_in("Budi", "information_desk")
    assert client.get("/gabung/").status_code == 404


def test_mistakes_are_shown_with_their_line(client, signed_in):
    signed_in("Sari", "mall_manager")

    page = post(client, "/gabung/", act="check", text=FILE.replace("kind: opd", "kind: kantor"))

    assert page.status_code == 422
    assert "agency.kind" in page.content.decode()
    assert "<td>5</td>" in page.content.decode()
    assert Proposal.objects.count() == 0


def test_a_clean_file_shows_what_changes_and_is_published_by_a_second_person(client, signed_in):
    signed_in("Sari", "mall_manager")
    checked = post(client, "/gabung/", act="check", text=FILE)
    assert "PERPUS-01" in checked.content.decode()
    assert Service.objects.count() == 0

    proposed = post(client, "/gabung/", act="propose", text=FILE)
    own = post(client, proposed.url, act="publish")
    assert own.status_code == 409
    assert Service.objects.count() == 0
    signed_in("Dewi", "mall_manager")
    assert post(client, proposed.url, act="publish").status_code == 302

    assert queries.find(mall(), "PERPUS", "PERPUS-01").edition.number == 1
    assert client.get(proposed.url).status_code == 200


def test_an_agency_administrator_brings_only_the_own_file(client, signed_in):
    services.join(mall=mall(), text=FILE, actor=SYSTEM, now=MORNING)
    other = FILE.replace("PERPUS", "ARSIP").replace("number: 7", "number: 8")
    services.join(mall=mall(), text=other, actor=SYSTEM, now=MORNING)
    boss = person("Bos")
    foreign = services.propose(mall=mall(), text=FILE.replace("1000", "9"), person=boss, now=MORNING)
    signed_in("Rini", "agency_admin", Agency.objects.get(code="ARSIP"))

    assert post(client, "/gabung/", act="propose", text=FILE.replace("1000", "5")).status_code == 422
    assert client.get(f"/gabung/{foreign.pk}/").status_code == 404
    assert post(client, f"/gabung/{foreign.pk}/", act="publish").status_code == 404
    assert client.get("/gabung/PERPUS.yaml").status_code == 404
    assert client.get("/gabung/ARSIP.yaml").status_code == 200
    assert Proposal.objects.count() == 1


def test_what_was_exported_and_brought_back_changes_nothing(client, signed_in):
    services.join(mall=mall(), text=FILE, actor=SYSTEM, now=MORNING)

    again = services.join(
        mall=mall(), text=exporting.file_of(Agency.objects.get()), actor=SYSTEM, now=MORNING
    )

    assert again.changes == []


def test_a_pasted_script_is_shown_as_text_only(client, signed_in):
    signed_in("Sari", "mall_manager")

    page = post(client, "/gabung/", act="check", text="</textarea><script>alert(1)</script>: x")

    assert "<script>alert" not in page.content.decode()


def test_the_example_file_is_clean_and_joins_by_the_command(capsys):
    mall()
    assert joining.check(EXAMPLE.read_text()).problems == []

    call_command("join", str(EXAMPLE), "--check")
    assert Agency.objects.count() == 0
    call_command("join", str(EXAMPLE))

    assert queries.find(mall(), "PERPUS", "PERPUS-01").online


def test_the_command_names_file_and_line_of_a_mistake(tmp_path, capsys):
    mall()
    file = tmp_path / "salah.yaml"
    file.write_text(FILE.replace("kind: opd", "kind: kantor"))

    with pytest.raises(CommandError):
        call_command("join", str(file))

    assert f"{file}:5: agency.kind" in capsys.readouterr().err
    assert Agency.objects.count() == 0
