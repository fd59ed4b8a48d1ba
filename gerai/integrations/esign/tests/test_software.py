"""The trial signature: three judges (our check, pyHanko, poppler) agree, and one flipped byte is found."""

import io
import subprocess

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature

from gerai.core import clock
from gerai.integrations.esign import pki, software


@pytest.fixture(scope="module")
def signer():
    return software.SoftwareSigner()


@pytest.fixture(scope="module")
def signed(signer, plain):
    return signer.sign(plain, reason="Izin uji", place="Bengkulu")


def test_our_check_trusts_what_we_signed_and_reads_the_time_stamp(signer, signed):
    found = signer.check(signed)
    assert (found.signed, found.intact, found.ours) == (True, True, True)
    assert abs((clock.now() - found.signed_at).total_seconds()) < 120


def test_pyhanko_accepts_it_with_our_root_and_with_no_other(signer, signed, tmp_path):
    ours = software._context(signer.pki)
    strangers = software._context(pki.open_pki(tmp_path / "other", "Orang lain", clock.now()))

    signature = PdfFileReader(io.BytesIO(signed)).embedded_signatures[0]
    assert validate_pdf_signature(signature, ours, software._context(signer.pki)).bottom_line
    assert not validate_pdf_signature(signature, strangers).trusted


def test_poppler_finds_a_valid_pades_signature(signed, tmp_path):
    (tmp_path / "s.pdf").write_bytes(signed)
    said = subprocess.run(["pdfsig", tmp_path / "s.pdf"], capture_output=True, text=True).stdout
    assert "Signature is Valid" in said
    assert "ETSI.CAdES.detached" in said


def test_the_file_carries_what_long_term_validation_needs(signed):
    root = PdfFileReader(io.BytesIO(signed)).root
    assert "/DSS" in root
    assert root["/DSS"]["/CRLs"]


@pytest.mark.parametrize("share", [0.01, 0.1, 0.25, 0.4])
def test_one_flipped_byte_is_found(signer, signed, plain, share):
    changed = bytearray(signed)
    changed[int(len(plain) * share)] ^= 1
    assert not signer.check(bytes(changed)).intact


def test_words_added_after_signing_are_found(signer, signed):
    from pypdf import PdfReader, PdfWriter
    from pypdf.annotations import FreeText

    writer = PdfWriter(PdfReader(io.BytesIO(signed)), incremental=True)
    writer.add_annotation(0, FreeText(text="Berlaku selamanya", rect=(50, 50, 300, 90)))
    out = io.BytesIO()
    writer.write(out)
    assert not signer.check(out.getvalue()).intact


@pytest.mark.parametrize("junk", [b"", b"%PDF-1.7\n", b"%PDF-1.7\n" + b"\x00" * 500])
def test_junk_counts_as_not_signed(signer, junk):
    found = signer.check(junk)
    assert (found.signed, found.intact, found.ours) == (False, False, False)


def test_the_keys_are_made_once_and_readable_by_their_owner_only(tmp_path):
    first = pki.open_pki(tmp_path / "pki", "Mal", clock.now())
    pki._known.clear()
    again = pki.open_pki(tmp_path / "pki", "Mal", clock.now())

    assert first.root.certificate == again.root.certificate
    assert {p.stat().st_mode & 0o077 for p in (tmp_path / "pki").glob("*.key")} == {0}


def test_a_stale_revocation_list_is_renewed(tmp_path):
    from datetime import timedelta

    first = pki.open_pki(tmp_path / "pki", "Mal", clock.now())
    later = pki.open_pki(tmp_path / "pki", "Mal", clock.now() + timedelta(days=25))
    assert later.crl.next_update_utc > first.crl.next_update_utc


def test_a_definite_length_that_ends_in_0x80_is_not_taken_for_an_indefinite_one():
    from asn1crypto.core import OctetString, Sequence

    definite = OctetString(b"x" * 128)
    assert definite.dump()[1:3] == b"\x81\x80"
    assert definite._header[-1:] == b""
    assert Sequence.load(b"\x30\x80\x02\x01\x05\x00\x00")._header[-1:] == b"\x80"
