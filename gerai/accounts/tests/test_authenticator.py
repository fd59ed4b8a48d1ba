"""An authenticator app as second factor: set up by password and code, each step once, recovery codes, taken away."""

from datetime import datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pyotp
import pytest
from django.core import mail
from django.db import connection

from gerai.accounts import authenticator, confirming, entering, rules
from gerai.accounts.models import Authenticator, Code, Person
from gerai.accounts.tests.make import MALL, MORNING, PASSWORD, person
from gerai.core import clock
from gerai.core.errors import DomainError, NotFound
from gerai.ledger.models import Entry

pytestmark = pytest.mark.django_db
SECRET_LETTERS = 32


def at(seconds: int) -> datetime:
    return MORNING + timedelta(seconds=seconds)


class Phone:
    """Sari's account and the app on her phone."""

    def __init__(self, now: datetime = MORNING) -> None:
        self.sari = person()
        authenticator.begin(person=self.sari, password=PASSWORD, now=now)
        told = authenticator.pending(self.sari, "Gerai")
        assert told
        self.secret, self.uri = told
        self.codes = self.confirm(self.shows(now), now)

    def shows(self, now: datetime) -> str:
        return pyotp.TOTP(self.secret).at(now)

    def confirm(self, digits: str, now: datetime) -> list[str]:
        return authenticator.confirm(mall=MALL, person=self.sari, digits=digits, now=now)

    def sign_in(self, digits: str, now: datetime) -> Person:
        code_id, contact, sent = entering.begin_second_factor(person=self.sari, now=now)
        assert (contact, sent) == ("", "")  # nothing goes out
        return entering.finish_second_factor(code_id=code_id, digits=digits, now=now)

    def remove(self, digits: str, now: datetime, password: str = PASSWORD) -> None:
        authenticator.remove(mall=MALL, person=self.sari, password=password, digits=digits, now=now)


@pytest.fixture
def phone() -> Phone:
    return Phone()


def kinds() -> list[str]:
    return list(Entry.objects.order_by("pk").values_list("kind", flat=True))


def test_it_is_set_up_by_password_and_a_first_code_and_the_secret_is_sealed():
    sari = person()
    with pytest.raises(rules.PasswordWrong):
        authenticator.begin(person=sari, password="bukan", now=MORNING)
    assert not Authenticator.objects.exists()

    authenticator.begin(person=sari, password=PASSWORD, now=MORNING)
    secret, uri = authenticator.pending(sari, "Gerai") or ("", "")
    authenticator.begin(person=sari, password=PASSWORD, now=MORNING)  # twice is once
    assert authenticator.pending(sari, "Gerai") == (secret, uri)
    assert f"secret={secret}" in uri
    assert len(secret) == SECRET_LETTERS
    assert secret.encode() not in bytes(Authenticator.objects.get().secret_sealed)
    with pytest.raises(rules.CodeWrong):
        authenticator.confirm(mall=MALL, person=sari, digits="12", now=MORNING)
    assert (authenticator.of(sari), entering.needs_second_factor(person=sari)) == (None, False)

    first = pyotp.TOTP(secret).at(MORNING)
    authenticator.confirm(mall=MALL, person=sari, digits=first, now=MORNING)
    again = authenticator.confirm(mall=MALL, person=sari, digits=first, now=at(2))  # a double click
    assert entering.needs_second_factor(person=sari)
    assert authenticator.left(Authenticator.objects.get()) == len(again) == authenticator.RECOVERY_CODES
    assert kinds().count("accounts.authenticator_added") == 1
    with pytest.raises(rules.AuthenticatorThere):
        authenticator.begin(person=sari, password=PASSWORD, now=at(60))


def test_a_step_opens_once_and_the_neighbours_are_good(phone):
    with pytest.raises(rules.CodeSeen):  # it set the app up
        phone.sign_in(phone.shows(MORNING), at(5))

    assert phone.sign_in(phone.shows(at(60)), at(35)) == phone.sari  # the phone is ahead
    with pytest.raises(rules.CodeSeen):
        phone.sign_in(phone.shows(at(60)), at(65))
    assert phone.sign_in(phone.shows(at(90)), at(125)) == phone.sari  # the phone is behind
    with pytest.raises(rules.CodeWrong):
        phone.sign_in(phone.shows(at(300)), at(400))
    assert len(mail.outbox) == 0


