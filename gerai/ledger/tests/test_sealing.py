"""Seals: whole history verifies, a changed, moved or lost entry is found."""

import hashlib
from datetime import UTC, datetime

import pytest
from django.db import connection

from gerai.ledger import sealing, services, tasks
from gerai.ledger.models import Seal
from gerai.ledger.rules import SYSTEM

MORNING = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def history(count: int) -> None:
    for number in range(count):
        services.append(mall="1771", kind="test.done", subject=f"n:{number}", actor=SYSTEM, now=MORNING)
    services.sequence()


def tamper(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE ledger_entry DISABLE TRIGGER ledger_entry_fixed")
        cursor.execute("ALTER TABLE ledger_position DISABLE TRIGGER ledger_position_fixed")
        cursor.execute(sql)
        cursor.execute("ALTER TABLE ledger_entry ENABLE TRIGGER ledger_entry_fixed")
        cursor.execute("ALTER TABLE ledger_position ENABLE TRIGGER ledger_position_fixed")


@pytest.mark.django_db(transaction=True)
def test_a_whole_history_verifies_over_several_blocks():
    history(3)
    sealing.seal(mall="1771", now=MORNING)
    history(4)
    sealing.seal(mall="1771", now=MORNING)

    assert sealing.seal(mall="1771", now=MORNING) is None
    assert sealing.verify("1771") == (7, None)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("UPDATE ledger_entry SET actor_id = 'x' WHERE subject = 'n:1'", "was changed"),
        ("DELETE FROM ledger_position WHERE position = 2", "position 2 is missing"),
    ],
)
def test_even_an_owner_who_disables_the_triggers_is_found(sql, said):
    history(3)
    sealing.seal(mall="1771", now=MORNING)
    tamper(sql)

    whole, wrong = sealing.verify("1771")
    assert whole == 0
    assert said in wrong


@pytest.mark.django_db(transaction=True)
def test_a_seal_made_anew_without_the_key_is_found():
    history(2)
    made = sealing.seal(mall="1771", now=MORNING)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE ledger_seal DISABLE TRIGGER ledger_seal_fixed")
        Seal.objects.filter(pk=made.pk).update(signature=b"\0" * 64)
        cursor.execute("ALTER TABLE ledger_seal ENABLE TRIGGER ledger_seal_fixed")

    assert "not ours" in sealing.verify("1771")[1]


def test_the_tree_is_that_of_rfc_6962():
    a, b, c = (hashlib.sha256(bytes([n])).digest() for n in range(3))
    node = hashlib.sha256(b"\x01" + a + b).digest()

    assert sealing.merkle_root([a]) == a
    assert sealing.merkle_root([a, b, c]) == hashlib.sha256(b"\x01" + node + c).digest()


@pytest.mark.django_db(transaction=True)
def test_one_mall_that_cannot_be_sealed_holds_up_none_of_the_others(monkeypatch):
    for mall in ("1701", "1771"):
        services.append(mall=mall, kind="test.done", subject="n:1", actor=SYSTEM, now=MORNING)
    services.sequence()
    seal = sealing.seal

    def lame(*, mall: str, now: datetime) -> Seal | None:
        if mall == "1701":
            raise OSError("disk")
        return seal(mall=mall, now=now)

    monkeypatch.setattr(sealing, "seal", lame)
    with pytest.raises(RuntimeError, match="not sealed: 1701"):
        tasks.seal(timestamp=0)
    assert sealing.verify("1771") == (1, None)
    assert Seal.objects.filter(mall="1771").exists()
