"""The same thing asked for twice: what is under way for it already. It warns and never forbids. Reads."""

from typing import Any

from gerai.applications import queries
from gerai.applications.models import Application
from gerai.applications.rules import FINAL
from gerai.catalogue.models import Service

MOST = 20  # nobody has more of one service under way, but for a mistake


def under_way(person: Any, service: Service) -> list[Application]:
    """What the person, or a business they act for, has sent for this service and is not ended, the latest first."""
    found = Application.objects.select_related("business").filter(
        queries.theirs(person), service=service, submitted_at__isnull=False
    )
    return list(found.exclude(status__in=FINAL).order_by("-submitted_at")[:MOST])


def same_as(application: Application) -> Application | None:
    """
    Another application for the same service, of the same applicant or business, under way with the same answers.

    Of several the first one sent; None if there is none.
    """
    found = Application.objects.select_related("edition").filter(
        **queries.whose(application.applicant_id, application.business_id),
        service_id=application.service_id,
        submitted_at__isnull=False,
    )
    others = found.exclude(status__in=FINAL).exclude(pk=application.pk).order_by("submitted_at")[:MOST]
    mine = queries.answers_of(application)
    return next((one for one in others if mine and queries.answers_of(one) == mine), None)
