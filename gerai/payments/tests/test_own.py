"""Nobody acts on their own money: a teller on their own invoice, an administrator on their own refund."""

import pytest

from gerai.accounts.models import Business, BusinessMember, Person
from gerai.agencies.models import Membership
from gerai.applications.models import Application
from gerai.ledger.models import Entry
from gerai.payments import counter, rules, services
from gerai.payments.models import Invoice, Payment, Refund
from gerai.payments.tests.make import at_the_bank, event, invoice_of
from gerai.reviews.tests.make import MONDAY, World, person

pytestmark = pytest.mark.django_db


def admin(world: World, who: Person) -> Membership:
    agency = world.agencies["DPMPTSP"]
    return Membership.objects.create(mall=world.mall, agency=agency, person=who, role="agency_admin")


def of_a_business_of(who: Person, invoice: Invoice) -> None:
    firm = Business.objects.create(
        nib="9120001234567", name="CV Rafflesia", created_at=MONDAY, proven_at=MONDAY
    )
    BusinessMember.objects.create(business=firm, person=who, role="owner", since=MONDAY)
    Application.objects.filter(pk=invoice.application_id).update(business=firm)


@pytest.mark.parametrize("by_business", [False, True])
def test_a_teller_takes_no_money_from_themselves_or_their_business(client, by_business):
    world = World()
    invoice = invoice_of(world)
    who = world.budi if by_business else world.sari
    if by_business:
        of_a_business_of(who, invoice)
    member = at_the_bank(world, who)
    before = Entry.objects.count()

    with pytest.raises(rules.CashOfOwn):
        counter.pay_at_counter(member=member, number=invoice.number, reference="SLIP91", now=MONDAY)
    client.force_login(who)
    refused = client.post("/bayar/loket/", {"number": invoice.number, "reference": "SLIP91"})

    assert (refused.status_code, rules.CashOfOwn.text in refused.content.decode()) == (422, True)
    assert (Invoice.objects.get().status, Payment.objects.count(), Entry.objects.count()) == (
        "open",
        0,
        before,
    )


@pytest.mark.parametrize("by_business", [False, True])
def test_nobody_says_that_their_own_money_has_gone_back(client, by_business):
    world = World()
    invoice = invoice_of(world)
    services.settle(event=event(invoice, amount=1), now=MONDAY)
    owed = Refund.objects.get()
    who = world.budi if by_business else world.sari
    if by_business:
        of_a_business_of(who, invoice)
    member = admin(world, who)
    before = Entry.objects.count()

    with pytest.raises(rules.RefundOfOwn):
        counter.give_back(member=member, refund_id=owed.pk, reference="TRF900", now=MONDAY)
    client.force_login(who)
    refused = client.post("/bayar/pengembalian/", {"refund": owed.pk, "reference": "TRF900"})

    assert (refused.status_code, rules.RefundOfOwn.text in refused.content.decode()) == (422, True)
    assert (Refund.objects.get().returned_at, Entry.objects.count()) == (None, before)
    counter.give_back(member=admin(world, person("Admin")), refund_id=owed.pk, reference="TRF900", now=MONDAY)
    assert Refund.objects.get().returned_at == MONDAY
