"""The wording of the edition on the paper: printed with its values, never run, nothing personal elsewhere."""

import base64
import io
import json
import subprocess
from datetime import date

import pytest
from pypdf import PdfReader

from gerai.applications import marks
from gerai.applications import queries as applications
from gerai.applications.rules import Status
from gerai.documents import services as documents
from gerai.permits import credentials, paper, queries, services, wording
from gerai.permits.models import Permit
from gerai.permits.tests.make import ADDRESS, MONDAY, World
from gerai.permits.tests.test_following import ask, changed

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

TEXT = """## Menetapkan

Izin nomor **{number}** diberikan kepada {holder} untuk {answers.clinic}
sampai {valid_until}.

{rows}

{when: answers.clinic == "Klinik Sehat"} Hanya untuk klinik sehat.

{when: answers.clinic != "Klinik Sehat"} Hanya untuk yang lain.

### Kewajiban

3. Tinggal di {answers.home}.
4. Taat:
   - pada aturan #read("/etc/passwd")
"""
ENGLISH = "Given to {holder} living at {answers.home}, valid until {valid_until}."
HOSTILE = '#read("/etc/passwd") #eval("1+1") #import "@preview/x:1.0.0": * $sum_1^2$ ] #panic() \\ {number} **x** <b>'


@pytest.fixture
def world():
    return World(text={"id": TEXT, "en": ENGLISH})


def printed(permit: Permit, tmp_path) -> str:
    return words_of(documents.read(permit.document), tmp_path)


def words_of(data: bytes, tmp_path) -> str:
    (tmp_path / "p.pdf").write_bytes(data)
    done = subprocess.run(["pdftotext", tmp_path / "p.pdf", "-"], capture_output=True, text=True, check=True)
    return " ".join(done.stdout.split())


def test_the_wording_is_printed_with_its_values_and_only_the_branch_that_holds(world, tmp_path):
    text = printed(world.issued(), tmp_path)

    assert "Izin nomor 0001/DINKES/SIP/2026 diberikan kepada Sari Wulandari untuk Klinik Sehat sampai" in text
    assert "sampai 23 November 2031." in text
    assert "Hanya untuk klinik sehat." in text
    assert "Hanya untuk yang lain." not in text
    assert f"3. Tinggal di {ADDRESS}." in text
    assert 'pada aturan #read("/etc/passwd")' in text
    assert text.index("MENETAPKAN") < text.index("Nomor permohonan") < text.index("Hanya untuk klinik")


def by_law(world: World) -> Permit:
    """What nobody decided in time."""
    application = world.waiting()
    marks.mark(application=application, status=Status.SIGNING, decided_at=MONDAY)
    answers = applications.answers_of(application)
    permit = services.issue(application=application, answers=answers, decided_by=None, now=MONDAY)
    services.sign(permit_id=permit.pk, now=MONDAY)
    permit.refresh_from_db()
    return permit


def test_what_the_law_grants_in_silence_does_not_claim_an_examination(client, world, tmp_path):
    permit = by_law(world)
    text = printed(permit, tmp_path)

    assert "Izin nomor 0001/DINKES/SIP/2026 diberikan kepada" not in text
    assert "tidak diputuskan dalam batas waktunya, sehingga menurut hukum dianggap dikabulkan" in text
    assert text.index("MENETAPKAN") < text.index("sehingga menurut hukum") < text.index("Klinik Sehat")
    assert "Hanya untuk klinik sehat." in text, "what follows the holder holds as ever"
    public = client.get(f"/cek/{permit.secret}/", HTTP_ACCEPT_LANGUAGE="id").content.decode()
    assert "sehingga menurut hukum dianggap dikabulkan" in public


def test_without_a_wording_it_is_not_said_to_be_given_by_the_agency_either(tmp_path):
    text = printed(by_law(World()), tmp_path)

    assert "memberikan Surat Izin Praktik Dokter kepada" not in text
    assert "sehingga menurut hukum dianggap dikabulkan. Surat Izin Praktik Dokter berlaku untuk:" in text


def test_the_paper_keeps_the_structure_of_pdf_a_and_pdf_ua(world):
    permit = world.issued()
    reader = PdfReader(io.BytesIO(documents.read(permit.document)))
    root = reader.trailer["/Root"]
    xmp = root["/Metadata"].get_object().get_data().decode()
    tags = set()

    def walk(node) -> None:
        node = node.get_object()
        if isinstance(node, list):
            for kid in node:
                walk(kid)
        elif hasattr(node, "get"):
            tags.add(str(node.get("/S")))
            if "/K" in node:
                walk(node["/K"])

    walk(root["/StructTreeRoot"])
    for said in ('pdfaid:part="2"', 'pdfaid:conformance="A"', 'pdfuaid:part="1"'):
        assert said in xmp
    assert {"/H1", "/H2", "/H3", "/L", "/LI", "/LBody", "/P", "/Strong"} <= tags


