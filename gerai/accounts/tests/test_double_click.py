"""Impatient clicks: one code, one account, and both clicks open the same door."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection

from gerai.accounts import entering, rules
from gerai.accounts.models import Person
from gerai.accounts.tests.make import MORNING, PASSWORD
from gerai.accounts.tests.test_services import LATER, begin, finish

pytestmark = pytest.mark.django_db


def test_the_same_code_twice_leaves_one_account() -> None:
    code_id, digits = begin()
    sari = finish(code_id, digits)

    assert finish(code_id, digits, LATER + timedelta(seconds=2)) == sari  # a double click
    with pytest.raises(rules.CodeSpent):
        finish(code_id, digits, LATER + timedelta(seconds=30))

    assert Person.objects.count() == 1


def test_a_double_click_sends_one_code_and_a_later_click_another() -> None:
    code_id, digits = begin()

    assert begin(MORNING + timedelta(seconds=2)) == (code_id, "")  # on its way already
    assert begin(MORNING + timedelta(seconds=2), name="Sari Wati")[0] != code_id  # mended in between
    assert begin(MORNING + timedelta(seconds=30))[1] != ""
    assert finish(code_id, digits).name == "Sari Wulandari"


def test_nobody_slips_another_sign_up_into_a_code_that_its_reader_trusts() -> None:
    code_id, digits = begin()
    begin(MORNING + timedelta(seconds=1), password="kata-sandi-penipu")

    assert finish(code_id, digits).check_password(PASSWORD)


def test_a_code_that_could_not_be_sent_is_made_anew() -> None:
    code_id, _ = begin()
    entering.forget(code_id=code_id)

    again, digits = begin(MORNING + timedelta(seconds=1))

    assert again != code_id
    assert digits


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_clicks_at_once_on_the_code_leave_one_account_and_all_open_it() -> None:
    code_id, digits = begin()
    start, outcomes = Barrier(4), []

    def click() -> None:
        start.wait()
        try:
            outcomes.append(finish(code_id, digits).pk)
        finally:
            connection.close()

    threads = [Thread(target=click) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert outcomes == [Person.objects.get().pk] * 4


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_clicks_at_once_on_the_form_send_one_code() -> None:
    start, sent = Barrier(4), []

    def click() -> None:
        start.wait()
        try:
            sent.append(begin())
        finally:
            connection.close()

    threads = [Thread(target=click) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len({code_id for code_id, _ in sent}) == 1
    assert len([digits for _, digits in sent if digits]) == 1
