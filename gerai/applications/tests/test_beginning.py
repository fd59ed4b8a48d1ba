"""A permit that holds from a chosen day is not asked for from a day that is over."""

from copy import deepcopy
from datetime import timedelta

import pytest
from django.utils import translation

from gerai.applications import queries, services
from gerai.applications.models import Application
from gerai.applications.rules import NotYetComplete, Why
from gerai.applications.tests.make import CONTENT, GOOD, MONDAY, World, kinds, save
from gerai.core import clock

pytestmark = pytest.mark.django_db
TODAY, YESTERDAY = "2026-11-23", "2026-11-22"


def a_world(**lasts):
    made = World()
    content = deepcopy(CONTENT)
    content["questions"][1]["fields"][1]["required"] = True
    content["permit"] = {
        "title": CONTENT["permit"]["title"],
        "body": [],
        "lasts": {"from": "since", "days": 7, **lasts},
    }
    made.publish(content)
    return made


@pytest.fixture
def world():
    return a_world()


def begin(world, day, who=None):
    draft = world.draft(who)
    save(world.sari, draft, GOOD)
    world.attach(draft)
    return draft, save(world.sari, draft, {**GOOD, "since": day}, "more")


def test_today_is_a_day_to_begin_and_yesterday_is_not(world):
    draft, wrong = begin(world, YESTERDAY)
    assert wrong == {"since": "Tanggal ini sudah lewat. Pilih hari ini atau sesudahnya."}
    draft.refresh_from_db()
    assert "since" not in queries.answers_of(draft)

    assert begin(world, TODAY)[1] == {}


def test_what_is_only_registered_may_have_begun():
    world = a_world(begun=True)
    draft, wrong = begin(world, YESTERDAY)
    assert wrong == {}
    assert services.submit(person=world.sari, application_id=draft.pk, now=MONDAY).status == "submitted"


def test_a_draft_that_waited_too_long_is_not_sent_and_nothing_changes(world):
    draft, _ = begin(world, TODAY)

    with pytest.raises(NotYetComplete):
        services.submit(person=world.sari, application_id=draft.pk, now=MONDAY + timedelta(days=1))

    assert Application.objects.get().status == "draft"
    assert kinds(draft) == ["applications.started"]
    assert services.submit(person=world.sari, application_id=draft.pk, now=MONDAY).status == "submitted"


def test_what_changes_a_permit_that_runs_may_keep_its_first_day(world):
    draft, _ = begin(world, TODAY)
    first = services.submit(person=world.sari, application_id=draft.pk, now=MONDAY)
    change, _ = begin(world, TODAY)
    Application.objects.filter(pk=change.pk).update(follows=first, why=Why.AMEND)

    assert save(world.sari, change, {**GOOD, "since": YESTERDAY}, "more") == {}


def test_the_page_offers_no_day_that_is_over_and_the_check_names_one(world, client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "id"
    client.force_login(world.sari)
    draft, _ = begin(world, TODAY)  # pages look at the clock, and this was long ago
    base = f"/permohonan/{draft.pk}/"

    with translation.override("id"):
        form, check = (client.get(base + page).content.decode() for page in ("isi/more/", "periksa/"))

    earliest = queries.today(draft, clock.now()).isoformat()
    assert f'min="{earliest}"' in form
    assert "Tanggal ini sudah lewat." in check
    assert f'href="{base}isi/more/"' in check
    assert client.post(base + "periksa/").status_code == 422
