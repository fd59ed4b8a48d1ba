"""The kiosk: three taps, one number, a ticket on paper or on the phone; and what a visitor may not see there."""

import re

import pytest

from gerai.agencies.models import Counter, Mall
from gerai.catalogue.models import Edition
from gerai.floor import hall as hall_rules
from gerai.floor import printing, services
from gerai.floor.models import Device, Duty
from gerai.floor.ports import PrinterTrouble, Ticket
from gerai.floor.tests.make import MORNING, Hall, enter, pair
from gerai.ledger.models import Entry
from gerai.visits.models import Visit

pytestmark = pytest.mark.django_db


class Paper:
    """A printer behind the port that keeps what it printed, and fails as it is told."""

    printed: list[tuple[str, Ticket]] = []
    trouble = ""

    def print_ticket(self, *, address, ticket):
        if self.trouble in ("paper_out", "unreachable"):
            raise PrinterTrouble(self.trouble)
        self.printed.append((address, ticket))
        return self.trouble


@pytest.fixture
def paper(settings):
    settings.TICKET_PRINTER = f"{__name__}.Paper"
    Paper.printed, Paper.trouble = [], ""
    return Paper


@pytest.fixture
def hall():
    made = Hall()
    made.mall.details = {
        "entrances": [{"letter": "K", "name": {"id": "Utara", "en": "North"}}],
        "most_asked": ["Y"],
    }
    made.mall.save()
    for service in made.services.values():
        Edition.objects.create(
            service=service, number=1, content={}, status="published", published_at=MORNING
        )
    return made


@pytest.fixture
def kiosk(hall, client):
    made = pair(hall.mall, "kiosk")
    enter(client, made)
    return made


def take(client, *codes, **more):
    return client.post("/kios/", {"s": list(codes or ["X/X"]), "key": "k1", **more}, follow=True)


def said(answer):
    """What the ticket says about printing: empty where it says nothing."""
    hidden, text = re.search(
        r'id="printed" role="status"( hidden)?>([^<]*)</p>', answer.content.decode()
    ).groups()
    assert bool(hidden) == (text == "")
    return text


def test_three_taps_without_a_script(client, hall, kiosk):
    assert b"s=Y/Y" in client.get("/kios/").content  # the most asked services
    assert b"agency=X" in client.get("/kios/?semua=1").content
    assert b"s=X/X" in client.get("/kios/?agency=X").content
    confirm = client.get("/kios/?s=X/X").content.decode()
    key = re.search(r'name="key" value="(\w+)"', confirm)[1]
    answer = client.post("/kios/", {"s": ["X/X"], "key": key}, follow=True)

    assert b"K 001" in answer.content
    assert b"data:image/svg+xml" in answer.content
    visit = Visit.objects.get()
    assert (visit.person_id, visit.entrance) == (None, "K")
    assert Entry.objects.get(kind="visits.arrived").actor_id == str(kiosk.pk)


def test_however_often_it_is_tapped_there_is_one_number(client, hall, kiosk):
    for _ in range(3):
        assert b"K 001" in take(client).content

    assert Visit.objects.count() == 1


def test_several_errands_and_a_priority_are_one_number(client, hall, kiosk):
    page = take(client, "X/X", "Y/Y", priority="elderly").content.decode()

    visit = Visit.objects.get()
    assert (visit.priority, visit.errands.count()) == ("elderly", 2)
    assert "Pertama ke" in page
    assert "paling singkat" in page


def test_the_ticket_names_the_counters_that_are_open_and_says_when_none_is(client, hall, kiosk):
    x = hall.services["X"].agency
    for number in (2, 3):
        Counter.objects.create(mall=hall.mall, number=number).agencies.add(x)
    assert "Pertama ke X, loket 1</strong>" in take(client).content.decode()

    services.sign_on(member=hall.officer("Dua"), counter_number=2, now=MORNING)
    other = hall.offer("X", "X2")
    Duty.objects.get(counter__number=2).services.add(other)  # not for what this visitor came for
    visit = Visit.objects.get()
    assert printing.first_stop(list(visit.errands.all()))["counters"] == "1"

    Duty.objects.update(closed_at=MORNING)
    page = client.get(f"/kios/tiket/{visit.secret}/").content.decode()
    assert "Pertama ke X, loket 1–3 (belum buka)" in page
    assert "Pertama: X, loket 1–3 (belum buka)" in printing.ticket_of(visit, MORNING).lines


