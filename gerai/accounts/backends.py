"""Sign-in by e-mail or phone with a password; the second factor is asked by the page."""

from typing import Any
from uuid import UUID

from gerai.accounts import queries
from gerai.accounts.models import Person


class ContactBackend:
    """Django's two questions: who is this, and is this session still good."""

    def authenticate(self, request: Any, username: str = "", password: str = "") -> Person | None:
        """The person, if contact and password fit. An unknown contact costs the same time."""
        person = queries.by_contact(username)
        if person is None:
            Person().set_password(password)
            return None
        return person if person.check_password(password) else None

    def get_user(self, user_id: UUID) -> Person | None:
        """A deactivated person loses every session at once."""
        return Person.objects.filter(pk=user_id, is_active=True).first()
