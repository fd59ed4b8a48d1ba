"""The registers of these tests are in memory."""

import pytest
from django.conf import LazySettings

from gerai.accounts.tests import registers


@pytest.fixture(autouse=True)
def memory(settings: LazySettings) -> None:
    settings.REGISTERS = registers.PATH
    registers.clear()
