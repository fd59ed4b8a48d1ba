"""Who shares their appointments with a calendar of their own. A model."""

from django.conf import settings
from django.db import models


class CalendarFeed(models.Model):
    """What the one address of a person's calendar feed is signed with. Another nonce is another address."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="+"
    )
    nonce = models.CharField(max_length=16, default="", blank=True)  # "": no address opens the feed
    changed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.person_id)
