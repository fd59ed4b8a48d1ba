"""A difference is closed by a word of the mall's manager, on a page."""

from datetime import timedelta

import pytest

from gerai.agencies.models import Mall, Membership
from gerai.core.errors import NotFound
from gerai.ledger.models import Entry
from gerai.payments import rules, services, statement
from gerai.payments.models import Difference
from gerai.payments.tests.ledgers import NEXT, found, manager, run
from gerai.payments.tests.make import Books, event, invoice_of
from gerai.reviews.tests.make import MONDAY, World, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def bank(settings) -> type[Books]:
    return Books.use(settings)


def test_a_difference_is_closed_by_a_word_once_and_by_its_malls_manager_only(bank):
    world = World()
    invoice = invoice_of(world)
    bank.list("ref-8", 30000, MONDAY, invoice.number)
    run(world)
    one = Difference.objects.get()
    other = Mall.objects.create(code="9999", name="Mal Lain", city="Lain")
    ask = {"difference_id": one.pk, "note": "Sudah ditanyakan ke bank", "now": NEXT}
    admin = Membership.objects.create(
        mall=world.mall, agency=world.agencies["DPMPTSP"], person=person("Admin"), role="agency_admin"
    )

    for stranger in (manager(other, "Lain"), admin):
        with pytest.raises(NotFound):
            services.note_difference(member=stranger, **ask)
    own = manager(world.mall)
    with pytest.raises(rules.DifferenceNoteMissing):
        services.note_difference(member=own, **{**ask, "note": " ok  "})
    one.refresh_from_db()
    assert one.closed_at is None

    services.note_difference(member=own, **ask)
    services.note_difference(member=own, **{**ask, "note": "Kata yang lain", "now": NEXT + timedelta(1)})
    one.refresh_from_db()
    assert (one.note, one.closed_by, one.closed_at) == (ask["note"], own.person, NEXT)
    entry = Entry.objects.get(kind="payments.difference_closed")
    assert entry.data == {"day": "2026-11-23", "difference": one.pk, "differs": "missing_here"}
    run(world)
    assert found() == []


def test_the_manager_compares_and_notes_on_a_page_and_others_do_not_find_it(client, bank):
    world = World()
    invoice = invoice_of(world)
    services.settle(event=event(invoice), now=MONDAY)
    run(world)
    own = manager(world.mall)
    client.force_login(own.person)

    assert "/bayar/rekonsiliasi/" in client.get("/bayar/pengembalian/").content.decode()
    page = client.get("/bayar/rekonsiliasi/").content.decode()
    assert "Ada pada kita, tidak ada di bank" in page
    assert invoice.number in page
    for wrong in ("", "kemarin", "2020-01-01", "2999-01-01"):
        refused = client.post("/bayar/rekonsiliasi/", {"day": wrong})
        assert refused.status_code == 422
        assert statement.DayNotOver.text in refused.content.decode()
    one = Difference.objects.get()
    client.post(f"/bayar/rekonsiliasi/{one.pk}/", {"note": "Bank mengirim berkas susulan"})
    assert "Bank mengirim berkas susulan" in client.get("/bayar/rekonsiliasi/").content.decode()

    client.force_login(manager(Mall.objects.create(code="9999", name="Mal Lain", city="Lain"), "Lain").person)
    assert invoice.number not in client.get("/bayar/rekonsiliasi/").content.decode()
    assert client.post(f"/bayar/rekonsiliasi/{one.pk}/", {"note": "Bukan punya saya"}).status_code == 404
    client.force_login(world.sari)
    assert client.get("/bayar/rekonsiliasi/").status_code == 404
