"""The ledger: nothing changes, nothing is skipped, nothing is doubled."""

import threading
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.conf import LazySettings
from django.db import DatabaseError, connection, transaction

from gerai.core import sql
from gerai.ledger import delivery, queries, services
from gerai.ledger.models import Entry, Position, Subscription
from gerai.ledger.rules import SYSTEM, follows, retry_after
from gerai.ledger.tasks import Follower

MORNING = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def add(subject: str = "x:1", mall: str = "1771") -> Entry:
    return services.append(mall=mall, kind="test.done", subject=subject, actor=SYSTEM, now=MORNING)


@pytest.mark.django_db
@pytest.mark.parametrize("verb", ["UPDATE ledger_entry SET kind = 'other'", "DELETE FROM ledger_entry"])
def test_the_database_refuses_to_change_history(verb):
    add()

    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(verb)

    assert Entry.objects.get().kind == "test.done"


@pytest.mark.django_db(transaction=True)
def test_an_entry_behind_a_running_transaction_waits_and_is_not_skipped():
    inside, release = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            add("slow:1")  # the lower id
            inside.set()
            assert release.wait(20)
        connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    assert inside.wait(20)
    add("quick:1")  # the higher id, committed first

    assert services.sequence() == 0  # the older transaction still runs: nobody gets a place yet
    release.set()
    thread.join(20)
    assert services.sequence() == 2

    order = Entry.objects.order_by("position__position").values_list("subject", "position__position")
    assert list(order) == [("slow:1", 1), ("quick:1", 2)]


@pytest.mark.django_db(transaction=True)
def test_positions_are_gapless_per_mall_while_many_write_and_some_roll_back():
    def work(mall: str) -> None:
        for number in range(20):
            try:
                with transaction.atomic():
                    add(f"n:{number}", mall)
                    if number % 5 == 0:
                        raise ZeroDivisionError
            except ZeroDivisionError:
                pass
        connection.close()

    threads = [threading.Thread(target=work, args=(mall,)) for mall in ("1771", "1771", "1772", "1772")]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        services.sequence()
    while services.sequence():
        pass

    for mall in ("1771", "1772"):
        places = Position.objects.filter(mall=mall).order_by("position").values_list("position", flat=True)
        assert list(places) == list(range(1, 33))


@pytest.mark.django_db(transaction=True)
def test_a_restore_into_another_cluster_places_what_was_left():
    add("before:1")
    services.sequence()
    with connection.cursor() as cursor:  # the other cluster's numbers stood far higher
        cursor.execute("UPDATE ledger_sequencer SET done_below = 9000000000")
    add("after:1")

    assert services.sequence() == 0
    assert services.sequence_restored() == 1
    add("new:1")
    assert services.sequence() == 1
    assert list(Position.objects.order_by("position").values_list("position", flat=True)) == [1, 2, 3]


@pytest.mark.django_db(transaction=True)
def test_what_a_restore_brought_is_placed_once_though_this_cluster_reaches_its_old_numbers():
    with connection.cursor() as cursor:  # pg_restore writes the column as it was: the other cluster's numbers
        cursor.execute(
            "INSERT INTO ledger_entry (mall, kind, subject, actor_kind, actor_id, at, data, xid)"
            " VALUES ('1771', 'test.done', 'old:1', 'system', 'x', %s, '{}',"
            " (pg_current_xact_id()::text::bigint + 9)::text::xid8)",
            [MORNING],
        )
    assert services.sequence_restored() == 1
    for _ in range(12):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_current_xact_id()")
    add("new:1")

    assert services.sequence() == 1
    assert list(Position.objects.order_by("position").values_list("position", flat=True)) == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_a_consumer_gets_everything_in_order_and_a_failure_is_tried_again_later():
    for number in range(3):
        add(f"n:{number}")
    services.sequence()
    seen: list[str] = []
    down = True

    def handle(entry: Entry) -> None:
        if entry.subject == "n:1" and down:
            raise RuntimeError("outside is down")
        seen.append(entry.subject)

    assert delivery.deliver(mall="1771", consumers={"c": handle}, now=MORNING) == 1
    assert queries.stuck().get().error.startswith("test.done")
    assert delivery.deliver(mall="1771", consumers={"c": handle}, now=MORNING) == 0  # pause not over
    later, down = MORNING + timedelta(seconds=2), False
    assert delivery.deliver(mall="1771", consumers={"c": handle}, now=later) == 2
    assert seen == ["n:0", "n:0", "n:1", "n:2"]  # together with the one that failed first, then by itself
    assert Subscription.objects.get().position == 3


@pytest.mark.django_db(transaction=True)
def test_a_round_of_the_follower_wakes_whoever_listens_and_an_idle_one_does_not(settings: LazySettings):
    settings.LEDGER_CONSUMERS = {"reader": "builtins.repr"}
    follower = Follower()
    given = connection.settings_dict
    with psycopg.connect(
        dbname=given["NAME"], user=given["USER"], password=given["PASSWORD"], host=given["HOST"],
        port=given["PORT"] or None, autocommit=True,
    ) as ear:  # fmt: skip
        ear.execute("LISTEN ledger")
        assert not follower.round()
        add()
        assert follower.round()
        assert not follower.round()

        heard = list(ear.notifies(timeout=20, stop_after=1))
        assert [note.channel for note in heard] == ["ledger"]
        assert list(ear.notifies(timeout=0)) == []


def test_the_pause_after_a_failure_grows_to_five_minutes():
    assert [retry_after(n) for n in (1, 2, 3, 20)] == [1, 2, 4, 300]


@pytest.mark.django_db(transaction=True)
def test_what_a_consumer_does_not_follow_passes_it_by_in_one_step(monkeypatch):
    seen, sent, send = [], [], sql._sent

    @follows("a.", "b.done")
    def handle(entry):
        seen.append(entry.kind)

    kinds = ["x.done", "a.begun", "x.done", "x.done", "b.done", "b.undone"]
    for kind in [*kinds, *["x.done"] * 20]:
        services.append(mall="1771", kind=kind, subject="n:1", actor=SYSTEM, now=MORNING)
    services.sequence()
    delivery.deliver(mall="1771", consumers={"c": handle}, now=MORNING)

    assert seen == ["a.begun", "b.done"]
    assert Subscription.objects.get(consumer="c").position == 26
    for _ in range(20):
        services.append(mall="1771", kind="x.done", subject="n:1", actor=SYSTEM, now=MORNING)
    services.sequence()
    monkeypatch.setattr(sql, "_sent", lambda *asked: sent.append(asked[0]) or send(*asked))
    assert delivery.deliver(mall="1771", consumers={"c": handle}, now=MORNING) == 1
    assert len(sent) == 3  # where each stands, the entries once for all, and one statement that moves all
    assert delivery.deliver(mall="1771", consumers={"c": handle}, now=MORNING) == 0
