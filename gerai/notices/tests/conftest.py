"""Every test of this room begins without jobs and with an empty gateway."""

import pytest

from gerai.notices.tests import make


@pytest.fixture(autouse=True)
def no_jobs_of_others(request: pytest.FixtureRequest) -> None:
    """A test that commits leaves its jobs: the flush of tables knows only Django's own."""
    make.Gateway.sent.clear()
    if request.node.get_closest_marker("django_db"):
        request.getfixturevalue("transactional_db" if _commits(request) else "db")
        make.drop_jobs()


def _commits(request: pytest.FixtureRequest) -> bool:
    return any(mark.kwargs.get("transaction") for mark in request.node.iter_markers("django_db"))
