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
    hashed = models.CharField(max_length=64)  # empty: the person's authenticator app has the digits
    payload = models.BinaryField(null=True)  # the sealed sign-up, until the code is right
    person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE)
    tries = models.IntegerField(default=0)
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["contact_index", "created_at"], name="code_recent")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.id}"


class Authenticator(models.Model):
    """The app on a person's phone that makes codes; it counts from its first right code on."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="authenticator")
    secret_sealed = models.BinaryField()
    last_step = models.BigIntegerField(
        default=0
    )  # of 30 seconds since 1970: no code of it or before it is good
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.id)


class RecoveryCode(models.Model):
    """Ten digits that stand in for a lost phone, once."""

    authenticator = models.ForeignKey(Authenticator, on_delete=models.CASCADE, related_name="recovery_codes")
    hashed = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.pk)


class Try(models.Model):
    """One try at something that must not be guessed or flooded. Known by a blind index; kept for a day."""

    subject_index = models.BinaryField()
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["subject_index", "created_at"], name="try_recent")]

    def __str__(self) -> str:
        return str(self.pk)


class RegisterCheck(models.Model):
    """What the civil registry said of a proven person, and when it was asked. What it said is sealed."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="register_check")
    outcome = models.CharField(max_length=12)  # match | mismatch | unreachable
    differs = models.JSONField(default=list)  # of a mismatch: "name", "birth_date", "nik"
    record_sealed = models.BinaryField(null=True)
    asked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="register_outcome_known", condition=Q(outcome__in=["match", "mismatch", "unreachable"])
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.outcome}"


class Business(models.Model):
    """A business by its NIB. Like a NIK: only where proven is the NIB unique, and opens anything."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    nib = models.CharField(max_length=13)
    name = models.CharField(max_length=200)
    legal_form = models.CharField(max_length=60, default="", blank=True)
    record_sealed = models.BinaryField(null=True)  # what the licensing system said; a home can be its address
    register = models.CharField(
        max_length=12, default="", blank=True
    )  # its last answer: `businesses.ANSWERS`
    proven_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["nib"], condition=Q(proven_at__isnull=False), name="business_proven_nib_once"
            )
        ]
        indexes = [models.Index(fields=["nib"], name="business_nib")]

    def __str__(self) -> str:
        return f"{self.name} {self.nib}"


class BusinessMember(models.Model):
    """A person who acts for a business. Who has left stays as history, and sees nothing."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    business = models.ForeignKey(Business, on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="business_members")
    role = models.CharField(max_length=12)  # owner | staff | consultant
    active = models.BooleanField(default=True)
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["business", "person"], condition=Q(active=True), name="business_member_once"
            ),
            models.CheckConstraint(
                name="business_role_known", condition=Q(role__in=["owner", "staff", "consultant"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.business_id} {self.role}"


class BusinessInvite(models.Model):
    """An invitation to a contact, whoever has it: nothing tells the inviter who has an account."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    business = models.ForeignKey(Business, on_delete=models.CASCADE, related_name="invites")
    role = models.CharField(max_length=12)
    contact_index = models.BinaryField()
    contact_sealed = models.BinaryField()
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)  # accepted, declined or taken back

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["business", "contact_index"], condition=Q(ended_at__isnull=True), name="invite_once"
            )
        ]
        indexes = [models.Index(fields=["contact_index"], name="invite_contact")]

    def __str__(self) -> str:
        return str(self.id)
