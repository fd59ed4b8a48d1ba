"""A refusal's sentence: filled in Indonesian, or translated first and filled then."""

from datetime import UTC, date, datetime

import pytest
from django.utils.translation import override

from gerai.core.errors import DomainError, FormInvalid, Sentence


class Taken(DomainError):
    """A refusal with a placeholder."""

    code = "taken_in_a_test"
    text = "Loket {number} sudah dipakai."


ENGLISH = {"Loket {number} sudah dipakai.": "Counter {number} is taken.", "Sudah.": "Done."}.get


def test_a_sentence_is_translated_before_it_is_filled():
    sentence = Taken(number=7).sentence

    assert sentence == str(Taken(number=7)) == "Loket 7 sudah dipakai."
    assert sentence.said(ENGLISH) == "Counter 7 is taken."


def test_what_a_sentence_is_filled_with_is_never_filled_again():
    assert Taken(number="{number}").sentence.said(ENGLISH) == "Counter {number} is taken."


def test_a_sentence_without_data_keeps_its_braces():
    assert Sentence("Tulis {nama}.") == "Tulis {nama}."
    assert Sentence("Sudah.").said(ENGLISH) == "Done."


@pytest.mark.parametrize("name", ["pattern", "cls", "text"])
def test_a_placeholder_may_have_any_name(name):
    assert Sentence(f"Isi {{{name}}}.", **{name: 1}) == "Isi 1."


class Closed(DomainError):
    """A refusal with a day."""

    code = "closed_in_a_test"
    text = "Tutup pada {day}."


def test_days_and_moments_are_said_in_the_readers_language():
    english = {"Tutup pada {day}.": "Closed on {day}."}.get
    day, moment = date(2026, 12, 14), datetime(2026, 12, 14, 9, 42, tzinfo=UTC)

    assert str(Closed(day=day)) == "Tutup pada Senin, 14 Desember 2026."
    assert str(Closed(day=moment)) == "Tutup pada Senin, 14 Desember 2026 pukul 09.42."
    with override("en"):
        assert Closed(day=moment).sentence.said(english) == "Closed on Monday, 14 December 2026 at 09:42."


def test_a_form_names_its_fields():
    refused = FormInvalid({"nik": "NIK terdiri dari 16 angka."})

    assert refused.fields == {"nik": "NIK terdiri dari 16 angka."}
    assert str(refused) == "Ada isian yang perlu diperbaiki."
