"""Files that people sent: sealed on disk, checked, owned."""

from django.conf import settings
from django.db import models

from gerai.core.ids import uuid7


class Document(models.Model):
    """One file of one owner. The bytes lie sealed under `FILES_ROOT`; the row knows what they are."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=30)  # a requirement code such as STR, or "permit"
    name = models.CharField(max_length=160)
    media_type = models.CharField(max_length=40)
    size = models.IntegerField()
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    valid_until = models.DateField(null=True)  # its last day, where the owner has told one

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"
