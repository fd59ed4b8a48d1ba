"""The payment provider of the tests as a process of its own."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from gerai.config.running import free_port
from gerai.payments.models import Invoice


def until(true: Callable[[], bool], seconds: float = 20) -> None:
    """Look again and again."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen"


class Bank:
    """The double as a process of its own, with its memory on disk."""

    def __init__(self, data: Path, key: str = "") -> None:
        self.port = free_port()
        self.environment = os.environ | {
            "GERAI_DATA": str(data), "GERAI_PORT": str(self.port), "GERAI_PAYMENT_KEY": key,
        }  # fmt: skip
        self.url = f"http://127.0.0.1:{self.port + 3}"

    def start(self) -> None:
        command = [sys.executable, "-m", "gerai.integrations.payment.double"]
        self.process = subprocess.Popen(command, env=self.environment)
        until(self.answers)

    def answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/pay/none").status_code == 404
        except httpx.TransportError:
            return False

    def wrong(self, fault: str) -> None:
        """From now on its files and payloads are wrong in this way."""
        assert httpx.post(f"{self.url}/", data={"fault": fault}).status_code == 303

    def heard(self, invoice: Invoice) -> int:
        """How often the mall has taken the bank's word about it."""
        invoice.refresh_from_db()
        told: dict[str, Any] = httpx.get(f"{self.url}/charges/{invoice.charge_ref}").json()
        return int(told.get("heard", 0))

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(10)
