"""A refusal's sentence: filled in Indonesian, or translated first and filled then."""

import pytest

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


def test_a_form_names_its_fields():
    refused = FormInvalid({"nik": "NIK terdiri dari 16 angka."})

    assert refused.fields == {"nik": "NIK terdiri dari 16 angka."}
    assert str(refused) == "Ada isian yang perlu diperbaiki."
