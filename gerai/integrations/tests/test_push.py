"""Pushed messages: encrypted and signed by the standards, and only to machines on the open internet."""

import socket
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import LazySettings

from gerai.integrations.push import adapter, receiving
from gerai.integrations.push.double import Browser
from gerai.notices import subscribing
from gerai.notices.ports import PushBusy, PushDown, PushGone, PushRefused
from gerai.notices.tests.browsers import Service, service

__all__ = ["service"]
# RFC 8291, section 5 and appendix A.
TOLD = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6Tlz"
    "AC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)
PRIVATE, AUTH = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94", "BTBZMqHH6r4Tts7J_aSIgg"


def push(browser: dict[str, Any], **changes: Any) -> None:
    given = {
        "endpoint": browser["endpoint"], **browser["keys"], "payload": b'{"title": "Halo", "path": "/x/"}',
        "seconds": 60, "urgent": True, "topic": "notice-1",
    }  # fmt: skip
    adapter.WebPush().push(**{**given, **changes})


def test_the_receiver_of_the_double_opens_the_example_of_the_standard() -> None:
    key = ec.derive_private_key(int.from_bytes(receiving.raw(PRIVATE), "big"), ec.SECP256R1())

    opened = receiving.opened(receiving.raw(TOLD), key=key, auth=receiving.raw(AUTH))

    assert opened == b"When I grow up, I want to be a watermelon"
    assert receiving.opened(receiving.raw(TOLD)[:-1] + b"x", key=key, auth=receiving.raw(AUTH)) is None


def test_a_message_arrives_encrypted_for_its_browser_and_signed_by_us(service: Service) -> None:
    browser = service.browser()

    push(browser)

    (got,) = service.shown(browser)
    assert (got["title"], got["ttl"], got["urgency"], got["topic"]) == ("Halo", 60, "high", "notice-1")
    assert got["by"] == adapter.public_key()


def test_the_same_topic_replaces_what_came_before(service: Service) -> None:
    browser = service.browser()

    push(browser)
    push(browser)

    assert len(service.shown(browser)) == 1


@pytest.mark.parametrize(
    ("mood", "error"),
    [
        ("gone", PushGone),
        ("unknown", PushGone),
        ("large", PushRefused),
        ("busy", PushBusy),
        ("down", PushDown),
        ("torn", PushDown),
    ],
)
def test_each_failure_is_told_apart(service: Service, mood: str, error: type[Exception]) -> None:
    browser = service.browser()
    service.mood(browser, mood)

    with pytest.raises(error) as raised:
        push(browser)

    if isinstance(raised.value, PushBusy):
        assert raised.value.seconds == 120
    assert service.shown(browser) == []


def test_a_message_for_other_keys_cannot_be_read(service: Service) -> None:
    mine, other = service.browser(), service.browser()

    push({**mine, "keys": other["keys"]})

    assert service.shown(mine)[0]["title"] == "?"


def test_what_is_too_long_for_a_push_service_is_refused(service: Service) -> None:
    with pytest.raises(PushRefused):
        push(service.browser(), payload=b"x" * 4090)


@pytest.mark.parametrize("header", ["", "vapid", "vapid t=a.b.c,k=x", "Bearer x"])
def test_the_service_takes_nothing_that_is_not_signed(header: str) -> None:
    assert receiving.sender(header, origin="http://127.0.0.1:1") is None


def test_a_signature_for_another_service_or_changed_on_the_way_is_worth_nothing() -> None:
    made = adapter._signed("https://push.example/abc")["Authorization"]
    claims = made.split(".")[1]

    assert receiving.sender(made, origin="https://push.example") == adapter.public_key()
    assert receiving.sender(made, origin="https://other.example") is None
    assert receiving.sender(made.replace(claims, claims[:-4] + "AAAA"), origin="https://push.example") is None


# -- only public machines ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://push.example/x",
        "https://push.example:8443/x",
        "https://user@push.example/x",
        "https://localhost/x",
        "https://db.internal/x",
        "https://127.0.0.1/x",
        "https://[::1]/x",
        "https://[::ffff:10.0.0.1]/x",
        "https://10.1.2.3/x",
        "https://169.254.169.254/latest/",
        "https://[fd00::1]/x",
        "https://224.0.0.1/x",
        "https:///x",
        "https://[half/x",
        "file:///etc/passwd",
        "https://push.example/" + "x" * 1000,
    ],
)
def test_an_address_inside_or_without_encryption_is_refused(endpoint: str) -> None:
    with pytest.raises(subscribing.EndpointRefused):
        subscribing.check_endpoint(endpoint, local=False)


def test_a_public_push_service_is_taken() -> None:
    assert subscribing.check_endpoint("https://fcm.googleapis.com/fcm/send/abc", local=False)
    assert subscribing.check_endpoint("https://web.push.apple.com:443/abc", local=False)


@pytest.mark.parametrize(
    "machines",
    [["127.0.0.1"], ["10.0.0.5"], ["142.250.4.95", "192.168.1.1"], ["::1"], ["::ffff:127.0.0.1"], []],
)
def test_a_public_name_that_leads_inside_is_not_called(machines: list[str]) -> None:
    def look_up(*_args: Any, **_more: Any) -> list[tuple[Any, ...]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (machine, 443)) for machine in machines]

    with pytest.raises(PushRefused):
        adapter.public_address("push.example", 443, look_up)


def test_the_machine_that_was_looked_up_is_the_one_that_is_called() -> None:
    def look_up(*_args: Any, **_more: Any) -> list[tuple[Any, ...]]:
        return [(0, 0, 0, "", (machine, 443)) for machine in ("2a00:1450::5f", "142.250.4.95")]

    assert adapter.public_address("push.example", 443, look_up) == "142.250.4.95"


def test_outside_a_demo_the_double_itself_is_not_called(service: Service, settings: LazySettings) -> None:
    settings.PUSH_LOCAL = False
    browser = service.browser()

    with pytest.raises(PushRefused):
        push(browser)

    assert service.shown(browser) == []


def test_a_browser_of_the_double_begins_in_good_mood() -> None:
    assert Browser(ec.generate_private_key(ec.SECP256R1()), b"", {}).mood == "fine"
