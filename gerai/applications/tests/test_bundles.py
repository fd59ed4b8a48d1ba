"""Several services applied for together: begun once, shared answers asked once, sent in order, each on its own."""

import pytest

from gerai.applications import bundle_queries, bundles, queries, services
from gerai.applications.bundle_models import Bundle, BundleItem
from gerai.applications.models import Application
from gerai.applications.tests.make import MONDAY
from gerai.applications.tests.street import ADDRESS, Street, content, everything
from gerai.applications.tests.test_races import at_once
from gerai.catalogue.models import Edition
from gerai.core.errors import NotFound
from gerai.ledger.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Street:
    return Street()


def test_a_bundle_has_a_draft_of_each_chosen_service_in_the_order_of_the_occasion(world):
    bundle = world.begin("UJI-3", "UJI-1")

    assert [i.service.code for i in bundle_queries.items(bundle)] == ["UJI-1", "UJI-3"]
    assert set(Application.objects.values_list("status", "applicant_id")) == {("draft", world.sari.pk)}
    assert (bundle.name["id"], bundle.at_mall) == ("Membuka toko", ["UJI-4"])
    entry = Entry.objects.get(kind="applications.bundled")
    assert (entry.subject, len(entry.data["applications"])) == (f"bundle:{bundle.pk}", 2)


def test_a_second_click_finds_the_same_bundle_and_makes_nothing(world):
    bundle = world.begin()
    before = everything()

    assert world.begin().pk == bundle.pk
    assert everything() == before


def test_what_is_chosen_later_is_added_to_the_open_bundle(world):
    bundle = world.begin("UJI-2")

    assert world.begin("UJI-1", "UJI-2").pk == bundle.pk
    assert [i.service.code for i in bundle_queries.items(bundle)] == ["UJI-1", "UJI-2"]


def test_a_draft_from_before_joins_as_it_is(world):
    draft = services.start(person=world.sari, service=world.shop, now=MONDAY)
    world.save(draft, "own", {"name": "Toko Sari"})

    bundle = world.begin("UJI-1", "UJI-2")

    assert Application.objects.count() == 2
    first = bundles.rows(bundle)[0]
    assert (first.application.pk, queries.kept_answers(first.application)) == (
        draft.pk,
        {"name": "Toko Sari"},
    )


@pytest.mark.parametrize(
    ("codes", "refusal"),
    [
        ([], bundles.NothingChosen),
        (["UJI-9"], NotFound),
        (["UJI"], NotFound),
        (["UJI-1", "UJI-4"], services.NotOnline),
    ],
)
def test_nothing_is_begun_where_one_of_them_cannot_be(world, codes, refusal):
    before = everything()

    with pytest.raises(refusal):
        bundles.begin(person=world.sari, mall=world.mall, occasion="TOKO", codes=codes, now=MONDAY)
    assert everything() == before


def test_an_occasion_that_is_not_there_is_not_found(world):
    with pytest.raises(NotFound):
        bundles.begin(person=world.sari, mall=world.mall, occasion="NIKAH", codes=["UJI-1"], now=MONDAY)


def test_two_people_have_two_bundles_and_neither_finds_the_others(world):
    mine, other = world.begin(), world.begin(who=world.budi)
    before = everything()

    assert mine.pk != other.pk
    with pytest.raises(NotFound):
        bundle_queries.get(world.sari, other.pk)
    with pytest.raises(NotFound):
        bundles.send_all(person=world.sari, bundle_id=other.pk, now=MONDAY)
    for bundle in (mine, other):  # neither the bundle nor the draft may be somebody else's
        theirs = Application.objects.filter(applicant=world.budi).first()
        with pytest.raises(NotFound):
            bundles.fill(person=world.sari, bundle_id=bundle.pk, application_id=theirs.pk, now=MONDAY)
    assert everything() == before


def test_shared_answers_and_documents_are_asked_once_and_shown_as_taken_over(world):
    bundle = world.begin()
    world.answer(world.shop, "name")

    draft = world.fill(bundle, world.sign)

    assert queries.kept_answers(draft) == {"contact_address": {"street": "Jalan Suprapto 12"}}
    assert b"Suprapto" not in bytes(draft.answers_sealed)
    assert list(draft.attachments.values_list("requirement", flat=True)) == ["KTP"]
    row = bundles.rows(bundle)[1]
    assert [label["id"] for label in row.carried] == ["Alamat surat", "Ktp"]
    assert set(row.missing) == {"answer:words", "file:SURAT"}
    entry = Entry.objects.get(kind="applications.prefilled")
    assert entry.data["what"] == ["answer:contact_address", "file:KTP"]
    assert "Suprapto" not in str(entry.data)
    assert Entry.objects.get(kind="documents.reused").subject == f"person:{world.sari.pk}"


def test_taking_over_twice_is_once_and_never_changes_what_stands_there(world):
    bundle = world.begin()
    world.answer(world.shop, "name")
    world.fill(bundle, world.sign)
    world.save(world.of(world.sign), "who", {"contact_address": "Jalan Baru 9"})
    before = everything()

    draft = world.fill(bundle, world.sign)

    assert queries.kept_answers(draft)["contact_address"] == {"street": "Jalan Baru 9"}
    assert everything() == before


def test_an_answer_that_the_other_form_would_not_accept_is_left_open(world):
    strict = {**ADDRESS, "schema": {"minLength": 40}}
    Edition.objects.filter(service=world.sign).update(status="superseded")
    Edition.objects.create(
        service=world.sign,
        number=2,
        content=content("words", address=strict),
        status="published",
        published_at=MONDAY,
    )
    bundle = world.begin("UJI-1", "UJI-2")
    world.answer(world.shop, "name")

    assert queries.kept_answers(world.fill(bundle, world.sign)) == {}


def test_a_question_of_the_same_name_that_is_not_shared_is_asked_again(world):
    own = {**ADDRESS, "shared": False}
    Edition.objects.filter(service=world.sign).update(status="superseded")
    Edition.objects.create(
        service=world.sign,
        number=2,
        content=content("words", address=own),
        status="published",
        published_at=MONDAY,
    )
    bundle = world.begin("UJI-1", "UJI-2")
    world.answer(world.shop, "name")

    assert queries.kept_answers(world.fill(bundle, world.sign)) == {}


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_eight_clicks_on_apply_for_all_leave_one_bundle_and_one_draft_of_each(world):
    made = at_once([world.begin] * 8)

    assert len({bundle.pk for bundle in made}) == 1
    assert (Bundle.objects.count(), BundleItem.objects.count(), Application.objects.count()) == (1, 3, 3)
    assert Entry.objects.filter(kind="applications.bundled").count() == 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_eight_clicks_on_go_on_take_over_once(world):
    bundle = world.begin("UJI-1", "UJI-2")
    world.answer(world.shop, "name")

    at_once([lambda: world.fill(bundle, world.sign)] * 8)

    assert Entry.objects.filter(kind="applications.prefilled").count() == 1
    assert world.of(world.sign).attachments.count() == 1


def test_three_services_ask_the_database_as_little_as_one(world, django_assert_num_queries):
    bundle = world.begin("UJI-1")
    world.save(bundle_queries.items(bundle).get().application, "own", {"name": "Toko Sari"})
    with django_assert_num_queries(
        5
    ):  # the bundle, its items, their files, what was granted, where the mall is
        bundles.rows(bundle_queries.get(world.sari, bundle.pk))

    world.begin("UJI-2", "UJI-3")

    with django_assert_num_queries(5):
        assert len(bundles.rows(bundle_queries.get(world.sari, bundle.pk))) == 3
