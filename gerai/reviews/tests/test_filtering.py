"""The inbox is narrowed, searched and its filters kept by name; however long it is, the statements stay as many."""

from importlib import import_module

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gerai.accounts.models import Person
from gerai.applications.models import Application
from gerai.catalogue.models import Edition, Service
from gerai.reviews import filtering, inbox_queries, queries
from gerai.reviews.filtering import Chosen
from gerai.reviews.models import SavedFilter, Task
from gerai.reviews.tests.make import MONDAY, World, both, content

pytestmark = pytest.mark.django_db
FREE = Chosen(who="free")


@pytest.fixture
def world():
    return World()


@pytest.fixture
def officer(client, world):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "id"
    client.force_login(world.verifier)
    return client


def other_service(world):
    """A second service of the same agency, for which Sari applies from now on."""
    world.service = Service.objects.create(
        agency=world.agencies["DPMPTSP"], code="LAIN", name=both("Izin lain"), kind="licence", online=True,
        counter_minutes=10,
    )  # fmt: skip
    Edition.objects.create(
        service=world.service, number=1, content=content(), status="published", published_at=MONDAY
    )


def keep(world, name="Pagi", chosen=FREE, person=None):
    return filtering.keep(person=person or world.verifier, name=name, chosen=chosen, now=MONDAY)


def keys(found):
    return set(found.values_list("pk", flat=True))


def search(world, text, person=None):
    who = person or world.verifier
    return keys(inbox_queries.searched(queries.inbox(who), who, text, MONDAY))


def test_a_filter_is_kept_by_name_and_the_same_name_becomes_the_new_one(world):
    for _ in range(2):
        keep(world)
    keep(world, " Pagi ", Chosen(kind="assess"))
    keep(world, "Siang")

    assert [(one.name, one.who, one.kind) for one in filtering.of(world.verifier)] == [
        ("Pagi", "", "assess"), ("Siang", "free", ""),
    ]  # fmt: skip
    assert not filtering.of(world.dinkes).exists()


def test_what_is_no_filter_is_not_kept(world):
    for name in ("", "  ", "x" * 41):
        with pytest.raises(filtering.FilterNameMissing):
            keep(world, name)
    with pytest.raises(filtering.NothingFiltered):
        keep(world, chosen=Chosen())
    for n in range(filtering.MOST):
        keep(world, f"Saringan {n}")
    with pytest.raises(filtering.TooManyFilters):
        keep(world)
    keep(world, "Saringan 0", Chosen(kind="decide"))

    assert filtering.of(world.verifier).count() == filtering.MOST
    assert filtering.of(world.verifier).get(name="Saringan 0").kind == "decide"


def test_a_filter_is_removed_once_and_only_by_whose_it_is(world):
    kept = keep(world)

    assert filtering.remove(person=world.dinkes, filter_id=kept.pk) == 0
    assert SavedFilter.objects.count() == 1
    assert [filtering.remove(person=world.verifier, filter_id=kept.pk) for _ in range(2)] == [1, 0]


def test_what_nobody_can_ask_for_counts_as_all():
    assert filtering.read({"who": "x", "kind": "DROP", "service": "S" * 99}) == Chosen(service="S" * 51)


def test_the_lists_offer_the_services_and_kinds_of_all_tasks_not_only_of_those_shown(officer, world):
    for _ in range(51):
        world.submitted()
    other_service(world)
    last = world.submitted()  # the last to be due, of another service and kind
    Task.objects.filter(case_id=last.pk).update(kind="assess", due_at=MONDAY.replace(year=2030))

    page = officer.get("/tugas/")

    assert page.context["shown"] == 50
    assert page.context["services"] == [
        ("DPMPTSP/LAIN", both("Izin lain")),
        ("DPMPTSP/UJI", both("Izin uji")),
    ]
    assert page.context["kinds"] == ["completeness", "assess"]
    one = officer.get("/tugas/?who=&service=DPMPTSP/LAIN&kind=assess")
    assert [row["application"].pk for group in one.context["groups"] for row in group["rows"]] == [last.pk]
    assert officer.get("/tugas/?who=&service=DPMPTSP/LAIN&kind=completeness").context["total"] == 0


