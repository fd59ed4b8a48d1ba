"""A code for one act: fresh, once, of its own person, and with few tries."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection

from gerai.accounts import confirming, rules
from gerai.accounts.models import Person
from gerai.accounts.tests.make import MORNING
from gerai.core.errors import NotFound
from gerai.ledger.models import Entry

pytestmark = pytest.mark.django_db
ACT = "sign:1,2,3:"


@pytest.fixture
def head() -> Person:
    return Person.objects.create(name="Kepala", email="kepala@uji.test", created_at=MORNING)


def finish(head: Person, code_id: object, digits: str, act: str = ACT, seconds: int = 5) -> bool:
    now = MORNING + timedelta(seconds=seconds)
    return confirming.finish(mall="1771", person=head, code_id=code_id, act=act, digits=digits, now=now)


def test_a_code_confirms_once_a_double_click_does_nothing_more_and_a_late_one_is_refused(head):
    code_id, contact, digits = confirming.begin(person=head, act=ACT, now=MORNING)

    assert contact == "kepala@uji.test"
    assert finish(head, code_id, digits)
    assert finish(head, code_id, digits, seconds=8) is False
    with pytest.raises(rules.CodeSpent):
        finish(head, code_id, digits, seconds=60)
    assert Entry.objects.get(kind="accounts.confirmed").data == {"act": "sign"}


def test_it_serves_no_other_act_no_other_person_and_not_after_ten_minutes(head):
    code_id, _, digits = confirming.begin(person=head, act=ACT, now=MORNING)
    other = Person.objects.create(name="Lain", email="lain@uji.test", created_at=MORNING)

    with pytest.raises(rules.CodeSpent):
        finish(head, code_id, digits, act="sign:1,2,3,4:")
    with pytest.raises(NotFound):
        finish(other, code_id, digits)
    with pytest.raises(rules.CodeSpent):
        finish(head, code_id, digits, seconds=601)
    assert finish(head, code_id, digits)


def test_after_five_wrong_ones_the_right_one_is_of_no_use(head):
    code_id, _, digits = confirming.begin(person=head, act=ACT, now=MORNING)
    wrong = f"{(int(digits) + 1) % 1_000_000:06d}"

    for _ in range(rules.CODE_TRIES):
        with pytest.raises(rules.CodeWrong):
            finish(head, code_id, wrong)
    with pytest.raises(rules.CodeSpent):
        finish(head, code_id, digits)
    assert not Entry.objects.exists()


def test_asking_twice_in_a_moment_sends_one_code_and_asking_without_end_is_stopped(head):
    first = confirming.begin(person=head, act=ACT, now=MORNING)
    assert confirming.begin(person=head, act=ACT, now=MORNING + timedelta(seconds=1)) == (*first[:2], "")

    for n in range(1, rules.CODES_PER_HOUR):
        confirming.begin(person=head, act=f"sign:{n}:", now=MORNING)
    with pytest.raises(rules.TooManyCodes):
        confirming.begin(person=head, act="sign:99:", now=MORNING)


def test_who_has_neither_mail_nor_phone_is_told_so(head):
    head.email = None
    with pytest.raises(rules.ContactMissing):
        confirming.begin(person=head, act=ACT, now=MORNING)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_goes_on(head):
    code_id, _, digits = confirming.begin(person=head, act=ACT, now=MORNING)
    gate, firsts = Barrier(6), []

    def press() -> None:
        try:
            gate.wait()
            firsts.append(finish(head, code_id, digits))
        except rules.CodeSpent:
            firsts.append(False)  # the sixth click is one more than the tries
        finally:
            connection.close()

    threads = [Thread(target=press) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(firsts) == [False] * 5 + [True]
