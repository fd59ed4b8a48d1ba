"""Settings that are half there stop the start, and the sentence names what is missing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest


def start(folder: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    """What reading the settings gives, in a process of its own."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("GERAI_", "DATABASE_"))}
    given = {"GERAI_DATA": str(folder), "DATABASE_URL": "postgresql://nobody@/none", **environment}
    code = "from gerai.config import settings as s; print(s.SIGNER, s.SEAL, s.SIGNERS_CHECKED)"
    return subprocess.run([sys.executable, "-c", code], env=kept | given, capture_output=True, text=True)


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"GERAI_SIGNER": "tokne"}, "GERAI_SIGNER='tokne'"),
        ({"GERAI_SIGNER": "token"}, "GERAI_TOKEN_LIBRARY"),
        ({"GERAI_TOKEN_PIN": "1234"}, "GERAI_TOKEN_LABEL"),
        ({"GERAI_SEAL": "national"}, "GERAI_SEAL='national'"),  # an official's signature is no seal
        ({"GERAI_SIGNER": "national", "GERAI_NATIONAL_URL": "http://127.0.0.1:1"}, "GERAI_NATIONAL_USER"),
        (
            {f"GERAI_NATIONAL_{name}": "x" for name in ("URL", "USER", "PASSWORD")}
            | {"GERAI_NATIONAL_ROOT": "/tidak/ada.pem"},
            "/tidak/ada.pem",
        ),
    ],
)
def test_a_signer_that_is_half_set_up_does_not_start(tmp_path, environment, words):
    done = start(tmp_path, **environment)

    assert done.returncode == 1
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_without_a_word_the_trial_key_signs_and_the_demo_brings_its_own_service(tmp_path):
    assert start(tmp_path).stdout.count("SoftwareSigner") == 3
    demo = start(tmp_path, GERAI_SIGNER="national", GERAI_DEMO="yes")
    assert "NationalSigner" in demo.stdout, demo.stderr