def test_a_number_its_last_digits_or_a_whole_name_finds_the_officers_own_tasks(world):
    first, second = world.submitted(), world.submitted()
    theirs = {pk: world.task(pk, "completeness").pk for pk in (first, second)}
    world.sari.name = "Siti Sari Aminah"
    world.sari.save()
    Application.objects.filter(pk=second.pk).update(applicant=world.budi)

    assert search(world, first.number.lower()) == {theirs[first]}
    assert search(world, "2") == search(world, "000002") == {theirs[second]}
    assert search(world, "aminah siti") == {theirs[first]}
    assert search(world, "Budi") == {theirs[second]}
    assert search(world, "Sit") == search(world, "S") == search(world, "9") == set()
    assert search(world, first.number, world.dinkes) == set()  # no task of theirs


def test_a_name_that_too_many_bear_is_no_answer(world, officer):
    world.submitted()
    Person.objects.bulk_create(
        Person(name=f"Sari {n}", created_at=MONDAY) for n in range(inbox_queries.MOST_NAMES)
    )

    with pytest.raises(inbox_queries.TooManyNames):
        search(world, "Sari")
    page = officer.get("/tugas/?cari=Sari")
    assert "Terlalu banyak pemohon bernama itu" in page.content.decode()
    assert page.context["total"] == 0


def test_a_search_leaves_the_filter_as_it_was(officer, world):
    application = world.submitted()
    officer.get("/tugas/?who=mine")

    found = officer.get(f"/tugas/?cari={application.number}")

    assert found.context["total"] == 1
    assert officer.get("/tugas/").context["chosen"] == Chosen(who="mine")


def test_filters_on_the_page_are_kept_used_with_one_press_and_removed(officer, world):
    world.submitted()
    assert "Simpan saringan ini" in officer.get("/tugas/?who=free&kind=completeness").content.decode()
    refused = officer.post("/tugas/saringan/", {"who": "free", "name": ""}, follow=True).content.decode()
    officer.post("/tugas/saringan/", {"who": "free", "kind": "completeness", "name": "Pagi <b>"})
    page = officer.get("/tugas/?who=").content.decode()
    used = officer.get("/tugas/?who=free&service=&kind=completeness").content.decode()

    assert "Beri nama saringan ini" in refused
    assert '<a href="?who=free&amp;service=&amp;kind=completeness">Pagi &lt;b&gt;</a>' in page
    assert 'aria-current="true">Pagi' in used
    assert "Simpan saringan ini" not in used
    officer.post(f"/tugas/saringan/{SavedFilter.objects.get().pk}/hapus/")
    assert not SavedFilter.objects.exists()


@pytest.mark.parametrize(
    "address", ["/tugas/", "/tugas/?who=free&service=DPMPTSP/UJI&kind=completeness", "/tugas/?cari=1"]
)
def test_however_long_the_list_the_statements_stay_as_many(officer, world, address):
    world.submitted()
    officer.get(address)
    with CaptureQueriesContext(connection) as few:
        officer.get(address)
    for _ in range(9):
        world.submitted()
    with CaptureQueriesContext(connection) as many:
        officer.get(address)

    assert len(few) == len(many)
    # Whoever counts or groups the whole list looks at tasks alone.
    counting = [q["sql"] for q in many if "COUNT(" in q["sql"] and "reviews_task" in q["sql"]]
    assert counting
    assert not [sql for sql in counting if "applications_application" in sql]


def test_a_new_task_knows_its_service(world):
    application = world.in_review()

    assert set(Task.objects.values_list("service", flat=True)) == {application.service_id}


def test_open_tasks_from_before_learn_their_service_and_ended_ones_stay(world):
    application = world.in_review()
    Task.objects.update(service=None)
    with connection.cursor() as cursor:
        cursor.execute(import_module("gerai.reviews.migrations.0004_services_and_names").SERVICES)

    known = Task.objects.filter(case_id=application.pk, service=application.service_id)
    assert set(known) == set(Task.objects.filter(done_at=None))


def test_names_are_found_by_their_index(world):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN " + inbox_queries.NAMED, ["sari", 9])
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert "person_name_words" in plan
