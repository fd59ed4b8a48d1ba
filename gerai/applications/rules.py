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


S = Status
NEXT: dict[Status, frozenset[Status]] = {
    S.DRAFT: frozenset({S.SUBMITTED, S.WITHDRAWN}),
    S.SUBMITTED: frozenset({S.RETURNED, S.REVIEW, S.WITHDRAWN}),
    S.RETURNED: frozenset({S.SUBMITTED, S.REVIEW, S.WITHDRAWN}),
    S.REVIEW: frozenset({S.RETURNED, S.PAYMENT, S.DECISION, S.REJECTED, S.WITHDRAWN}),
    S.PAYMENT: frozenset({S.DECISION, S.WITHDRAWN}),
    S.DECISION: frozenset({S.SIGNING, S.REJECTED}),
    S.SIGNING: frozenset({S.APPROVED}),
    S.APPROVED: frozenset(),
    S.REJECTED: frozenset(),
    S.WITHDRAWN: frozenset(),
}
FINAL = frozenset(status for status, after in NEXT.items() if not after)


class MoveNotAllowed(DomainError):
    """The application is at a stage where this cannot be done."""

    code = "move_not_allowed"
    text = "Permohonan ini tidak dapat diproses pada tahap ini. Muat ulang halaman untuk melihat keadaannya."
    status = 409


def check_move(current: str, target: Status) -> None:
    """
    Let `target` follow `current`.

    :raises MoveNotAllowed: if it may not
    """
    if target not in NEXT[Status(current)]:
        raise MoveNotAllowed
