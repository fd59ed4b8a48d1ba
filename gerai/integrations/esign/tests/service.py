"""The national service as a real HTTP server on a free port, for the tests of every room that signs there."""

import threading
from collections.abc import Iterator
from http.server import ThreadingHTTPServer

import httpx
import pytest
from django.conf import LazySettings

from gerai.integrations.esign import double


@pytest.fixture(scope="session")
def service() -> Iterator[str]:
    """Its address. It answers as long as the tests run."""
    double.authority()
    server = ThreadingHTTPServer(("127.0.0.1", 0), double.Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture
def national(service: str, settings: LazySettings) -> Iterator[str]:
    """This installation signs there, and counts it as certified. All is well with the service, before and after."""
    settings.NATIONAL_URL, settings.NATIONAL_ROOT = service, str(double.FOLDER / "root.pem")
    settings.NATIONAL_USER = settings.NATIONAL_PASSWORD = "demo"
    settings.NATIONAL_CERTIFIED, settings.NATIONAL_TIMEOUT = True, 30
    settings.SIGNER = settings.SIGNERS["national"]
    settings.SIGNERS_CHECKED = [settings.SIGNERS["software"], settings.SIGNER]
    fault(service, "")
    yield service
    fault(service, "")


def fault(url: str, name: str) -> None:
    """Choose what is wrong from now on, as the front page does."""
    assert httpx.post(f"{url}/", data={"fault": name}).status_code == 303
