"""When a message may ring, how often it is tried and how it is shown; of which kind each is: `kinds`. Pure."""

import re
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from gerai.core.callbacks import CallbackMalformed
from gerai.core.errors import DomainError
from gerai.notices.kinds import KINDS as KINDS
from gerai.notices.kinds import Kind as Kind

JOB = "notices.deliver"
PUSH_JOB = "notices.push"
ATTEMPTS = 8
PUSH_ATTEMPTS = 6
PAGE = 30
INBOX = "/saya/pesan/"
OPEN = {"id": "Ketuk untuk membuka.", "en": "Tap to open."}


# Worthless by the morning: these ring at any hour, and so does whatever its sender sends `by_text`.
URGENT = frozenset(
    {
        "code",
        "come_to_counter",
        "errand_not_today",
        "agency_closed_today",
        "agency_open_again",
        "application_confirm",  # the applicant stands at the desk
        "appointment_late",
        "appointment_offered",
        "appointment_soon",
        "number_called",
        "nearly_your_turn",
    }
)

QUIET_FROM, QUIET_TO = time(20), time(6)


class CodeNotSent(DomainError):
    """Mail server or gateway does not answer."""

    code = "code_not_sent"
    text = "Kode belum dapat dikirim. Coba lagi beberapa menit lagi, atau datang ke meja informasi."
    status = 503


class ChannelUnknown(DomainError):
    """Neither e-mail nor a text to the phone."""

    code = "notice_channel_unknown"
    text = "Pilih salah satu: e-mail, atau SMS/WhatsApp."


CHANNELS = ("", "email", "text")  # nothing chosen: e-mail before phone


def check_channel(channel: str) -> str:
    """
    The way a person chose.

    :raises ChannelUnknown: if there is no such way
    """
    if channel not in CHANNELS:
        raise ChannelUnknown
    return channel


def wanted(template: str, *, reminders: bool, news: bool) -> bool:
    """Whether a message goes out to somebody with these choices. What is necessary always does."""
    return {Kind.REMINDER: reminders, Kind.NEWS: news}.get(KINDS.get(template, Kind.NECESSARY), True)


def posted(template: str) -> bool:
    """Whether a message may go by e-mail, or by text without having been asked for."""
    return KINDS.get(template) != Kind.CALL


def way(*, email: str | None, phone: str | None, preferred: str, urgent: bool) -> str:
    """How somebody is reached: email, text or none. What cannot wait goes to the phone if there is one."""
    there = {"email": email, "text": phone}
    order = ("text", "email") if urgent or preferred == "text" else ("email", "text")
    return next((one for one in order if there[one]), "none")


def pushed(template: str) -> str:
    """
    Whether a message also goes to the devices on which its reader switched that on: "beside" the usual way, or
    "instead" of it. What must be kept or proven stays in the post as well; a reminder or a call is worth no SMS then.
    """
    kind = KINDS.get(template, Kind.NECESSARY)
    if template == "code" or (kind == Kind.STAFF and template not in URGENT):
        return ""
    return "instead" if kind in (Kind.REMINDER, Kind.NEWS, Kind.CALL) else "beside"


def main_way(usual: str, *, devices: bool, template: str) -> str:
    """The way by which a message counts as sent: push, where it goes instead or nothing else is there."""
    return "push" if devices and (usual == "none" or pushed(template) == "instead") else usual


def lifetime(template: str) -> timedelta:
    """How long a pushed message is worth anything: what cannot wait is soon old."""
    if KINDS.get(template) == Kind.CALL:
        return timedelta(minutes=5)
    return timedelta(minutes=30) if template in URGENT else timedelta(days=1)


def push_pause(attempts: int, asked: int) -> timedelta:
    """Until the next try at a device: 4 s, 16 s ... or what its push service asked for, an hour at most."""
    return timedelta(seconds=min(3600, max(4**attempts, asked)))


def quiet_until(now: datetime, zone: ZoneInfo) -> datetime | None:
    """The end of the quiet hours on that clock, if `now` lies within them (20.00 to before 06.00)."""
    here = now.astimezone(zone)
    if QUIET_TO <= here.time() < QUIET_FROM:
        return None
    morning = here.date() + timedelta(days=1 if here.time() >= QUIET_FROM else 0)
    return datetime.combine(morning, QUIET_TO, tzinfo=zone)


LOST = {"failed": "TextLost", "undeliverable": "TextUndeliverable"}  # what a report leaves as last_error


# The same of mail that came back.
RETURNED = {"failed": "MailReturned", "undeliverable": "MailUndeliverable"}
SOFT = re.compile(r"5\.2\.2|5\.7\.|4\.|$")  # full, refused for what it says, given up after tries, not said


def is_hard(status: str) -> bool:
    """Whether a failure with this status (RFC 3463) means that the address itself takes no mail."""
    return status.startswith("5.") and not SOFT.match(status)


def text_key(pk: int, sending: int) -> str:
    """By which the gateway knows a text; it sends each once."""
    return f"notice-{pk}" if sending == 1 else f"notice-{pk}-{sending}"


def by_text_key(key: str) -> tuple[int, int] | None:
    """Which notice a text was, and which sending of it; None for what is no notice."""
    found = re.fullmatch(r"notice-(\d{1,18})(?:-(\d{1,6}))?", key, re.ASCII)
    return (int(found[1]), int(found[2] or 1)) if found else None


def check_report(told: Any) -> dict[str, Any]:
    """
    Accept what names its event, its text and what became of it.

    :raises CallbackMalformed: otherwise
    """
    wanted = ("event_id", "key", "outcome")
    if not isinstance(told, dict) or not all(
        isinstance(told.get(name), str) and 0 < len(told[name]) <= 64 for name in wanted
    ):
        raise CallbackMalformed
    if told["outcome"] not in ("delivered", *LOST):
        raise CallbackMalformed
    return told


def linked(body: str, path: str) -> tuple[str, str, str]:
    """A message as it is shown on a page: what stands before the link, the words of the link, what follows."""
    found = re.search(r":\s(?:https?://[^\s/]+)?" + re.escape(path) + r"(?!\S)", body) if path else None
    if found is None:
        return body, "", ""
    before = body[: found.start()]
    start = max((m.end() for m in re.finditer(r"[.?!]\s+|\n", before)), default=0)
    return before[:start], before[start:], body[found.end() :]


def blanked(subject: str) -> str:
    """A subject without what it is filled with, for people whom the message is none of their business."""
    return re.sub(r"\{\w+\}", "…", subject)


def masked(contact: str) -> str:
    """Enough of an address to recognise a slip, too little to write to: s…@uji.test, …890."""
    name, at, domain = contact.partition("@")
    return f"{name[:1]}…@{domain}" if at else f"…{contact[-3:]}"


def reason(error: str) -> str:
    """What kind of trouble an error was: gateway, lost, undeliverable, returned, refused, server or other."""
    if error in LOST.values():
        return "undeliverable" if error == LOST["undeliverable"] else "lost"
    if error in RETURNED.values():
        return "returned"
    if error == "GatewayDown":
        return "gateway"
    if error in ("SMTPRecipientsRefused", "SMTPSenderRefused", "SMTPDataError"):
        return "refused"
    known = error.startswith(("SMTP", "Connection", "SSL")) or error in (
        "TimeoutError",
        "OSError",
        "gaierror",
    )
    return "server" if known else "other"
