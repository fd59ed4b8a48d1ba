"""Who answers for an agency or the mall gives and takes its roles, and nobody else's."""

from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from gerai.accounts.models import Person
from gerai.agencies import appointing, queries
from gerai.agencies.models import Agency, Mall, Membership
from gerai.agencies.rules import RoleWrong
from gerai.core.errors import NotFound
from gerai.ledger.models import Entry
from gerai.notices.models import Notice

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


class Office:
    """A mall with two agencies, an administrator of the first, the manager, and Rina, who has an account."""

    def __init__(self) -> None:
        self.mall = Mall.objects.create(code="1771", name="Mal Uji", city="Bengkulu")
        self.agency, self.other = (self._agency(code) for code in ("DIN", "LAIN"))
        self.admin = self._member("admin", "agency_admin", self.agency)
        self.manager = self._member("manajer", "mall_manager", None)
        self.rina = Person.objects.create(name="Rina", email="rina@uji.test", created_at=NOW)

    def _agency(self, code: str) -> Agency:
        name = {"id": code, "en": code}
        return Agency.objects.create(
            mall=self.mall, code=code, name=name, short=code, kind="opd", live_at=NOW
        )

    def _member(self, name: str, role: str, agency: Agency | None) -> Membership:
        person = Person.objects.create(name=name, email=f"{name}@uji.test", created_at=NOW)
        return Membership.objects.create(mall=self.mall, agency=agency, person=person, role=role)


@pytest.fixture
def office():
    return Office()


def give(by, role, contact="rina@uji.test", agency=""):
    return appointing.appoint(by=by, contact=contact, role=role, agency_code=agency, now=NOW)


def kinds():
    return list(
        Entry.objects.filter(kind__startswith="agencies.role").order_by("pk").values_list("kind", flat=True)
    )


def test_a_role_is_given_and_taken_once_and_its_holder_is_told(office):
    first, second = give(office.admin, "verifier"), give(office.admin, "verifier")
    assert first.pk == second.pk
    assert queries.has_role(office.rina.pk, "verifier", agency_id=office.agency.pk)
    assert list(appointing.of(office.admin)) == [first]

    for _ in range(2):
        appointing.dismiss(by=office.admin, membership_id=first.pk, now=NOW)
    assert not queries.has_role(office.rina.pk, "verifier", agency_id=office.agency.pk)
    assert kinds() == ["agencies.role_given", "agencies.role_taken"]
    assert set(Notice.objects.values_list("template", flat=True)) == {"role_given", "role_taken"}
    assert "petugas verifikasi" in Notice.objects.get(template="role_given").body


def test_each_gives_only_what_they_answer_for(office):
    for by, role in (
        (office.admin, "agency_admin"),
        (office.admin, "mayor"),
        (office.manager, "signer"),
        (office.manager, "mall_manager"),
    ):
        with pytest.raises(RoleWrong):
            give(by, role, agency="DIN")
    with pytest.raises(NotFound):
        give(office.manager, "agency_admin", agency="TIDAK")
    with pytest.raises(appointing.AccountUnknown):
        give(office.admin, "signer", contact="siapa@uji.test")
    with pytest.raises(appointing.RoleForOneself):
        give(office.admin, "signer", contact="admin@uji.test")
    assert kinds() == []

    assert give(office.manager, "agency_admin", agency="LAIN").agency == office.other
    assert give(office.manager, "information_desk").agency is None


def test_nobody_takes_a_role_of_another_agency_or_above_them(office):
    theirs = office._member("lain", "verifier", office.other)
    for pk in (theirs.pk, office.manager.pk, office.admin.pk, 0):
        with pytest.raises(NotFound):
            appointing.dismiss(by=office.admin, membership_id=pk, now=NOW)
    assert Membership.objects.filter(active=True).count() == 3


def test_the_page_of_an_administrator(office, client):
    client.force_login(office.admin.person)
    session = client.session
    session["second_factor"] = True
    session.save()
    sent = {"contact": "rina@uji.test", "role": "reviewer"}
    for _ in range(2):  # a double click
        client.post("/petugas/", sent)
    page = client.get("/petugas/").content.decode()
    assert "Rina" in page
    assert "tim teknis" in page
    assert "r…@uji.test" in page  # of two with one name the right one is ended
    assert "Tidak ada orang lain dengan peran ini" in page  # before the last one goes

    refused = client.post("/petugas/", {**sent, "contact": "siapa@uji.test"})
    assert refused.status_code == 422
    assert "Belum ada akun" in refused.content.decode()
    client.post("/petugas/", {"take": str(Membership.objects.get(role="reviewer").pk)})
    assert not Membership.objects.get(role="reviewer").active
    assert client.post("/petugas/", {"take": "²"}).status_code == 404


def test_who_runs_the_system_names_the_first_ones(office):
    call_command("role", "rina@uji.test", "mayor", stdout=StringIO())
    assert queries.has_role(office.rina.pk, "mayor", agency_id=None)
    call_command("role", "rina@uji.test", "mayor", "--take", stdout=StringIO())
    assert not Membership.objects.get(role="mayor").active
    for wrong in ("siapa@uji.test mayor", "rina@uji.test signer", "rina@uji.test signer --agency X"):
        with pytest.raises(CommandError):
            call_command("role", *wrong.split(), stdout=StringIO())
