"""What an application may do next. Pure: no Django, no database, no clock."""

from enum import StrEnum

from gerai.core.errors import DomainError


class Status(StrEnum):
    """Where an application stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"  # the completeness check runs
    RETURNED = "returned"  # the applicant must mend
    REVIEW = "review"  # complete; the legal clock runs
    PAYMENT = "payment"  # recommended; the applicant must pay
    DECISION = "decision"  # waits for the signing official
    SIGNING = "signing"  # decided; nobody is told before the signed file exists
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"  # not mended, not paid, or not come, by the day that was told


OBJECTION_DAYS = (
    21  # working days after a decision was announced in which one may object (UU 30/2014 pasal 77 ayat 1)
)
S = Status
NEXT: dict[Status, frozenset[Status]] = {
    S.DRAFT: frozenset({S.SUBMITTED, S.WITHDRAWN}),
    S.SUBMITTED: frozenset({S.RETURNED, S.REVIEW, S.WITHDRAWN}),
    S.RETURNED: frozenset({S.SUBMITTED, S.REVIEW, S.WITHDRAWN, S.LAPSED}),
    S.REVIEW: frozenset({S.RETURNED, S.PAYMENT, S.DECISION, S.WITHDRAWN}),
    S.PAYMENT: frozenset({S.DECISION, S.WITHDRAWN, S.LAPSED}),
    # An outside system of record decides for itself, or gives back: nothing is signed here then.
    S.DECISION: frozenset(
        {S.SIGNING, S.REVIEW, S.PAYMENT, S.RETURNED, S.APPROVED, S.REJECTED, S.WITHDRAWN, S.LAPSED}
    ),
    S.SIGNING: frozenset({S.APPROVED, S.REJECTED}),
    S.APPROVED: frozenset(),
    S.REJECTED: frozenset(),
    S.WITHDRAWN: frozenset(),
    S.LAPSED: frozenset(),
}
FINAL = frozenset(status for status, after in NEXT.items() if not after)


class Why(StrEnum):
    """What is asked of the permit that an application follows."""

    NEW = ""  # it follows none
    AMEND = "amend"
    RENEW = "renew"
    CORRECT = "correct"  # the office puts a mistake of its own right


class FollowedEnded(DomainError):
    """What is to be changed does not hold any more."""

    code = "followed_ended"
    text = (
        "Izin yang ingin Anda ubah atau perpanjang sedang tidak berlaku, jadi permohonan ini tidak dapat dikirim. "
        "Buka izin itu untuk melihat keadaannya, atau ajukan izin baru."
    )
    status = 409


class NothingChanged(DomainError):
    """A change that changes nothing."""

    code = "nothing_changed"
    text = (
        "Belum ada yang Anda ubah dari izin yang berlaku. Ubah isian atau berkas yang dimaksud, lalu kirim."
    )
    status = 409


class NotOnline(DomainError):
    """This service cannot be applied for online here."""

    code = "service_not_online"
    text = "Layanan ini belum bisa diajukan dari rumah. Silakan datang ke mal dan ambil nomor."


class NotOpenForChange(DomainError):
    """Only what the officer asked to mend may change, and only while it is with the applicant."""

    code = "answer_not_open"
    text = "Bagian ini tidak dapat diubah sekarang."
    status = 409


class NotYetComplete(DomainError):
    """Something is still missing before it can be sent."""

    code = "application_incomplete"
    text = "Permohonan belum lengkap. Lengkapi bagian yang ditandai, lalu kirim lagi."


class MoveNotAllowed(DomainError):
    """The application is at a stage where this cannot be done."""

    code = "move_not_allowed"
    text = "Permohonan ini tidak dapat diproses pada tahap ini. Muat ulang halaman untuk melihat keadaannya."
    status = 409


def check_move(current: str, target: Status, *, outside: bool = False) -> None:
    """
    Let `target` follow `current`; `outside`: another system decides, without a signature here.

    What waits for our signature is not taken back any more; what waits for another system is.

    :raises MoveNotAllowed: if it may not
    """
    unsigned = current == Status.DECISION and target in (Status.APPROVED, Status.REJECTED, Status.WITHDRAWN)
    if target not in NEXT[Status(current)] or (unsigned and not outside):
        raise MoveNotAllowed
