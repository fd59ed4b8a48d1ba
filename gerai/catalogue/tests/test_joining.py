"""An agency joins by one file: what is written, and that a second person publishes it."""

import threading

import pytest
from django.db import DatabaseError, connection, transaction

from gerai.agencies.models import Agency, Counter
from gerai.catalogue import queries, services
from gerai.catalogue.models import Edition, Proposal, Service
from gerai.catalogue.rules import FileRefused, NotYourAgency, ProposalClosed, SamePerson
from gerai.catalogue.tests.make import FILE, MORNING, mall, person
from gerai.core.errors import NotFound
from gerai.ledger.models import Entry
from gerai.ledger.rules import SYSTEM


@pytest.mark.django_db
def test_a_file_brings_agency_counters_services_and_editions():
    joined = services.join(mall=mall(), text=FILE, actor=SYSTEM, now=MORNING)

    service = queries.find(joined.agency.mall, "PERPUS", "PERPUS-01")
    assert joined.published == ["PERPUS-01"]
    assert service.edition.number == 1
    assert service.agency.live_at == MORNING
    assert [c.number for c in Counter.objects.all()] == [7]
    assert Entry.objects.filter(kind="catalogue.published", subject="agency:PERPUS").count() == 1


@pytest.mark.django_db
def test_the_same_file_twice_changes_nothing():
    services.join(mall=mall(), text=FILE, actor=SYSTEM, now=MORNING)
    before = Entry.objects.count()

    again = services.join(mall=mall(), text=FILE, actor=SYSTEM, now=MORNING)

    assert (again.changes, again.published, Entry.objects.count()) == ([], [], before)


@pytest.mark.django_db
def test_changed_content_makes_a_new_edition_and_keeps_the_old():
    services.join(mall=mall(), text=FILE, actor=SYSTEM, now=MORNING)
    old = Edition.objects.get()

    services.join(mall=mall(), text=FILE.replace("* 1000", "* 2000"), actor=SYSTEM, now=MORNING)

    old.refresh_from_db()
    assert old.status == "superseded"
    assert "1000" in old.content["fee"]["amount"]
    assert queries.find(mall(), "PERPUS", "PERPUS-01").edition.number == 2


@pytest.mark.django_db
def test_new_keywords_alone_make_no_new_edition():
    services.join(mall=mall(), text=FILE, actor=SYSTEM, now=MORNING)

    services.join(mall=mall(), text=FILE.replace("[pinjam buku]", "[baca]"), actor=SYSTEM, now=MORNING)

    assert Edition.objects.count() == 1
    assert [s.code for s in queries.search(mall(), "baca")] == ["PERPUS-01"]


@pytest.mark.django_db
def test_a_service_that_left_the_file_is_no_longer_offered_but_kept():
    services.join(mall=mall(), text=FILE, actor=SYSTEM, now=MORNING)

    services.join(mall=mall(), text=FILE.replace("PERPUS-01", "PERPUS-02"), actor=SYSTEM, now=MORNING)

    assert [s.code for s in queries.published(mall())] == ["PERPUS-02"]
    assert Service.objects.get(code="PERPUS-01").active is False


@pytest.mark.django_db
def test_a_file_with_a_mistake_writes_nothing():
    the_mall = mall()
    before = Entry.objects.count()

    with pytest.raises(FileRefused) as refused:
        services.join(mall=the_mall, text=FILE.replace("kind: opd", "kind: x"), actor=SYSTEM, now=MORNING)

    assert refused.value.problems[0].code == "choice_wrong"
    assert (Agency.objects.count(), Entry.objects.count()) == (0, before)


@pytest.mark.django_db
def test_a_counter_of_another_agency_is_taken_unless_shared():
    services.join(mall=mall(), text=FILE, actor=SYSTEM, now=MORNING)
    other = FILE.replace("PERPUS", "ARSIP")

    with pytest.raises(FileRefused) as refused:
        services.join(mall=mall(), text=other, actor=SYSTEM, now=MORNING)
    services.join(
        mall=mall(), text=other.replace("zone: A}", "zone: B, shared: true}"), actor=SYSTEM, now=MORNING
    )

    assert refused.value.problems[0].code == "counter_taken"
    counter = Counter.objects.get()
    assert sorted(a.code for a in counter.agencies.all()) == ["ARSIP", "PERPUS"]
    assert counter.zone == "A"


