"""Accounts, codes, tries and the NIK."""

from datetime import timedelta
from typing import Any

import pytest

from gerai.accounts import entering, rules, services
from gerai.accounts.models import Code, Person, Try
from gerai.accounts.tests.make import MALL, MORNING, NIK, OTHER_NIK, PASSWORD, form, person
from gerai.core.errors import FormInvalid, NotFound
from gerai.ledger.models import Entry
from gerai.ledger.rules import ActorRef

pytestmark = pytest.mark.django_db
LATER = MORNING + timedelta(minutes=1)


def begin(at: Any = MORNING, **changes: str) -> tuple[Any, str]:
    code_id, _, digits = entering.begin_sign_up(data=form(**changes), language="en", now=at)
    return code_id, digits


def finish(code_id: Any, digits: str, now: Any = LATER) -> Person:
    return entering.finish_sign_up(mall=MALL, code_id=code_id, digits=digits, now=now)


def other_than(digits: str) -> str:
    return f"{(int(digits) + 1) % 1_000_000:06d}"


def sign_in(contact: str, password: str, address: str = "203.0.113.7", now: Any = MORNING) -> Person:
    return entering.sign_in(contact=contact, password=password, address=address, now=now)


def test_the_right_code_makes_an_account_and_one_entry_without_personal_data() -> None:
    sari = finish(*begin())

    assert (sari.email, sari.language, sari.proven_at) == ("sari@uji.test", "en", None)
    assert sari.check_password(PASSWORD)
    entry = Entry.objects.get(kind="accounts.registered")
    assert entry.subject == f"person:{sari.pk}"
    assert "Sari" not in str(entry.data)
    assert NIK not in str(entry.data)


def test_the_nik_lies_sealed_and_opens_only_in_its_own_row() -> None:
    sari = person()

    assert NIK.encode() not in bytes(sari.nik_sealed or b"")
    assert services.open_nik(mall=MALL, person=sari, actor=ActorRef("person", "x"), now=LATER) == NIK


def test_a_phone_number_alone_is_enough() -> None:
    assert finish(*begin(contact="0812 3456 7890")).phone == "+6281234567890"


def test_a_wrong_code_is_counted_and_after_five_even_the_right_one_is_spent() -> None:
    code_id, digits = begin()

    for _ in range(rules.CODE_TRIES):
        with pytest.raises(rules.CodeWrong):
            finish(code_id, other_than(digits))
    with pytest.raises(rules.CodeSpent):
        finish(code_id, digits)

    assert not Person.objects.exists()


def test_a_late_code_is_spent() -> None:
    code_id, digits = begin()

    with pytest.raises(rules.CodeSpent):
        finish(code_id, digits, MORNING + timedelta(minutes=10, seconds=1))

    assert not Person.objects.exists()


def test_a_code_for_one_purpose_does_not_serve_another() -> None:
    code_id, digits = begin()

    with pytest.raises(NotFound):
        entering.finish_second_factor(code_id=code_id, digits=digits, now=LATER)


def test_signing_up_with_a_known_address_opens_nothing_and_is_told_only_after_the_code() -> None:
    sari = person()
    code_id, digits = begin(password="kata-lain-yang-baru")

    with pytest.raises(rules.AlreadyRegistered):
        finish(code_id, digits)

    sari.refresh_from_db()
    assert sari.check_password(PASSWORD)
    assert Person.objects.count() == 1


def test_more_than_five_codes_an_hour_are_refused_and_an_hour_later_it_goes_on() -> None:
    for number in range(rules.CODES_PER_HOUR):
        begin(MORNING + timedelta(minutes=number))

    with pytest.raises(rules.TooManyCodes):
        begin(MORNING + timedelta(minutes=10))

    assert begin(MORNING + timedelta(hours=1, seconds=1))


def test_somebody_who_enters_often_is_not_locked_out() -> None:
    sari = person()

    for _ in range(rules.CODES_PER_HOUR + 1):
        code_id, _, digits = entering.begin_second_factor(person=sari, now=MORNING)
        assert entering.finish_second_factor(code_id=code_id, digits=digits, now=LATER) == sari


def test_one_machine_cannot_send_codes_to_a_whole_city() -> None:
    for number in range(rules.CODES_PER_ADDRESS):
        entering.begin_reset(contact=f"a{number}@uji.test", now=MORNING, address="203.0.113.7")

    with pytest.raises(rules.TooManyCodes):
        entering.begin_reset(contact="b@uji.test", now=MORNING, address="203.0.113.7")


def test_an_unfinished_sign_up_is_forgotten_after_a_day() -> None:
    begin()

    entering.begin_sign_up(data=form(contact="lain@uji.test"), language="id", now=MORNING + timedelta(days=2))

    assert Code.objects.count() == 1


def test_every_wrong_field_gets_its_sentence() -> None:
    with pytest.raises(FormInvalid) as error:
        entering.begin_sign_up(data={"password": "12345"}, language="id", now=MORNING)

    assert set(error.value.fields) == {"name", "nik", "contact", "password", "privacy"}


