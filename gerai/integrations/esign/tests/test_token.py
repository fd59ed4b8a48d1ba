"""A PKCS#11 token, here SoftHSM: the key is made in it and never leaves it."""

import io
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pkcs11
import pytest
from cryptography.hazmat.primitives import serialization
from django.conf import LazySettings
from pkcs11 import exceptions as p11
from pkcs11.util.ec import encode_named_curve_parameters
from pyhanko.pdf_utils.reader import PdfFileReader

from gerai.integrations.esign import software, token
from gerai.integrations.esign.tests.conftest import Authority, judged, poppler
from gerai.permits import ports

pytestmark = pytest.mark.slow

LIBRARY = "/usr/lib/softhsm/libsofthsm2.so"
LABEL, KEY, PIN = "Kota Uji", "segel", "4711-0815"


@dataclass
class Made:
    """A token with a key whose certificate a provider has signed."""

    authority: Authority
    certificate: object


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """An own SoftHSM folder with one token; the key is generated inside."""
    folder: Path = tmp_path_factory.mktemp("softhsm")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(
        f"directories.tokendir = {folder}/tokens\nobjectstore.backend = file\nlog.level = ERROR\n"
    )
    os.environ["SOFTHSM2_CONF"] = str(folder / "softhsm2.conf")
    command = [
        "softhsm2-util",
        "--init-token",
        "--free",
        "--label",
        LABEL,
        "--so-pin",
        "12345678",
        "--pin",
        PIN,
    ]
    subprocess.run(command, check=True, capture_output=True)
    lib = pkcs11.lib(LIBRARY)
    lib.reinitialize()  # another test of this process may have looked before the token was there
    authority = Authority(folder, "Penerbit Sertifikat Uji")
    with lib.get_token(token_label=LABEL).open(rw=True, user_pin=PIN) as session:
        curve = {pkcs11.Attribute.EC_PARAMS: encode_named_curve_parameters("secp256r1")}
        domain = session.create_domain_parameters(pkcs11.KeyType.EC, curve, local=True)
        public, private = domain.generate_keypair(label=KEY, store=True)
        assert private[pkcs11.Attribute.EXTRACTABLE] is False
        from pkcs11.util.ec import encode_ec_public_key

        key = serialization.load_der_public_key(encode_ec_public_key(public))
        certificate = authority.certificate(key, "Segel elektronik Kota Uji")
        session.create_object(
            {
                pkcs11.Attribute.CLASS: pkcs11.ObjectClass.CERTIFICATE,
                pkcs11.Attribute.CERTIFICATE_TYPE: pkcs11.CertificateType.X_509,
                pkcs11.Attribute.LABEL: KEY,
                pkcs11.Attribute.TOKEN: True,
                pkcs11.Attribute.SUBJECT: certificate.subject.public_bytes(),
                pkcs11.Attribute.VALUE: certificate.public_bytes(serialization.Encoding.DER),
            }
        )
    return Made(authority, certificate)


@pytest.fixture
def signer(made: Made, settings: LazySettings) -> token.TokenSigner:
    settings.TOKEN_LIBRARY, settings.TOKEN_LABEL, settings.TOKEN_KEY = LIBRARY, LABEL, KEY
    settings.TOKEN_PIN, settings.TOKEN_CHAIN = PIN, made.authority.file()
    settings.TOKEN_CRL, settings.TOKEN_CERTIFIED, settings.TSA_URL = made.authority.revoked(), True, ""
    return token.TokenSigner()


def sign(signer: token.TokenSigner, plain: bytes) -> bytes:
    return signer.sign(plain, reason="Izin uji", place="Bengkulu")


def test_three_judges_accept_what_the_token_signed_for_the_long_term(signer, made, plain, tmp_path):
    signed = sign(signer, plain)
    found = signer.check(signed)
    said = poppler(signed, tmp_path)

    assert (found.signed, found.intact, found.ours) == (True, True, True)
    assert "Segel elektronik Kota Uji" in found.signer
    assert found.signed_at
    assert judged(signed, made.authority.root.certificate, software.own_pki().root.certificate)
    assert not judged(signed, software.own_pki().root.certificate)
    assert "Signature is Valid" in said
    assert "ETSI.CAdES.detached" in said
    assert PdfFileReader(io.BytesIO(signed)).root["/DSS"]["/CRLs"]
    for at in (len(plain) // 10, len(plain) // 2):
        changed = bytearray(signed)
        changed[at] ^= 1
        assert not signer.check(bytes(changed)).intact
        assert "Signature is Valid" not in poppler(bytes(changed), tmp_path)


def test_without_a_revocation_list_the_stamp_is_there_and_nothing_more(signer, plain, settings):
    settings.TOKEN_CRL = ""
    signed = sign(signer, plain)

    assert "/DSS" not in PdfFileReader(io.BytesIO(signed)).root
    assert signer.check(signed).intact
    assert signer.check(signed).signed_at


def test_a_revoked_certificate_signs_nothing_and_what_it_signed_before_still_holds(
    signer, made, plain, settings
):
    signed = sign(signer, plain)
    kept_at = signer.check(signed).signed_at
    settings.TOKEN_CRL = made.authority.revoked(made.certificate)

    with pytest.raises(ports.SignerFailed):
        sign(signer, plain)
    assert not signer.check(signed).ours
    assert signer.check(signed, kept_at=kept_at).ours


def test_no_token_no_key_and_no_library_are_one_sentence(signer, plain, settings):
    for name, value in (("TOKEN_LABEL", "Lain"), ("TOKEN_KEY", "lain"), ("TOKEN_LIBRARY", "/tidak/ada.so")):
        before = getattr(settings, name)
        setattr(settings, name, value)
        with pytest.raises(ports.TokenGone):
            sign(signer, plain)
        setattr(settings, name, before)
    assert signer.check(sign(signer, plain)).intact  # it is back


def test_a_wrong_pin_is_tried_once_and_never_again_until_it_is_mended(signer, plain, settings):
    settings.TOKEN_PIN = "salah"
    with pytest.raises(ports.TokenPinWrong):
        sign(signer, plain)
    settings.TOKEN_LIBRARY = "/tidak/ada.so"  # whoever asks the token now gets another refusal
    with pytest.raises(ports.TokenPinWrong):
        sign(signer, plain)
    settings.TOKEN_LIBRARY, settings.TOKEN_PIN = LIBRARY, PIN
    assert signer.check(sign(signer, plain)).intact


def test_each_trouble_of_a_token_has_its_sentence():
    """SoftHSM never locks a PIN: the words for it are chosen by the error that such a token gives."""
    assert token.refusal_of(p11.PinLocked()) is ports.TokenPinLocked
    assert token.refusal_of(p11.PinIncorrect()) is ports.TokenPinWrong
    assert token.refusal_of(p11.DeviceRemoved()) is ports.TokenGone
    assert token.refusal_of(p11.HostMemory()) is ports.SignerFailed
    for code in ("token_gone", "token_pin_wrong", "token_pin_locked"):
        assert ports.what_went_wrong(code) != ports.SignerFailed.text