def test_wrong_codes_are_counted_like_those_by_mail(phone):
    code_id, *_ = entering.begin_second_factor(person=phone.sari, now=at(60))

    for _ in range(rules.CODE_TRIES):
        with pytest.raises(rules.CodeWrong):
            entering.finish_second_factor(code_id=code_id, digits="000000000", now=at(61))
    with pytest.raises(rules.CodeSpent):
        entering.finish_second_factor(code_id=code_id, digits=phone.shows(at(62)), now=at(62))
    for _ in range(rules.TRIES_CONTACT_FROM_ADDRESS - 2):  # the two of setting up count too
        with pytest.raises(rules.CodeWrong):
            phone.remove("1", at(70))
    with pytest.raises(rules.TooManyTries):
        phone.remove(phone.shows(at(90)), at(90))


def test_a_recovery_code_is_good_once_and_stored_as_a_digest(phone):
    plain = phone.codes[0].replace(" ", "")

    assert phone.sign_in(phone.codes[0], at(60)) == phone.sari
    with pytest.raises(rules.CodeSeen):
        phone.sign_in(plain, at(120))
    assert phone.sign_in(phone.codes[1], at(120)) == phone.sari
    here = Authenticator.objects.get()
    assert authenticator.left(here) == authenticator.RECOVERY_CODES - 2
    assert plain not in here.recovery_codes.values_list("hashed", flat=True)


def test_a_batch_is_signed_by_the_app_bound_to_what_was_chosen(phone):
    code_id, contact, sent = confirming.begin(person=phone.sari, act="sign:1,2:", now=at(60))
    given: dict[str, Any] = {
        "mall": MALL,
        "person": phone.sari,
        "code_id": code_id,
        "digits": phone.shows(at(60)),
    }

    assert (contact, sent) == ("", "")
    with pytest.raises(rules.CodeSpent):
        confirming.finish(act="sign:1,2,3:", now=at(61), **given)
    assert confirming.finish(act="sign:1,2:", now=at(61), **given)
    assert confirming.finish(act="sign:1,2:", now=at(63), **given) is False  # the second of two clicks
    assert Entry.objects.get(kind="accounts.confirmed").data == {"act": "sign"}


def test_it_is_taken_away_by_password_and_code_and_mail_comes_again(phone):
    for password, digits, refusal in (
        ("bukan", phone.shows(at(60)), rules.PasswordWrong),
        (PASSWORD, "000000000", rules.CodeWrong),
    ):
        with pytest.raises(refusal):
            phone.remove(digits, at(60), password)
    assert authenticator.of(phone.sari)

    phone.remove(phone.shows(at(60)), at(60))
    phone.remove(phone.shows(at(60)), at(61))  # twice changes nothing
    assert not Authenticator.objects.exists()
    assert kinds().count("accounts.authenticator_removed") == 1
    _, contact, digits = entering.begin_second_factor(person=phone.sari, now=at(90))
    assert (contact, len(digits)) == ("sari@uji.test", 6)
    with pytest.raises(NotFound):
        phone.confirm("1", at(91))


def test_a_new_password_still_comes_by_mail(phone):
    _, contact, digits = entering.begin_reset(contact="sari@uji.test", now=at(60))

    assert (contact, len(digits)) == ("sari@uji.test", 6)


def test_the_page_shows_the_picture_then_the_recovery_codes_once_and_signs_in(client):
    sari, page = person(), "/akun/autentikator/"
    client.force_login(sari)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "id"

    assert client.post(page, {"act": "begin", "password": "bukan"}).status_code == 422
    assert client.post(page, {"act": "begin", "password": PASSWORD}).url == page
    shown = client.get(page)
    assert b"data:image/svg+xml" in shown.content
    totp = pyotp.TOTP(shown.context["secret"].replace(" ", ""))
    codes = client.post(page, {"act": "confirm", "digits": totp.at(clock.now())}).context["codes"]
    assert len(codes) == authenticator.RECOVERY_CODES
    assert codes[0].encode() not in client.get(page).content

    client.post("/keluar/")
    asked = client.post("/masuk/", {"contact": "sari@uji.test", "password": PASSWORD}, follow=True)
    assert "aplikasi autentikator" in asked.content.decode()
    client.post("/masuk/kode/", {"digits": codes[0]})
    assert client.session["_auth_user_id"] == str(sari.pk)
    assert not mail.outbox


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_with_one_step_one_comes_in():
    phone, together, came = Phone(), Barrier(2), list[object]()
    codes = [
        Code(purpose="sign_in", contact_index=b"x", person=phone.sari, created_at=at(60)) for _ in range(2)
    ]
    Code.objects.bulk_create(codes)

    def enter(code: Code) -> None:
        together.wait()
        try:
            came.append(
                entering.finish_second_factor(code_id=code.pk, digits=phone.shows(at(60)), now=at(60))
            )
        except DomainError as error:
            came.append(error.code)
        finally:
            connection.close()

    threads = [Thread(target=enter, args=(code,)) for code in codes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(map(str, came)) == sorted([str(phone.sari), "code_seen"])
