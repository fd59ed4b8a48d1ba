"""The national service over real HTTP, signing under its own root, with everything that can go wrong there."""

import asyncio
import hashlib
import socket

import pytest

from gerai.integrations.esign import double
from gerai.integrations.esign.double import FAULTS, PASSPHRASE
from gerai.integrations.esign.national import NationalSigner, belongs_to
from gerai.integrations.esign.tests.conftest import judged, poppler
from gerai.integrations.esign.tests.service import fault
from gerai.integrations.esign.timestamp import HttpTimeStamper
from gerai.permits import ports

pytestmark = pytest.mark.slow

HEAD = ports.Official("dr. Bayu Pratama", "1771031207839003", PASSPHRASE)


@pytest.fixture
def signer(national: str) -> NationalSigner:
    return NationalSigner()


def sign(signer: NationalSigner, plain: bytes, who: ports.Official = HEAD) -> bytes:
    return signer.sign(plain, reason="Izin uji", place="Bengkulu", official=who)


def test_three_judges_accept_what_the_official_signed(signer, national, plain, tmp_path):
    signed = sign(signer, plain)
    found = signer.check(signed)
    said = poppler(signed, tmp_path)

    assert signed.startswith(plain)
    assert (found.signed, found.intact, found.ours) == (True, True, True)
    assert "BAYU PRATAMA" in found.signer
    assert found.signed_at
    assert judged(signed, double.authority()[0].certificate)
    assert "Signature is Valid" in said
    assert "ETSI.CAdES.detached" in said
    for at in (len(plain) // 10, len(plain) // 2):
        changed = bytearray(signed)
        changed[at] ^= 1
        assert not signer.check(bytes(changed)).intact
        assert "Signature is Valid" not in poppler(bytes(changed), tmp_path)


WRONG = {
    "down": ports.SignerDown,
    "passphrase": ports.PassphraseWrong,
    "expired": ports.CertificateNotActive,
    "quota": ports.QuotaSpent,
    "garbage": ports.SignerDown,
    "late": ports.WrongCertificate,
    "cut": ports.WrongFileReturned,
    "twice": ports.WrongFileReturned,
    "changed": ports.WrongFileReturned,
    "unsigned": ports.WrongFileReturned,
    "other": ports.WrongCertificate,
    "stranger": ports.WrongCertificate,
}


@pytest.mark.parametrize("name", WRONG)
def test_nothing_is_given_on_when_something_is_wrong(signer, national, plain, name):
    fault(national, name)

    with pytest.raises(ports.SignerFailed) as told:
        sign(signer, plain)

    assert type(told.value) is WRONG[name]
    assert PASSPHRASE not in repr(told.value.__context__)


def test_every_fault_of_the_double_is_tried():
    assert set(FAULTS) == {*WRONG, "slow"}


def test_a_slow_service_is_left_and_the_same_permit_can_be_signed_again(signer, national, plain, settings):
    fault(national, "slow")
    settings.NATIONAL_TIMEOUT = 0.5
    with pytest.raises(ports.SignerDown):
        sign(signer, plain)

    fault(national, "")
    settings.NATIONAL_TIMEOUT = 30
    assert signer.check(sign(signer, plain)).intact


def test_a_wrong_passphrase_an_unknown_nik_and_no_official_are_told_apart(signer, plain):
    for who, refusal in (
        (ports.Official(HEAD.name, HEAD.nik, "salah"), ports.PassphraseWrong),
        (ports.Official(HEAD.name, "1771031207830000", PASSPHRASE), ports.NotEnrolled),
        (None, ports.PassphraseWrong),
    ):
        with pytest.raises(refusal):
            sign(signer, plain, who)


def test_the_service_is_asked_beforehand_how_the_certificate_stands(signer, national, settings):
    signer.ready(HEAD)
    with pytest.raises(ports.NotEnrolled):
        signer.ready(ports.Official("Siapa", "1771031207830000", ""))
    fault(national, "expired")
    with pytest.raises(ports.CertificateNotActive):
        signer.ready(HEAD)
    fault(national, "down")
    with pytest.raises(ports.SignerDown):
        signer.ready(HEAD)
    settings.NATIONAL_PASSWORD = "salah"
    with pytest.raises(ports.SignerRefused):
        signer.ready(HEAD)


def test_the_citys_wrong_login_and_nobody_there_have_their_sentences(signer, plain, settings):
    settings.NATIONAL_PASSWORD = "salah"
    with pytest.raises(ports.SignerRefused):
        sign(signer, plain)
    with socket.socket() as nobody:  # holds the port, and does not listen
        nobody.bind(("127.0.0.1", 0))
        settings.NATIONAL_URL = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        with pytest.raises(ports.SignerDown):
            sign(signer, plain)


def test_a_certificate_belongs_to_the_nik_in_it_and_else_to_the_name():
    def belongs(**subject: str) -> bool:
        certificate = Named({"common_name": "BAYU PRATAMA", **subject})
        return belongs_to(certificate, HEAD)  # type: ignore[arg-type]

    class Named:
        def __init__(self, native: dict[str, str]) -> None:
            self.native, self.subject = native, self

    assert belongs()
    assert belongs(serial_number=f"NIK-{HEAD.nik}", common_name="Apa saja")
    assert not belongs(serial_number="1771031207839999")
    assert not belongs(common_name="Bayu Pratomo")


def test_passphrase_and_nik_are_in_no_words_about_an_official():
    assert PASSPHRASE not in repr(HEAD)
    assert HEAD.nik not in repr(HEAD)


def test_the_token_can_take_its_time_stamps_from_an_authority_over_http(national):
    digest = hashlib.sha256(b"Izin uji").digest()
    stamper = HttpTimeStamper(f"{national}/tsa")

    stamp = asyncio.run(stamper.async_timestamp(digest, "sha256"))

    info = stamp["content"]["encap_content_info"]["content"].parsed
    assert info["message_imprint"]["hashed_message"].native == digest
