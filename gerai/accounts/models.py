"""People. A NIK is sealed; an account is unproven until an officer has seen the KTP-el."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from gerai.core.ids import uuid7


class PersonManager(BaseUserManager["Person"]):
    """Django and allauth create and find people through this."""

    def get_by_natural_key(self, username: str | None) -> "Person":
        """Find by e-mail address, without regard to case."""
        return self.get(email__iexact=username)


class Person(AbstractBaseUser):
    """A human being with an account: applicant, officer, or both."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=120)
    email = models.EmailField(null=True, unique=True)
    phone = models.CharField(max_length=20, null=True, unique=True)
    phone_verified = models.BooleanField(default=False)
    nik_sealed = models.BinaryField(null=True)
    nik_index = models.BinaryField(null=True)
    nik_masked = models.CharField(max_length=16, default="", blank=True)
    # Set by an officer who has seen the card. Before it, the NIK fetches and opens nothing.
    proven_at = models.DateTimeField(null=True)
    language = models.CharField(max_length=2, default="id")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    objects = PersonManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["nik_index"], condition=Q(proven_at__isnull=False), name="person_proven_nik_once"
            ),
            models.CheckConstraint(
                name="person_proven_has_nik", condition=Q(proven_at__isnull=True) | Q(nik_index__isnull=False)
            ),
        ]
        indexes = [models.Index(fields=["nik_index"], name="person_nik")]

    def __str__(self) -> str:
        return str(self.id)


class Code(models.Model):
    """A six-digit code on its way to somebody: to finish signing up, or as second factor at sign-in."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    purpose = models.CharField(max_length=10)  # sign_up | sign_in
    contact_index = models.BinaryField()  # blind index of the address, to limit how many are asked for
    hashed = models.CharField(max_length=64)
    payload = models.BinaryField(null=True)  # the sealed sign-up, until the code is right
    person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE)
    tries = models.IntegerField(default=0)
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["contact_index", "created_at"], name="code_recent")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.id}"


class Try(models.Model):
    """One try at something that must not be guessed or flooded. Known by a blind index; kept for a day."""

    subject_index = models.BinaryField()
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["subject_index", "created_at"], name="try_recent")]

    def __str__(self) -> str:
        return str(self.pk)
