"""Where a mail comes back to, and which addresses take none: a token per notice and address, a mark per address.

The token is made of both: a bounce from an address that was given up since fits no more, and nobody can forge one for
somebody else's.
"""

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_noop

from gerai.accounts.models import Person
from gerai.core import encryption
from gerai.notices.models import Notice, Unreachable

BACK = gettext_noop(
    "Surat kami ke alamat e-mail Anda kembali: alamat itu tidak menerima pesan. "
    "Periksa di halaman Pesan untuk saya."
)


def index(contact: str) -> bytes:
    """By which an address is known."""
    return encryption.blind_index(contact.casefold(), place="notices.unreachable")


def token(notice_pk: int, contact: str) -> str:
    """What names a notice in an envelope, for as long as it goes to this address."""
    mark = encryption.blind_index(f"{notice_pk} {contact.casefold()}", place="notices.bounce").hex()[:20]
    return f"{notice_pk}-{mark}"


def returns_to(notice: Notice, contact: str) -> str:
    """The address to which a notice comes back; empty where the mall has none for that."""
    local, at, domain = settings.BOUNCE_ADDRESS.partition("@")
    return f"{local}+{token(notice.pk, contact)}@{domain}" if at else ""


def is_unreachable(contact: str | None) -> bool:
    """Whether mail to this address came back for good."""
    return bool(contact) and Unreachable.objects.filter(contact_index=index(str(contact))).exists()


def mail_of(person: Person) -> str | None:
    """The person's address, unless mail to it came back for good."""
    return None if is_unreachable(person.email) else person.email


@transaction.atomic
def trust_again(*, person: Person) -> None:
    """The person says that their address works: the next message tries it."""
    if person.email:
        Unreachable.objects.filter(contact_index=index(person.email)).delete()


def word_at_sign_in(person: Person) -> str:
    """What somebody is told when they come in: that their mail comes back; empty where all is well."""
    return BACK if is_unreachable(person.email) else ""