@pytest.mark.django_db
def test_an_edition_cannot_be_changed_or_deleted_in_the_database():
    services.join(mall=mall(), text=FILE, actor=SYSTEM, now=MORNING)
    edition = Edition.objects.get()

    for forbidden in ({"content": {}}, {"number": 9}, {"published_at": None}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Edition.objects.filter(pk=edition.pk).update(**forbidden)
    with pytest.raises(DatabaseError), transaction.atomic():
        Edition.objects.filter(pk=edition.pk).delete()
    Edition.objects.filter(pk=edition.pk).update(status="superseded")
    with pytest.raises(DatabaseError), transaction.atomic():
        Edition.objects.filter(pk=edition.pk).update(status="published")


@pytest.mark.django_db
def test_a_second_person_publishes_and_the_first_may_not():
    sari, dewi, the_mall = person("Sari"), person("Dewi"), mall()
    proposal = services.propose(mall=the_mall, text=FILE, person=sari, now=MORNING)

    with pytest.raises(SamePerson):
        services.publish(mall=the_mall, proposal_id=proposal.pk, person=sari, now=MORNING)
    assert Service.objects.count() == 0
    services.publish(mall=the_mall, proposal_id=proposal.pk, person=dewi, now=MORNING)

    assert Service.objects.count() == 1
    assert Proposal.objects.get().published_by == dewi
    with pytest.raises(ProposalClosed):
        services.publish(mall=the_mall, proposal_id=proposal.pk, person=dewi, now=MORNING)


@pytest.mark.django_db
def test_the_same_proposal_twice_is_one():
    sari, the_mall = person("Sari"), mall()

    one = services.propose(mall=the_mall, text=FILE, person=sari, now=MORNING)
    two = services.propose(mall=the_mall, text=FILE, person=sari, now=MORNING)

    assert one == two


@pytest.mark.django_db
def test_an_agency_proposes_and_publishes_only_its_own_file():
    sari, dewi, the_mall = person("Sari"), person("Dewi"), mall()

    with pytest.raises(NotYourAgency):
        services.propose(mall=the_mall, text=FILE, person=sari, now=MORNING, only_agency="DINKES")
    proposal = services.propose(mall=the_mall, text=FILE, person=sari, now=MORNING)
    with pytest.raises(NotFound):
        services.publish(
            mall=the_mall, proposal_id=proposal.pk, person=dewi, now=MORNING, only_agency="DINKES"
        )

    assert Service.objects.count() == 0


@pytest.mark.django_db
def test_a_withdrawn_proposal_is_not_published():
    sari, dewi, the_mall = person("Sari"), person("Dewi"), mall()
    proposal = services.propose(mall=the_mall, text=FILE, person=sari, now=MORNING)

    services.withdraw(mall=the_mall, proposal_id=proposal.pk, person=sari, now=MORNING)

    with pytest.raises(ProposalClosed):
        services.publish(mall=the_mall, proposal_id=proposal.pk, person=dewi, now=MORNING)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_eight_people_publishing_at_once_make_one_edition():
    the_mall, sari = mall(), person("Sari")
    proposal = services.propose(mall=the_mall, text=FILE, person=sari, now=MORNING)
    others = [person(f"Orang{n}") for n in range(8)]
    start = threading.Barrier(len(others))
    outcomes = []

    def press(one):
        try:
            start.wait()
            services.publish(mall=the_mall, proposal_id=proposal.pk, person=one, now=MORNING)
            outcomes.append("published")
        except ProposalClosed:
            outcomes.append("closed")
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=[one]) for one in others]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["closed"] * 7 + ["published"]
    assert Edition.objects.count() == 1
    assert Entry.objects.filter(kind="catalogue.published").count() == 1
