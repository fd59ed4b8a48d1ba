"""Officers at counters: which services, pauses with a reason, handing over, signing off."""

import threading

import pytest
from django.db import connection

from gerai.agencies.models import Membership
from gerai.floor import queries, rules, services
from gerai.floor.models import Duty
from gerai.floor.tests.make import Hall, later
from gerai.ledger.models import Entry

pytestmark = pytest.mark.django_db


def last(kind):
    return Entry.objects.filter(kind=kind).latest("id")


def test_a_counter_that_serves_some_services_passes_over_the_others():
    hall = Hall(counters=1)
    other = hall.offer("X", "X2")
    services.sign_off(person=hall.officers[0], now=later(1))
    member = Membership.objects.get(person=hall.officers[0])
    services.sign_on(member=member, counter_number=1, now=later(1), only=[other.pk])
    hall.arrive("X", at=2)
    second = hall.arrive("X2", at=3)

    assert [e.visit_id for e in queries.waiting(queries.duty(hall.officers[0]))] == [second.pk]
    assert services.call_next(person=hall.officers[0], now=later(4)).visit_id == second.pk
    services.finish(
        person=hall.officers[0],
        errand_id=queries.at_counter(Duty.objects.latest("id").counter).pk,
        now=later(5),
    )
    assert services.call_next(person=hall.officers[0], now=later(6)) is None
    assert last("floor.opened").data["services"] == ["X2"]


def test_a_service_of_an_agency_that_is_not_at_the_counter_is_refused():
    hall = Hall()
    services.sign_off(person=hall.officers[0], now=later(1))
    member = Membership.objects.get(person=hall.officers[0])
    member.agency.counters.get().agencies.set([member.agency])

    with pytest.raises(rules.ServicesWrong):
        services.sign_on(member=member, counter_number=1, now=later(2), only=[hall.services["Y"].pk])
    assert queries.duty(hall.officers[0]) is None


def test_all_services_chosen_is_the_same_as_none():
    hall = Hall()
    services.sign_off(person=hall.officers[0], now=later(1))
    member = Membership.objects.get(person=hall.officers[0])

    duty = services.sign_on(
        member=member, counter_number=1, now=later(2), only=[s.pk for s in hall.services.values()]
    )

    assert not duty.services.exists()


def test_a_pause_has_a_reason_is_counted_and_pressed_twice_is_one_pause():
    hall = Hall()
    officer = hall.officers[0]
    services.pause(person=officer, now=later(1), reason="prayer")
    services.pause(person=officer, now=later(2), reason="meal")
    services.go_on(person=officer, now=later(11))
    services.go_on(person=officer, now=later(12))

    assert Entry.objects.filter(kind="floor.paused").count() == 1
    assert last("floor.paused").data["reason"] == "prayer"
    assert last("floor.resumed").data["paused_s"] == 600
    duty = queries.duty(officer)
    assert (duty.pauses, duty.paused_seconds, duty.paused_at) == (1, 600, None)


def test_a_pause_without_a_known_reason_is_refused_and_nothing_changes():
    hall = Hall()

    with pytest.raises(rules.PauseReasonMissing):
        services.pause(person=hall.officers[0], now=later(1), reason="bored")
    assert queries.duty(hall.officers[0]).paused_at is None
    assert not Entry.objects.filter(kind="floor.paused").exists()


def test_a_counter_is_handed_over_with_whoever_is_there():
    hall = Hall()
    officer, colleague = hall.officers[0], hall.officer("Rekan").person
    hall.arrive("X")
    hall.arrive("X")
    parked = services.call_next(person=officer, now=later(1))
    services.start(person=officer, errand_id=parked.pk, now=later(1))
    services.hold(person=officer, errand_id=parked.pk, now=later(2))
    here = services.call_next(person=officer, now=later(3))

    services.hand_over(person=officer, to=str(colleague.pk), now=later(4))

    assert queries.duty(officer) is None
    services.finish(person=colleague, errand_id=here.pk, now=later(5))
    services.resume(person=colleague, errand_id=parked.pk, now=later(6))
    assert services.finish(person=colleague, errand_id=parked.pk, now=later(7)).state == "done"
    told = last("floor.handed_over").data
    assert (told["to"], sorted(told["errands"])) == (str(colleague.pk), sorted([parked.pk, here.pk]))


def test_handing_over_twice_finds_nothing_to_hand_over():
    hall = Hall()
    colleague = hall.officer("Rekan").person
    services.hand_over(person=hall.officers[0], to=str(colleague.pk), now=later(1))

    with pytest.raises(rules.NotOnDuty):
        services.hand_over(person=hall.officers[0], to=str(colleague.pk), now=later(2))
    assert Entry.objects.filter(kind="floor.handed_over").count() == 1
    assert Duty.objects.filter(closed_at=None).count() == 1


def test_a_counter_goes_to_nobody_who_is_busy_or_may_not_work_there():
    hall = Hall(counters=2)
    busy = hall.officers[1]
    retired = hall.officer("Mantan")
    Membership.objects.filter(pk=retired.pk).update(active=False)

    for nobody in (busy, retired.person, hall.officers[0]):
        with pytest.raises(rules.ColleagueBusy):
            services.hand_over(person=hall.officers[0], to=str(nobody.pk), now=later(1))
    assert queries.duty(hall.officers[0]).counter.number == 1
    assert not Entry.objects.filter(kind="floor.handed_over").exists()


def test_nobody_leaves_while_somebody_is_parked_there():
    hall = Hall()
    officer = hall.officers[0]
    hall.arrive("X")
    errand = services.call_next(person=officer, now=later(1))
    services.start(person=officer, errand_id=errand.pk, now=later(2))
    services.hold(person=officer, errand_id=errand.pk, now=later(3))

    with pytest.raises(rules.HeldHere):
        services.sign_off(person=officer, now=later(4))
    assert queries.duty(officer) is not None


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_who_hand_over_to_the_same_colleague_at_once_leave_them_at_one_counter():
    hall = Hall(counters=2)
    colleague = str(hall.officer("Rekan").person.pk)
    gate, refused = threading.Barrier(2), []

    def give(officer):
        try:
            gate.wait(30)
            services.hand_over(person=officer, to=colleague, now=later(1))
        except rules.ColleagueBusy as refusal:
            refused.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=give, args=(officer,)) for officer in hall.officers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert len(refused) == 1
    assert Duty.objects.filter(closed_at=None).count() == 2
    assert Duty.objects.filter(closed_at=None, person_id=colleague).count() == 1
