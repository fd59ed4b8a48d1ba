"""What commands about people share."""

from django.core.management.base import CommandError

from gerai.accounts import queries
from gerai.accounts.models import Person


def person_of(contact: str) -> Person:
    """
    The active person with this e-mail address or phone number.

    :raises CommandError: if there is none
    """
    person = queries.by_contact(contact)
    if person is None:
        raise CommandError("Tidak ada orang dengan surel itu. / Nobody has that e-mail address.")
    return person
