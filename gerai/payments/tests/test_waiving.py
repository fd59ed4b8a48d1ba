"""The head of the agency lets somebody off before payment, with a ground; then the route goes on."""

import pytest
from django.db import transaction

from gerai.agencies.models import Membership
from gerai.applications import services as applications
from gerai.applications.models import Application
from gerai.applications.rules import Status
from gerai.core.errors import NotFound
from gerai.ledger.models import Entry
from gerai.ledger.rules import SYSTEM
from gerai.notices.models import Notice
from gerai.payments import rules, services, telling
from gerai.payments.models import Invoice, Payment, Refund, Waiver
from gerai.payments.tests.make import event, invoice_of
from gerai.payments.tests.test_withdrawing import begun, follow
from gerai.reviews.models import Task
from gerai.reviews.tests.make import MONDAY, World

pytestmark = pytest.mark.django_db
GROUND = "Perda 1/2024 pasal 96, SK 12/2026"


def head(world: World) -> Membership:
    return Membership.objects.get(person=world.signer)


def ask(world: World, invoice: Invoice, **changes: object) -> dict[str, object]:
    return {"member": head(world), "number": invoice.number, "ground": GROUND, "now": MONDAY, **changes}


def unchanged(invoice: Invoice) -> bool:
    invoice.refresh_from_db()
    return (invoice.status, Waiver.objects.count(), settled()) == ("open", 0, 0)


def settled() -> int:
    return Entry.objects.filter(kind="payments.settled").count()


def test_a_waived_invoice_owes_nothing_and_the_route_goes_on_once():
    world = World()
    invoice = invoice_of(world)

    for _ in range(2):
        services.waive(**ask(world, invoice))
    for _ in range(2):
        follow()

    invoice.refresh_from_db()
    assert (invoice.status, invoice.waiver.ground, invoice.waiver.by) == ("waived", GROUND, world.signer)
    entry = Entry.objects.get(kind="payments.settled")
    assert (entry.data["amount"], entry.data["waived"], entry.actor_id) == (0, 30000, str(world.signer.pk))
    assert entry.data["paid_at"] == MONDAY.isoformat()
    assert Application.objects.get(pk=invoice.application_id).status == Status.DECISION
    assert Task.objects.filter(key="decide").count() == 1
    assert not Payment.objects.exists()


def test_the_applicant_is_told_once_that_nothing_is_to_be_paid():
    world = World()
    invoice = invoice_of(world)
    services.waive(**ask(world, invoice))
    entry = Entry.objects.get(kind="payments.settled")
    for _ in range(2):  # a consumer may see an entry twice
        telling.told(entry=entry, now=MONDAY)

    notice = Notice.objects.get(template="fee_waived")
    assert notice.person == invoice.application.applicant
    assert "Rp30.000" in notice.subject
    assert GROUND not in notice.body


def test_of_a_payment_nobody_is_told_that_it_was_waived():
    services.settle(event=event(invoice_of(World())), now=MONDAY, actor=SYSTEM)
    telling.told(entry=Entry.objects.get(kind="payments.settled"), now=MONDAY)

    assert not Notice.objects.filter(template="fee_waived").exists()


@pytest.mark.parametrize("ground", ["", "  ", "kasihan", " a   b   c ", "x" * 301])
def test_nobody_is_let_off_without_a_ground(ground):
    world = World()
    invoice = invoice_of(world)

    with pytest.raises(rules.WaiverUngrounded):
        services.waive(**ask(world, invoice, ground=ground))
    assert unchanged(invoice)


def test_nobody_lets_off_themselves():
    world = World()
    invoice = invoice_of(world)
    Application.objects.filter(pk=invoice.application_id).update(applicant=world.signer)

    with pytest.raises(rules.WaiverOfOwn):
        services.waive(**ask(world, invoice))
    assert unchanged(invoice)


def test_another_agencys_head_and_other_roles_find_no_invoice(client):
    world = World()
    invoice = invoice_of(world)
    others = [world.staff("Kepala Dua", "PUPR", "signer"), world.verifier]

    for one in others:
        with pytest.raises(NotFound):
            services.waive(**ask(world, invoice, member=Membership.objects.get(person=one)))
    client.force_login(others[0])
    assert client.get("/bayar/pembebasan/", {"number": invoice.number}).status_code == 422
    for one in (world.verifier, world.sari):
        client.force_login(one)
        assert client.get("/bayar/pembebasan/").status_code == 404
    assert unchanged(invoice)


def test_what_is_paid_or_withdrawn_cannot_be_waived():
    world = World()
    invoice = invoice_of(world)
    applications.withdraw(person=world.sari, application_id=invoice.application_id, now=MONDAY)
    with pytest.raises(rules.InvoiceNotOpen):
        services.waive(**ask(world, invoice))
    assert unchanged(invoice)

    Application.objects.filter(pk=invoice.application_id).update(status=Status.PAYMENT)
    services.settle(event=event(invoice), now=MONDAY)
    with pytest.raises(rules.InvoiceNotOpen):
        services.waive(**ask(world, invoice))
    invoice.refresh_from_db()
    assert (invoice.status, Waiver.objects.count(), settled()) == ("paid", 0, 1)


def test_money_that_comes_after_the_waiver_is_owed_back():
    world = World()
    invoice = invoice_of(world)
    services.waive(**ask(world, invoice))

    assert services.settle(event=event(invoice), now=MONDAY) == "waived"
    services.cancel(application=invoice.application, actor=SYSTEM, now=MONDAY)

    invoice.refresh_from_db()
    assert (invoice.status, Refund.objects.get().reason, settled()) == ("waived", "waived", 1)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_money_that_comes_while_the_head_waives_is_owed_back():
    world = World()
    invoice = invoice_of(world)

    with transaction.atomic():
        services.waive(**ask(world, invoice))
        settling = begun(lambda: services.settle(event=event(invoice), now=MONDAY))
    assert settling.result(10) == "waived"
    assert (Payment.objects.count(), Refund.objects.count(), settled()) == (0, 1, 1)


def test_the_head_waives_on_a_page_and_the_applicant_reads_the_ground(client):
    world = World()
    invoice = invoice_of(world)
    client.force_login(world.signer)

    found = client.get("/bayar/pembebasan/", {"number": invoice.number.lower()}).content.decode()
    assert "Bebaskan Rp30.000" in found
    short = client.post("/bayar/pembebasan/", {"number": invoice.number, "ground": "tolong"})
    assert short.status_code == 422
    assert rules.WaiverUngrounded.text in short.content.decode()
    assert unchanged(invoice)
    done = client.post("/bayar/pembebasan/", {"number": invoice.number, "ground": GROUND}, follow=True)
    assert "Sudah dibebaskan" in done.content.decode()

    client.force_login(world.sari)
    page = client.get(f"/bayar/{invoice.pk}/").content.decode()
    assert "Dibebaskan, tidak perlu dibayar" in page
    assert GROUND in page
    assert "Bayar sekarang" not in page
    assert client.get(f"/bayar/{invoice.pk}/kuitansi/").status_code == 302
