"""Fixtures of the floor."""

from collections.abc import Callable

import pytest
from django.test import Client


@pytest.fixture
def client_of() -> Callable[[], Client]:
    """Another browser, with cookies of its own."""
    return Client
