"""Every staff address, tried by those who have no business there: visitors, citizens, roles of elsewhere."""

from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.urls import get_resolver
from django.urls.converters import IntConverter, UUIDConverter

from gerai.accounts.models import Person
from gerai.agencies.models import Agency, Mall, Membership
from gerai.agencies.rules import AGENCY_ROLES, ROLES
from tests.architecture import access, addresses

pytestmark = pytest.mark.slow

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
NOWHERE = "0192f000-0000-7000-8000-000000000000"


def filled(pattern, address):
    """The address with ids in it that belong to nobody."""
    for name, converter in pattern.pattern.converters.items():
        value = "987654" if isinstance(converter, IntConverter) else "tidak-ada"
        value = NOWHERE if isinstance(converter, UUIDConverter) else value
        for kind in ("int", "uuid", "str", "slug", "path"):
            address = address.replace(f"<{kind}:{name}>", value)
    return "/" + address


def guarded(mark):
    """Every address whose access mark begins so, with its mark."""
    return [
        (filled(pattern, address), access(pattern.callback))
        for address, pattern in addresses(get_resolver().url_patterns)
        if (access(pattern.callback) or "").startswith(mark)
    ]


STAFF, OWN = guarded("role:"), guarded("signed_in")


@pytest.fixture
def mall(db):
    return Mall.objects.create(code="1771", name="Mal Uji", city="Bengkulu")


def somebody(name, **values):
    return Person.objects.create(name=name, email=f"{name}@uji.test", created_at=NOW, **values)


def officer(mall, role):
    """Somebody with this role, at an agency that owns nothing."""
    name = {"id": "Lain", "en": "Other"}
    agency = Agency.objects.create(mall=mall, code="LAIN", name=name, short="Lain", kind="opd")
    person = somebody("petugas")
    at = agency if role in AGENCY_ROLES else None
    Membership.objects.create(mall=mall, person=person, role=role, agency=at)
    return person


def try_all(client, url):
    """What reading and sending give."""
    return [client.get(url), client.post(url, {})]


def test_there_is_something_to_guard():
    assert len(STAFF) > 15
    assert len(OWN) > 5


@pytest.mark.parametrize("url", [url for url, _ in [*STAFF, *OWN]])
def test_a_visitor_who_is_not_signed_in_is_sent_to_the_door(client, mall, url):
    for shown in try_all(client, url):
        if shown.status_code != 405:
            assert shown.status_code == 302
            assert shown.url.startswith(settings.LOGIN_URL)


@pytest.mark.parametrize("url", [url for url, _ in STAFF])
def test_for_a_citizen_a_staff_page_does_not_exist(client, mall, url):
    client.force_login(somebody("warga"))

    assert {shown.status_code for shown in try_all(client, url)} <= {404, 405}


@pytest.mark.parametrize("role", sorted(ROLES))
def test_a_role_opens_no_page_of_another_role(client, mall, role):
    client.force_login(officer(mall, role))

    for url, mark in STAFF:
        if role not in mark.removeprefix("role:").split(","):
            for shown in try_all(client, url):
                assert shown.status_code in {404, 405}, (url, role)


@pytest.mark.parametrize("role", sorted(ROLES))
def test_ids_that_are_not_theirs_do_not_exist_for_any_role(client, mall, role):
    client.force_login(officer(mall, role))

    for url, mark in STAFF:
        if role in mark.removeprefix("role:").split(",") and (NOWHERE in url or "987654" in url):
            assert client.get(url).status_code in {404, 405, 302}, (url, role)


def test_an_inactive_role_opens_nothing(client, mall):
    person = somebody("mantan")
    Membership.objects.create(mall=mall, person=person, role="mayor", active=False)
    client.force_login(person)

    for url, mark in STAFF:
        if "mayor" in mark:
            assert client.get(url).status_code == 404, url
