"""An action that a counter sends under a key happens once, and every repetition gets the same answer."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction

from gerai.core.errors import DomainError
from gerai.floor import rules
from gerai.floor.models import Answer, Duty
from gerai.visits.models import Errand


@transaction.atomic
def once(*, person: Any, key: str, now: datetime, act: Callable[[], Any]) -> Answer:
    """
    Do `act` unless this officer has sent this key before; a refusal is an answer too, and is remembered.

    The officer's duty is locked meanwhile: a repetition that arrives together with the first waits for its answer.

    :raises rules.KeyMalformed: for a key that is none
    """
    if not (8 <= len(key) <= 64 and key.isascii() and key.isprintable()):
        raise rules.KeyMalformed
    duty = Duty.objects.select_for_update().filter(person_id=person.pk, closed_at=None).first()
    known = Answer.objects.filter(duty__person_id=person.pk, key=key).first()
    if known is not None:
        return known
    answer = Answer(duty=duty, key=key, at=now)
    try:
        with transaction.atomic():  # a refusal undoes what it had begun
            found = act()
        answer.errand = found.pk if isinstance(found, Errand) else None
    except DomainError as error:
        answer.refusal, answer.sentence, answer.status = error.code, str(error), error.status
    if duty is not None:  # without one every action is refused, and changes nothing however often it comes
        answer.save()
    return answer
