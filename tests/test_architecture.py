"""The house style, held by machine. Each rule is proven by a planted violation."""

import importlib
import pkgutil
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.test.utils import isolate_apps
from django.urls import get_resolver, path
from ninja import NinjaAPI

import gerai
from gerai.core.access import public
from gerai.core.errors import DomainError
from tests import architecture as look


@pytest.fixture(scope="module")
def everything() -> None:
    """Every module of Gerai, imported."""
    for module in pkgutil.walk_packages(gerai.__path__, "gerai."):
        parts = set(module.name.split("."))
        if not parts & {"tests", "migrations", "config", "double", "__main__"}:
            importlib.import_module(module.name)


def plain(request: HttpRequest) -> HttpResponse:
    """A view that does not say who may enter."""
    return HttpResponse()


def test_every_address_says_who_may_enter():
    assert look.unmarked(get_resolver().url_patterns) == []


# What the public API tells everybody. A secret in the address is the right to see that one thing.
OPEN = {"GET /mall", "GET /services", "GET /visits/{secret}", "GET /permits/{secret}", "POST /permits/check"}


def test_the_api_asks_for_a_token_except_where_it_says_so():
    from gerai.api.v1 import api

    found = look.operations(api)

    assert {name for name, guarded in found.items() if not guarded} == OPEN


def test_an_open_operation_of_an_api_is_found():
    planted = NinjaAPI(urls_namespace="planted", auth=lambda request: None)
    planted.get("/shut")(lambda request: None)
    planted.post("/hole", auth=None)(lambda request: None)

    assert look.operations(planted) == {"GET /shut": True, "POST /hole": False}


def test_an_unmarked_view_is_found():
    patterns = [path("open/", public(lambda request: HttpResponse())), path("hole/", plain)]

    assert look.unmarked(patterns) == ["hole/"]


def test_foreign_keys_point_down():
    assert look.upward_keys(apps.get_models(include_auto_created=True), look.room_heights()) == []


@isolate_apps("gerai.ledger", "gerai.reviews")
def test_a_key_that_points_up_is_found():
    class High(models.Model):
        class Meta:
            app_label = "reviews"

    class Low(models.Model):
        high = models.ForeignKey(High, on_delete=models.PROTECT)
        group = models.ForeignKey(Group, on_delete=models.PROTECT)

        class Meta:
            app_label = "ledger"

    assert look.upward_keys([High, Low], look.room_heights()) == ["ledger.Low.high -> reviews"]


@pytest.mark.parametrize("file", look.files("pages", "api", "tasks"), ids=lambda f: "/".join(f.parts[-2:]))
def test_no_edge_reaches_into_the_database(file):
    assert look.database_at_the_edge(file.read_text()) == []


def test_an_edge_that_reaches_into_the_database_is_found():
    planted = "def page(request):\n    Visit.objects.all()\n    form.cleaned\n    visit.save()\n"

    assert look.database_at_the_edge(planted) == [2, 4]


@pytest.mark.parametrize("file", look.files("services"), ids=lambda f: "/".join(f.parts[-2:]))
def test_services_take_their_arguments_by_name(file):
    assert look.positional(file.read_text()) == []


def test_a_service_that_takes_arguments_by_place_is_found():
    signatures = ("good(*, a)", "bad(a, *, b)", "_own(a)")
    planted = "".join(f"@transaction.atomic\ndef {signature}: ...\n" for signature in signatures)

    assert look.positional(planted) == ["bad"]


def test_every_refusal_has_its_own_code_and_a_sentence(everything):
    every = look.descendants(DomainError)
    ours = [r for r in every if r.__module__.startswith("gerai.") and ".tests" not in r.__module__]

    assert len(ours) > 20
    assert look.bad_refusals(ours) == []


def test_a_refusal_without_code_or_sentence_is_found():
    def refusal(name: str, **values: str) -> type:
        return type(name, (SimpleNamespace,), {"__module__": "planted", **values})

    planted = [
        refusal("Good", code="good", text="Baik sekali."),
        refusal("Twin", code="good", text="Sama saja."),
        refusal("Mute", code="mute", text=""),
        refusal("Bare", text="Ada apa."),
    ]

    assert look.bad_refusals(planted) == [
        "planted.Twin: good is taken by planted.Good",
        "planted.Mute: no sentence",
        "planted.Bare: no code",
    ]


def test_no_file_is_longer_than_three_hundred_lines():
    ours = [p for p in look.ROOMS.rglob("*.py") if not {"migrations", "tests"} & set(p.parts)]

    assert len(ours) > 150
    assert look.long(ours) == []


def test_a_long_file_is_found(tmp_path):
    for lines in (300, 301):
        (tmp_path / f"{lines}.py").write_text("pass\n" * lines)

    assert [path.name for path in look.long(tmp_path.iterdir())] == ["301.py"]