def test_sign_in_fits_by_mail_or_phone_and_says_the_same_for_unknown_and_wrong() -> None:
    sari = person("+6281234567890")

    assert sign_in("0812-3456-7890", PASSWORD) == sari
    with pytest.raises(rules.SignInWrong):
        sign_in("081234567890", "bukan-kata-sandi")
    with pytest.raises(rules.SignInWrong):
        sign_in("siapa@uji.test", PASSWORD)


def test_guessing_passwords_is_stopped_however_the_contact_is_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rules, "TRIES_CONTACT_FROM_ADDRESS", 2)
    person("+6281234567890")
    for text in ("081234567890", "+62 812 3456 7890"):
        with pytest.raises(rules.SignInWrong):
            sign_in(text, "bukan-kata-sandi")

    with pytest.raises(rules.TooManyTries):
        sign_in("6281234567890", PASSWORD)

    assert sign_in("6281234567890", PASSWORD, now=MORNING + timedelta(minutes=15, seconds=1))


def test_signing_in_well_forgets_the_tries_before() -> None:
    person()
    with pytest.raises(rules.SignInWrong):
        sign_in("sari@uji.test", "bukan-kata-sandi", "127.0.0.1")

    sign_in("sari@uji.test", PASSWORD, "127.0.0.1")

    assert not Try.objects.exists()


def test_a_forgotten_password_is_made_anew_by_code() -> None:
    sari = person()
    code_id, contact, digits = entering.begin_reset(contact="SARI@uji.test", now=MORNING)

    entering.finish_reset(
        mall=MALL, code_id=code_id, digits=digits, password="kata-lain-yang-baru", now=LATER
    )

    sari.refresh_from_db()
    assert contact == "sari@uji.test"
    assert sari.check_password("kata-lain-yang-baru")
    assert Entry.objects.filter(kind="accounts.password_changed").count() == 1


def test_a_weak_new_password_does_not_use_up_the_code() -> None:
    person()
    code_id, _, digits = entering.begin_reset(contact="sari@uji.test", now=MORNING)

    with pytest.raises(rules.PasswordWeak):
        entering.finish_reset(mall=MALL, code_id=code_id, digits=digits, password="12345", now=LATER)

    assert entering.finish_reset(
        mall=MALL, code_id=code_id, digits=digits, password="kata-lain-yang-baru", now=LATER
    )


def test_nobody_learns_from_asking_for_a_code_whether_an_account_exists() -> None:
    code_id, contact, digits = entering.begin_reset(contact="tidak@ada.test", now=MORNING)
    assert contact == "tidak@ada.test"

    with pytest.raises(rules.NotRegistered):
        entering.finish_reset(
            mall=MALL, code_id=code_id, digits=digits, password="kata-lain-yang-baru", now=LATER
        )


def test_one_nik_may_be_claimed_twice_but_proven_once() -> None:
    dewi = person("dewi@uji.test", OTHER_NIK, "Dewi")
    first, second = person(), person("palsu@uji.test")
    services.prove(mall=MALL, person=first, officer=dewi, now=MORNING)

    with pytest.raises(rules.AlreadyProven):
        services.prove(mall=MALL, person=second, officer=dewi, now=MORNING)

    second.refresh_from_db()
    assert second.proven_at is None
    assert Entry.objects.filter(kind="accounts.proven").count() == 1


def test_a_desk_account_needs_no_contact_and_names_who_typed() -> None:
    dewi = person("dewi@uji.test", OTHER_NIK, "Dewi")
    officer = ActorRef("person", str(dewi.pk))

    made = [
        services.register(mall=MALL, name="Mbah Karso", nik=NIK, now=MORNING, by=officer) for _ in range(2)
    ]

    assert not made[0].has_usable_password()
    assert Entry.objects.get(subject=f"person:{made[1].pk}").actor_id == str(dewi.pk)


def test_opening_a_nik_leaves_an_entry_and_ones_own_does_not() -> None:
    sari = person()
    officer = ActorRef("person", "0190")

    services.open_nik(mall=MALL, person=sari, actor=officer, now=LATER, agency="DUKCAPIL")
    services.open_nik(mall=MALL, person=sari, actor=ActorRef("person", str(sari.pk)), now=LATER)

    entry = Entry.objects.get(kind="accounts.nik_opened")
    assert (entry.actor_id, entry.data) == ("0190", {"agency": "DUKCAPIL"})


def test_a_new_password_needs_the_old_one_and_strength() -> None:
    sari = person()

    with pytest.raises(rules.PasswordWrong):
        services.change_password(mall=MALL, person=sari, old="x", new="kata-lain-yang-baru", now=LATER)
    with pytest.raises(rules.PasswordWeak):
        services.change_password(mall=MALL, person=sari, old=PASSWORD, new="pendek", now=LATER)

    sari.refresh_from_db()
    assert sari.check_password(PASSWORD)


def test_many_passwords_are_set_at_once_each_their_own():
    some = [person("a@uji.test", NIK, "A"), person("b@uji.test", OTHER_NIK, "B")]

    services.set_passwords(given=[(one, f"kata-sandi-{one.name}") for one in some])

    for one in some:
        one.refresh_from_db()
        assert one.check_password(f"kata-sandi-{one.name}")
    services.set_passwords(given=[])
