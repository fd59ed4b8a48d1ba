"""The satisfaction index (SKM, PermenPANRB 14/2017) and complaints. Pure."""

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from gerai.core.errors import DomainError

# Nine elements, by key and never by number: published forms number them differently.
ELEMENTS = (
    "requirements", "procedure", "time", "cost", "product", "competence", "behaviour", "complaints", "facilities",
)  # fmt: skip
LABELS = {
    "requirements": "Persyaratan mudah dipenuhi",
    "procedure": "Alurnya mudah",
    "time": "Waktunya cepat",
    "cost": "Biayanya wajar",
    "product": "Hasilnya sesuai",
    "competence": "Petugas mampu",
    "behaviour": "Petugas sopan dan ramah",
    "complaints": "Pengaduan ditanggapi",
    "facilities": "Tempatnya nyaman",
}
KINDS = frozenset({"service", "illegal_fee", "facility", "other"})
CHECK_DAYS = 3
ANSWER_DAYS = 5


class ElementsMissing(DomainError):
    """The nine questions were sent without a single answer."""

    code = "elements_missing"
    text = "Pilih jawaban untuk paling sedikit satu pertanyaan."


class ScoreUnknown(DomainError):
    """Scores are 1 to 4."""

    code = "score_unknown"
    text = "Pilih salah satu dari empat penilaian."


class ComplaintEmpty(DomainError):
    """A complaint needs words."""

    code = "complaint_empty"
    text = "Ceritakan apa yang terjadi, paling sedikit satu kalimat."


class AnswerEmpty(DomainError):
    """An answer needs words."""

    code = "answer_empty"
    text = "Tulis jawaban untuk pelapor."


def check_score(score: int) -> None:
    """
    Accept 1, 2, 3 or 4.

    :raises ScoreUnknown: otherwise
    """
    if score not in (1, 2, 3, 4):
        raise ScoreUnknown


def check_elements(elements: Mapping[str, int]) -> None:
    """
    Accept scores of 1 to 4 for any of the nine elements.

    :raises ScoreUnknown: otherwise
    """
    for key, value in elements.items():
        if key not in ELEMENTS:
            raise ScoreUnknown
        check_score(value)


def index(answers: Sequence[Mapping[str, int]]) -> Decimal | None:
    """
    The index of complete answers: the mean of the nine elements' means, times 25, on two decimals.

    The weight is exactly one ninth: with the usual 0.111 a perfect score would give 99.9.
    """
    whole = [a for a in answers if all(key in a for key in ELEMENTS)]
    if not whole:
        return None
    means = (Fraction(sum(a[key] for a in whole), len(whole)) for key in ELEMENTS)
    total = sum(means, Fraction()) / 9 * 25
    exact = Decimal(total.numerator) / Decimal(total.denominator)
    return exact.quantize(Decimal("0.01"), ROUND_HALF_UP)


def grade(value: Decimal) -> str:
    """A to D. The index is rounded before, so that no value falls between two bands."""
    for letter, least in (("A", "88.31"), ("B", "76.61"), ("C", "65.00")):
        if value >= Decimal(least):
            return letter
    return "D"
