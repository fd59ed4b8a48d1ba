"""What the tests of confirming share: a desk where somebody is helped, what they press, a signature."""

import base64
import io
import threading
from datetime import timedelta
from typing import Any

from django.db import connection
from PIL import Image, ImageDraw

from gerai.accounts.models import Person
from gerai.agencies.models import Membership
from gerai.applications import confirm_queries as queries
from gerai.applications import confirming, helping, services
from gerai.applications.confirm_models import Confirmation
from gerai.applications.models import Application
from gerai.applications.tests.make import GOOD, MONDAY, World, person
from gerai.core.errors import DomainError
from gerai.ledger.models import Entry

NIK = "1771015506909001"
EVENING = MONDAY + timedelta(hours=15, seconds=1)  # the day has ended in Bengkulu


class Desk(World):
    """putri types for bu Aminah."""

    def __init__(self) -> None:
        super().__init__()
        self.putri = person("Putri")
        Membership.objects.create(mall=self.mall, person=self.putri, role="information_desk")
        self.draft_ = helping.begin_for(
            officer=self.putri, mall=self.mall, name="Bu Aminah", nik=NIK, card_seen=True, consent=True,
            service=self.service, now=MONDAY,
        )  # fmt: skip
        self.aminah = Person.objects.get(pk=self.draft_.applicant_id)

    def fill(self, **changes: str) -> None:
        for section in ("place", "more"):
            services.save_answers(
                person=self.putri, application_id=self.draft_.pk, section=section, raw={**GOOD, **changes},
                now=MONDAY,
            )  # fmt: skip

    def ready(self) -> "Desk":
        self.fill()
        self.attach(self.draft_, who=self.putri)
        return self

    def ask(self, now: Any = MONDAY, officer: Any = None) -> str:
        made = confirming.ask(officer=officer or self.putri, application_id=self.draft_.pk, now=now)
        return queries.secret(made)["token"]

    @property
    def status(self) -> str:
        return Application.objects.get(pk=self.draft_.pk).status


def opened(token: str, device: str = "hp", now: Any = MONDAY) -> Confirmation:
    return confirming.open_link(token=token, device=device, now=now)


def yes(token: str, device: str = "hp", now: Any = MONDAY, marked: tuple[str, ...] = ()) -> Application:
    return confirming.confirm(token=token, device=device, marked=list(marked), now=now)


def wrong(token: str, *marked: str, note: str = "", device: str = "hp") -> None:
    confirming.mark_wrong(token=token, device=device, marked=list(marked), note=note, now=MONDAY)


def drawn(strokes: int = 12, size: tuple[int, int] = (900, 320)) -> str:
    image = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(image)
    for n in range(strokes):
        pen.line([(40 + 20 * n, 40), (60 + 20 * n, 200)], fill="#123", width=5)
    out = io.BytesIO()
    image.save(out, "PNG")
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()


def sent(desk: Desk) -> Entry:
    return Entry.objects.get(kind="applications.submitted", subject=f"application:{desk.draft_.pk}")


# -- on the applicant's own phone ------------------------------------------------------------------------


def code_of(desk: Desk) -> str:
    desk.ask()
    return queries.secret(Confirmation.objects.get())["code"]


def by_code(code: str, address: str = "203.0.113.9", now: Any = MONDAY) -> str:
    return confirming.token_of_code(code=code, address=address, now=now)


def signed(desk: Desk, picture: str | None = None, seen: str | None = None) -> Application:
    shown = queries.digest(queries.whole(Confirmation(application=desk.draft_))).hex()
    return confirming.sign(
        officer=desk.putri, application_id=desk.draft_.pk, seen=shown if seen is None else seen,
        picture=drawn() if picture is None else picture, now=MONDAY,
    )  # fmt: skip


def together(*acts: Any) -> list[Any]:
    barrier, results = threading.Barrier(len(acts)), []

    def run(act: Any) -> None:
        barrier.wait()
        try:
            results.append(act())
        except DomainError as error:
            results.append(type(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