def test_a_refusal_is_told_on_the_kiosk_itself_and_uses_up_no_number(client, hall, kiosk):
    answer = take(client, priority="friend")

    assert answer.status_code == 422
    assert 'id="take"' in answer.content.decode()
    assert not Visit.objects.exists()
    assert b"K 001" in take(client).content


def test_the_next_visitor_begins_in_indonesian_again(client, hall, kiosk):
    assert 'lang="en"' in client.get("/kios/?b=en").content.decode().split("<head>")[0]
    assert 'lang="id"' in client.get("/kios/").content.decode().split("<head>")[0]
    take(client, b="en")
    assert Visit.objects.get().language == "en"


def test_the_ticket_is_printed_at_the_kiosks_own_printer_without_a_name(client, hall, kiosk, paper):
    printer = pair(hall.mall, "printer", address="10.0.0.9:9100")
    Device.objects.filter(pk=kiosk.pk).update(printer=printer)
    take(client, "X/X", "Y/Y")
    visit = Visit.objects.get()

    answer = client.post(f"/kios/cetak/{visit.secret}/", headers={"accept": "application/json"})
    assert answer.json() == {"trouble": "", "told": hall_rules.PRINTED[""]}
    ((address, ticket),) = Paper.printed
    assert (address, ticket.number) == ("10.0.0.9:9100", "K 001")
    assert ticket.link.endswith(f"/kunjungan/{visit.secret}/")
    assert [line for line in ticket.lines if line.startswith(("1.", "2."))] == ["1. X (X)", "2. Y (Y)"]


@pytest.mark.parametrize("with_printer", [True, False])
def test_a_fine_ticket_tells_of_no_trouble(client, hall, kiosk, paper, with_printer):
    if with_printer:
        Device.objects.filter(pk=kiosk.pk).update(printer=pair(hall.mall, "printer", address="10.0.0.9:9100"))

    fresh = take(client)
    assert said(fresh) == ""
    assert said(client.get(f"/kios/tiket/{Visit.objects.get().secret}/")) == ""  # nor a reload
    if with_printer:
        printed = client.post(f"/kios/cetak/{Visit.objects.get().secret}/")
        assert said(printed) == hall_rules.PRINTED[""]


def test_a_kiosk_that_lost_its_printer_says_so_and_not_that_the_paper_is_out(client, hall, kiosk, paper):
    take(client)
    visit = Visit.objects.get()

    shown = client.post(f"/kios/cetak/{visit.secret}/", {"b": "en"})
    assert said(shown).startswith("This kiosk has no printer. Scan the QR code")
    told = client.post(f"/kios/cetak/{visit.secret}/", headers={"accept": "application/json"}).json()
    assert (told["trouble"], told["told"]) == ("no_printer", hall_rules.PRINTED["no_printer"])
    assert Paper.printed == []


@pytest.mark.parametrize("trouble", ["paper_out", "unreachable"])
def test_without_paper_the_number_stands_and_screen_and_manager_are_told(client, hall, kiosk, paper, trouble):
    printer = pair(hall.mall, "printer", address="10.0.0.9:9100")
    Device.objects.filter(pk=kiosk.pk).update(printer=printer)
    take(client)
    visit = Visit.objects.get()
    paper.trouble = trouble

    shown = client.post(f"/kios/cetak/{visit.secret}/")
    assert said(shown) == hall_rules.PRINTED[trouble]
    printer.refresh_from_db()
    assert printer.trouble == trouble
    paper.trouble = ""
    client.post(f"/kios/cetak/{visit.secret}/")
    printer.refresh_from_db()
    assert (printer.trouble, len(Paper.printed)) == ("", 1)
    assert Entry.objects.filter(kind="floor.device_trouble").count() == 2


def test_a_kiosk_shows_and_prints_no_ticket_of_another_mall(client, hall, kiosk, paper):
    other = Mall.objects.create(code="9999", name="Mal Lain", city="Lain")
    take(client)
    visit = Visit.objects.get()
    enter(client, pair(other, "kiosk"))

    assert client.get(f"/kios/tiket/{visit.secret}/").status_code == 401
    assert client.post(f"/kios/cetak/{visit.secret}/").status_code == 401
    assert client.get("/kios/tiket/guessed/").status_code == 404


def test_a_code_of_no_appointment_is_told_and_gives_no_number(client, hall, kiosk):
    answer = client.post("/kios/janji/", {"code": "AAAAAA"})

    assert answer.status_code == 422
    assert "Tidak ada janji temu" in answer.content.decode()
    assert not Visit.objects.exists()
