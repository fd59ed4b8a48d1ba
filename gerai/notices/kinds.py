"""Which messages there are, and of what kind each is. Pure."""

from enum import StrEnum


class Kind(StrEnum):
    """Why a message is sent, and so whether its reader may do without it."""

    NECESSARY = "necessary"  # decisions, returns, payment, codes, deadlines: nobody may miss them
    REMINDER = "reminder"
    NEWS = "news"
    STAFF = "staff"  # an officer's own work
    CALL = "call"  # to a counter: for devices, or by text if asked for; in the post it would come too late


KINDS: dict[str, Kind] = {
    "code": Kind.NECESSARY,
    "account_changed": Kind.NECESSARY,
    "business_invited": Kind.NECESSARY,
    "business_invited_new": Kind.NECESSARY,
    "business_invite_over": Kind.NECESSARY,
    "business_joined": Kind.NECESSARY,
    "business_you_joined": Kind.NECESSARY,
    "business_declined": Kind.NECESSARY,
    "business_left": Kind.NECESSARY,
    "business_you_left": Kind.NECESSARY,
    "mandate_given": Kind.NECESSARY,
    "mandate_given_new": Kind.NECESSARY,
    "mandate_taken": Kind.NECESSARY,
    "mandate_yours": Kind.NECESSARY,
    "mandate_ended": Kind.NECESSARY,
    "application_confirm": Kind.NECESSARY,
    "application_submitted": Kind.NECESSARY,
    "application_complete": Kind.NECESSARY,
    "application_prepared": Kind.NECESSARY,
    "application_returned": Kind.NECESSARY,
    "application_recommended": Kind.NECESSARY,
    "application_deemed": Kind.NECESSARY,
    "application_unpaid": Kind.NECESSARY,
    "application_not_come": Kind.NECESSARY,
    "visit_soon": Kind.NECESSARY,
    "payment_soon": Kind.NECESSARY,  # after that day the application ends
    "payment_soon_deemed": Kind.NECESSARY,
    "payment_past_deemed": Kind.NECESSARY,
    "fee_waived": Kind.NECESSARY,
    "refund_owed": Kind.NECESSARY,
    "refund_returned": Kind.NECESSARY,
    "application_lapsed": Kind.NECESSARY,
    "application_mend_soon": Kind.NECESSARY,  # after that day the application ends
    "objection_answered": Kind.NECESSARY,
    "application_clock": Kind.NECESSARY,
    "outside_result": Kind.NECESSARY,
    "outside_at_counter": Kind.NECESSARY,
    "outside_corrected": Kind.NECESSARY,
    "permit_issued": Kind.NECESSARY,
    "permit_refused": Kind.NECESSARY,
    "permit_revoked": Kind.NECESSARY,
    "permit_correcting": Kind.NECESSARY,
    "permit_suspended": Kind.NECESSARY,
    "permit_lifted": Kind.NECESSARY,
    "permit_replaced": Kind.NECESSARY,
    "permit_ends": Kind.NECESSARY,  # after that day its holder works without a permit
    "inspection_proposed": Kind.NECESSARY,  # who does not answer is given a time
    "inspection_agreed": Kind.NECESSARY,
    "inspection_set": Kind.NECESSARY,
    "inspection_off": Kind.NECESSARY,
    "inspection_missed": Kind.NECESSARY,
    "inspection_reported": Kind.NECESSARY,
    "inspection_tomorrow": Kind.REMINDER,
    "inspection_chosen": Kind.STAFF,
    "inspection_declined": Kind.STAFF,
    "inspection_duty": Kind.STAFF,
    "inspection_clash": Kind.STAFF,
    "tasks_due": Kind.STAFF,
    "case_late": Kind.STAFF,
    "payment_past": Kind.STAFF,
    "reconciled_differs": Kind.STAFF,
    "reconciled_not": Kind.STAFF,
    "outside_to_tell": Kind.STAFF,
    "stood_aside": Kind.STAFF,
    "agency_late": Kind.STAFF,
    "officer_left": Kind.STAFF,
    "no_signer": Kind.STAFF,
    "role_given": Kind.STAFF,
    "substitute_named": Kind.STAFF,
    "role_taken": Kind.STAFF,
    "opinion_answered": Kind.STAFF,
    "opinion_silent": Kind.STAFF,
    "come_to_counter": Kind.STAFF,
    "errand_not_today": Kind.NECESSARY,
    "agency_closed_today": Kind.NECESSARY,
    "agency_open_again": Kind.NEWS,
    "appointment_booked": Kind.NECESSARY,
    "appointment_moved": Kind.NECESSARY,
    "appointment_cancelled": Kind.NECESSARY,
    "appointment_offered": Kind.NECESSARY,  # asked for by joining the waiting list, and kept for a short time only
    "appointment_offer_over": Kind.NEWS,
    "appointment_closed": Kind.NECESSARY,
    "appointment_missed": Kind.NECESSARY,  # after two of them one books no further than tomorrow
    "appointment_late": Kind.REMINDER,
    "appointment_tomorrow": Kind.REMINDER,
    "appointment_soon": Kind.REMINDER,
    "number_called": Kind.CALL,
    "nearly_your_turn": Kind.CALL,
}
