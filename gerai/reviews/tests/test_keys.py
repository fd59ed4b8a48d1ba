"""Keys of the inbox and the case screen: written on the page, only where a script reads them, and none ends a task."""

import re
from html.parser import HTMLParser

import pytest

from gerai.reviews import services
from gerai.reviews.tests import signs
from gerai.reviews.tests.make import MONDAY, World

pytestmark = pytest.mark.django_db


class Keyed(HTMLParser):
    """What of a page a single key presses: the key, the tag, and of a button the address of its form."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.form, self.found = "", set[tuple[str, str, str]]()
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        if tag == "form":
            self.form = told.get("action") or ""
        if "data-keys" in told:
            self.found.add((told["data-keys"], tag, self.form if tag == "button" else ""))


@pytest.fixture
def officer(client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "id"
    return client


def page(officer, person, task_id):
    officer.force_login(person)
    return officer.get(f"/tugas/{task_id}/").content.decode()


def test_a_single_key_takes_up_or_lets_go_and_otherwise_only_goes_somewhere(officer):
    world = signs.official()
    application = world.in_review()
    deciding = signs.ready(world)[0]
    pages = [
        (world.verifier, world.task(world.submitted(), "completeness").pk),
        (world.dinkes, world.task(application, "technical.dinkes").pk),
        (world.signer, deciding),
    ]
    for person, pk in pages:
        for _ in range(2):
            pressed = {found for found in Keyed(page(officer, person, pk)).found if found[1] == "button"}
            assert pressed == {("t", "button", f"/tugas/{pk}/kerjakan/")}
            services.claim(person=person, task_id=pk, now=MONDAY)
    world.also(world.sari, "DINKES", "reviewer")
    colleague = world.staff("Dina", "DINKES", "reviewer")
    for person in (
        colleague,
        world.sari,
    ):  # taking over from a colleague is no single key; one's own case is nobody's
        keyed = Keyed(page(officer, person, pages[1][1])).found
        assert not {found for found in keyed if found[1] == "button"}


def test_the_keys_stand_on_the_page_and_stay_hidden_until_a_script_reads_them(officer):
    world = World()
    task = world.task(world.submitted(), "completeness")
    other = world.task(world.submitted(), "completeness")

    shown = page(officer, world.verifier, task.pk)
    inbox = officer.get("/tugas/").content.decode()

    for text in (shown, inbox):
        assert re.search(r'<section [^>]*id="keys"[^>]* hidden>', text)
        outside = text[: text.index('id="keys"')]
        assert outside.count("<kbd") == outside.count("<kbd hidden>")
        assert "reviews/keys.js" in text
    assert {key for key, _, _ in Keyed(shown).found} == {"i", "n", "t", "d", "a"}
    assert all(f"<kbd>{key}</kbd>" in shown for key in ("D", "A", "T", "N", "I", "?"))
    assert inbox.count("data-row") == 2
    assert f'href="/tugas/{other.pk}/" data-keys="n"' in shown


def test_the_next_task_is_the_next_due_that_nobody_else_works_on_and_then_the_first(officer):
    world = World()
    first, second, third = (world.task(world.submitted(), "completeness").pk for _ in range(3))
    colleague = world.staff("Vino", "DPMPTSP", "verifier")
    services.claim(person=colleague, task_id=second, now=MONDAY)

    assert f'href="/tugas/{third}/" data-keys="n"' in page(officer, world.verifier, first)
    assert f'href="/tugas/{first}/" data-keys="n"' in page(officer, world.verifier, third)
    services.complete(person=world.verifier, task_id=third, note="", now=MONDAY)
    assert 'data-keys="n"' not in page(officer, world.verifier, first)