def test_a_personal_value_is_sealed_and_stands_on_the_paper_only(client, world, tmp_path):
    permit = world.issued()

    assert ADDRESS in printed(permit, tmp_path)
    assert ADDRESS not in str(permit.content)
    for path in (f"/cek/{permit.secret}/", f"/cek/{permit.secret}/?format=json"):
        for language in ("id", "en"):
            said = client.get(path, HTTP_ACCEPT_LANGUAGE=language).content.decode()
            assert "Klinik Sehat" in said
            assert ADDRESS not in said
    english = client.get(f"/cek/{permit.secret}/", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "valid until 23 November 2031." in english
    by_number = client.get("/cek/", {"nomor": permit.number}).content.decode()
    assert "Hanya untuk klinik sehat." not in by_number


def test_in_the_credential_what_is_personal_can_be_kept_back(world):
    permit = world.issued()
    head, *parts = credentials.take(permit=permit, actor=world.sari, now=MONDAY).split("~")
    payload = base64.urlsafe_b64decode(head.split(".")[1] + "==").decode()
    opened = [json.loads(base64.urlsafe_b64decode(part + "==")) for part in parts if part]

    assert ADDRESS not in payload
    assert "Sari" not in payload
    assert "Hanya untuk klinik sehat." in json.loads(payload)["text"]
    assert f"Tinggal di {ADDRESS}." in [values[-1] for values in opened]


def test_nothing_that_an_agency_or_a_citizen_types_is_run(tmp_path):
    """Typst would fail on #panic and on an import; a file that was read would stand on the paper."""
    told = HOSTILE.replace("{number}", "\\{number\\}").replace("**", "\\*\\*").replace("\\ ", "\\\\ ")
    world = World(text={"id": f"{told}\n\nDari warga: {{answers.clinic}}", "en": "x"})
    world.sari.name = HOSTILE
    world.sari.save()
    application = world.waiting()
    answers = {"clinic": HOSTILE, "start": "2026-12-01", "home": HOSTILE}
    content, sealed = wording.permit(application, answers, "1", MONDAY.date(), world.kepala)
    made = words_of(paper.render(wording.opened(content, sealed), link="", certified=False), tmp_path)

    assert made.count(" ".join(HOSTILE.split())) >= 4  # wording, answer in it, row, name
    assert "root:" not in made


def test_signs_that_no_font_has_never_stop_a_signature(tmp_path):
    world = World(text={"id": "Untuk {holder}.", "en": "x"})
    world.sari.name = "Sari 😀 中\x01\ue000 Ünal"
    world.sari.save()
    text = printed(world.issued(), tmp_path)

    assert "Untuk Sari □ □□□ Ünal." in text


def test_the_preview_before_signing_says_what_the_paper_will_say(world, tmp_path):
    application = world.waiting()
    answers = {"clinic": "Klinik Sehat", "start": "2026-12-01", "home": ADDRESS}
    pdf = services.preview(application=application, answers=answers, decided_by=world.kepala, now=MONDAY)

    assert f"Tinggal di {ADDRESS}." in words_of(pdf, tmp_path)


def test_an_edition_without_a_wording_prints_as_before(tmp_path):
    permit = World().issued()
    assert "text" not in queries.printed(permit)
    assert "memberikan Surat Izin Praktik Dokter kepada:" in printed(permit, tmp_path)


def test_a_change_of_a_permit_without_an_end_gives_it_none():
    world = World(valid_years=None)
    old = world.issued()
    draft = changed(world, ask(world, old))
    permit = {**draft.edition.content["permit"], "valid_years": 5}
    draft.edition.content = {**draft.edition.content, "permit": permit}

    answers = applications.answers_of(draft)
    content, _sealed = wording.permit(draft, answers, "1", MONDAY.date(), world.sari, old=old)
    assert content["valid_until"] is None


def test_a_permit_for_some_days_says_its_last_one_and_a_change_moves_it(client, tmp_path):
    world = World(valid_years=None, lasts={"from": "start", "days": 7})
    old = world.issued()
    assert old.valid_until == date(2026, 12, 7)
    assert "7 Desember 2026" in printed(old, tmp_path)
    client.force_login(world.sari)
    page = client.get(f"/izin/{old.pk}/").content.decode()
    assert ("mengikuti isian Anda" in page, "tidak bertambah" in page) == (True, False)

    draft = changed(world, ask(world, old))
    answers = {**applications.answers_of(draft), "start": "2026-12-10"}
    content, _sealed = wording.permit(draft, answers, "1", MONDAY.date(), world.sari, old=old)
    assert content["valid_until"] == "2026-12-16"
