"""The joining page: mistakes by line, what will change, a second person, and nobody else's agency."""

from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command

from gerai.agencies import services as agencies
from gerai.agencies.models import Agency
from gerai.catalogue import exporting, joining, queries, services
from gerai.catalogue.models import Edition, Proposal, Service
from gerai.catalogue.tests.make import FILE, MORNING, mall, person
from gerai.ledger.models import Entry
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
    assert ">kind: kantor</code>" in page.content.decode()  # the words of the line beside it
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


def test_the_second_person_sees_before_and_after_and_who_is_lacking(client, signed_in):
    services.join(mall=mall(), text=FILE, actor=SYSTEM, now=MORNING)
    signed_in("Sari", "mall_manager")
    text = FILE.replace("* 1000", "* 2000").replace("days: 2}", "days: 3}").replace("code: KTP,", "code: KK,")
    proposed = post(client, "/gabung/", act="propose", text=text)
    signed_in("Dewi", "mall_manager")

    client.cookies["django_language"] = "id"
    page = client.get(proposed.url).content.decode()

    for said in (
        "Rumus: answers.who == &#x27;child&#x27; ? 0 : answers.books * 1000",
        "Rumus: answers.who == &#x27;child&#x27; ? 0 : answers.books * 2000",
        "2 hari kerja",
        "3 hari kerja",
        "KTP-el · foto dikirim · [KTP]",
        "KTP-el · foto dikirim · [KK]",
        "Kartu anggota perpustakaan",
        "PERPUS belum punya pejabat penanda tangan",
    ):
        assert said in page
    assert "Jumlah buku" not in page.partition('<details class="card">')[0]
    assert post(client, proposed.url, act="publish").status_code == 302


def test_a_new_agency_and_one_that_leaves_a_service_out_are_told_whole(client, signed_in):
    signed_in("Sari", "mall_manager")
    client.cookies["django_language"] = "id"
    new = post(client, "/gabung/", act="check", text=FILE).content.decode()
    services.join(mall=mall(), text=FILE, actor=SYSTEM, now=MORNING)

    moved = FILE.replace("PERPUS-01", "PERPUS-02").replace("number: 7", "number: 8")
    gone = post(client, "/gabung/", act="check", text=moved).content.decode()

    assert "Instansi baru bergabung" in new
    assert "Jumlah buku · angka bulat" in new
    assert "Layanan tidak lagi ditawarkan" in gone
    assert "Loket instansi" in gone
    assert "nomor loket" in gone


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


def test_what_all_services_share_is_exported_once(client, signed_in):
    more = FILE[FILE.index("  - code: PERPUS-01") :].replace("PERPUS-01", "PERPUS-02")
    own = more.replace("time: {days: 2}", "time: {days: 2}\n      staffing: {id: Dua, en: Two}")
    text = FILE + more.replace("PERPUS-02", "PERPUS-03") + own
    services.join(mall=mall(), text=text, actor=SYSTEM, now=MORNING)

    out = exporting.file_of(Agency.objects.get())

    assert (out.count("Inspektorat Daerah"), out.count("staffing:"), out.count("evaluation:")) == (1, 2, 1)
    assert services.join(mall=mall(), text=out, actor=SYSTEM, now=MORNING).changes == []


def test_what_only_some_services_state_is_exported_with_them(client, signed_in):
    bare = FILE[: FILE.index("standard:\n")] + FILE[FILE.index("counters:") :]
    bare = bare.replace("    online: true\n", "")
    own = bare[bare.index("  - code: PERPUS-01") :].replace("PERPUS-01", "PERPUS-02")
    own = own.replace("time: {days: 2}", "time: {days: 2}\n      staffing: {id: Dua, en: Two}")
    services.join(mall=mall(), text=bare + own, actor=SYSTEM, now=MORNING)

    out = exporting.file_of(Agency.objects.get())

    assert not out.partition("counters:")[0].count("staffing:")
    assert services.join(mall=mall(), text=out, actor=SYSTEM, now=MORNING).changes == []


def test_a_permit_of_an_older_edition_does_not_hinder_bringing_the_export_back():
    services.join(mall=mall(), text=FILE, actor=SYSTEM, now=MORNING)
    old = Edition.objects.get()
    Edition.objects.filter(pk=old.pk).update(status="superseded")
    Edition.objects.create(
        service=old.service,
        number=2,
        content={**old.content, "system_of_record": "SIMBG"},
        status="published",
        published_at=MORNING,
    )

    out = exporting.file_of(Agency.objects.get())
    joined = services.join(mall=mall(), text=out, actor=SYSTEM, now=MORNING)

    assert "valid_years" not in out
    assert [c["parts"] for c in joined.changes] == [["permit"]]
    assert Entry.objects.filter(kind="catalogue.published").count() == 2


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
