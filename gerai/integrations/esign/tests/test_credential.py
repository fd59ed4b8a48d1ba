"""The keys of credentials: one at first use however many come at once, each named by its public part."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from jwcrypto.jwk import JWK

from gerai.integrations.esign import credential


@pytest.fixture
def data(settings, tmp_path):
    settings.DATA = tmp_path
    return tmp_path


def test_eight_who_come_at_once_find_the_same_one_key(data):
    start = Barrier(8)

    def come(_) -> list[dict]:
        start.wait()
        return credential.SoftwareCredentialKeys().public()

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(come, range(8)))

    assert all(keys == found[0] for keys in found)
    assert len(list((data / "keys" / "credential").glob("*.key"))) == 1


def test_a_key_is_named_by_the_thumbprint_of_its_public_part(data):
    keys = credential.SoftwareCredentialKeys()
    (told,) = keys.public()

    assert told["kid"] == keys.signing().kid == JWK(**told).thumbprint()
    assert not keys.certified


def test_what_is_no_p256_key_is_not_signed_with(data):
    credential.folder().mkdir(parents=True)
    (credential.folder() / "2026-01-01.key").write_text("bukan kunci")
    with pytest.raises(ValueError, match="PEM"):
        credential.SoftwareCredentialKeys()
