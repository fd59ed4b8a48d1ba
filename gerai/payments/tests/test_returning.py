"""Money that goes back: the payer is told when it is owed and when it has gone, with the bank's reference."""

from datetime import timedelta

import pytest
from django.utils import timezone

from gerai.agencies.models import Membership
from gerai.applications import marks
from gerai.applications.models import Application
from gerai.applications.rules import Status
from gerai.ledger.models import Entry
from gerai.ledger.rules import SYSTEM
from gerai.notices.models import Notice
from gerai.payments import counter, rules, services
from gerai.payments.models import Invoice, Refund
from gerai.payments.rules import Owed
from gerai.payments.tasks import tell
from gerai.payments.tests.make import event, invoice_of
from gerai.reviews.tests.make import MONDAY, World, person

pytestmark = pytest.mark.django_db


def follow() -> None:
    for _ in range(2):  # an entry comes at least once
        for entry in Entry.objects.filter(kind__startswith="payments.").order_by("id"):
            tell(entry)
        for entry in Entry.objects.filter(kind="applications.rejected"):
            tell(entry)


def told() -> list[tuple[str, str]]:
    return list(Notice.objects.order_by("pk").values_list("template", "person__name"))


def admin(world: World) -> Membership:
    agency, who = world.agencies["DPMPTSP"], person("Admin")
    return Membership.objects.create(mall=world.mall, agency=agency, person=who, role="agency_admin")


def too_little() -> tuple[World, Invoice, Refund]:
    world = World()
    invoice = invoice_of(world)
    services.settle(event=event(invoice, amount=29000), now=MONDAY)
    return world, invoice, Refund.objects.get()


def test_the_payer_is_told_once_that_money_is_owed_back_and_once_that_it_has_gone_with_the_reference(client):
    world, _, owed = too_little()
    follow()
    assert told() == [("refund_owed", "Sari")]
    assert "Rp29.000" in Notice.objects.get().body
    assert "jumlahnya tidak sama dengan tagihan" in Notice.objects.get().body

    counter.give_back(member=admin(world), refund_id=owed.pk, reference=" trf900 ", now=MONDAY)
    follow()
    assert told() == [("refund_owed", "Sari"), ("refund_returned", "Sari")]
    notice = Notice.objects.latest("pk")
    assert "TRF900" in notice.body
    client.force_login(world.sari)
    page = client.get(notice.path).content.decode()
    for fact in ("Rp29.000: sudah dikembalikan", "jumlah tidak sesuai", "TRF900"):
        assert fact in page


@pytest.mark.parametrize("wrong", ["", "  ", "ab1", "A - B", "TRF_900", "a" * 41, "TRFé1"])
def test_without_the_banks_reference_nothing_is_noted(wrong):
    world, _, owed = too_little()
    member, before = admin(world), Entry.objects.count()

    with pytest.raises(rules.ReferenceMissing):
        counter.give_back(member=member, refund_id=owed.pk, reference=wrong, now=MONDAY)

    assert (Refund.objects.get().returned_at, Entry.objects.count()) == (None, before)


def test_the_first_reference_stays():
    world, _, owed = too_little()
    member = admin(world)

    for reference, days in (("TRF900", 0), ("TRF901", 1)):
        now = MONDAY + timedelta(days=days)
        counter.give_back(member=member, refund_id=owed.pk, reference=reference, now=now)

    kept = Refund.objects.get()
    assert (kept.returned_ref, kept.returned_at) == ("TRF900", MONDAY)
    [entry] = Entry.objects.filter(kind="payments.returned")
    assert "TRF900" not in str(entry.data)


def test_the_agency_sees_how_long_each_waits_and_notes_the_reference_on_the_page(client):
    world, _, owed = too_little()
    Refund.objects.update(received_at=timezone.now() - timedelta(days=4, hours=1))
    client.force_login(admin(world).person)

    assert "menunggu 4 hari" in client.get("/bayar/pengembalian/").content.decode()
    refused = client.post("/bayar/pengembalian/", {"refund": owed.pk, "reference": "?"})
    assert (refused.status_code, rules.ReferenceMissing.text in refused.content.decode()) == (422, True)
    assert client.post("/bayar/pengembalian/", {"refund": owed.pk, "reference": "TRF900"}).status_code == 302
    page = client.get("/bayar/pengembalian/").content.decode()
    assert "TRF900" in page
    assert "menunggu" not in page


def test_of_what_went_back_before_references_were_kept_nothing_is_told():
    world, _, owed = too_little()
    counter.give_back(member=admin(world), refund_id=owed.pk, reference="TRF900", now=MONDAY)
    Refund.objects.update(returned_ref="")
    follow()

    assert told() == []


def test_money_whose_word_was_taken_back_is_not_spoken_of():
    _, invoice, _ = too_little()
    services.settle(event=event(invoice, event_id="evt-2"), now=MONDAY)  # the provider corrected itself
    follow()

    assert told() == []


def test_of_a_rejection_nothing_is_told_or_shown_before_its_letter_is_signed(client):
    world = World()
    invoice = invoice_of(world)
    services.settle(event=event(invoice), now=MONDAY)
    application = Application.objects.get(pk=invoice.application_id)
    for status in (Status.DECISION, Status.SIGNING):
        marks.mark(application=application, status=status)
    services.owe_back(application=application, reason=Owed.REJECTED, actor=SYSTEM, now=MONDAY)
    client.force_login(world.sari)

    follow()
    assert told() == []
    assert "dikembalikan" not in client.get(f"/bayar/{invoice.pk}/").content.decode()

    Application.objects.update(rejection={"ground": "Perda 1", "text": "Karena."})
    marks.mark_signed(application_id=application.pk, now=MONDAY)
    follow()
    assert told() == [("refund_owed", "Sari")]
    assert "akan dikembalikan kepada Anda" in client.get(f"/bayar/{invoice.pk}/").content.decode()
