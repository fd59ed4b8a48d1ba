"""The messages, in both languages. {placeholders} are filled from the notice's data."""

from gerai.notices.texts import accounts, applications, inspections, payments, permits, staff, visits

TEXTS: dict[str, dict[str, tuple[str, str]]] = {
    **accounts.TEXTS,
    **applications.TEXTS,
    **inspections.TEXTS,
    **payments.TEXTS,
    **permits.TEXTS,
    **staff.TEXTS,
    **visits.TEXTS,
}
