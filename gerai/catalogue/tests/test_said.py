"""What is said of a mistake tells how to mend it, in the reader's words and not in a library's. No database."""

import pytest

from gerai.catalogue import joining
from gerai.catalogue.tests.make import FILE

FEE = "answers.who == 'child' ? 0 : answers.books * 1000"


def said(old, new):
    assert old in FILE
    return [(p.id, p.en) for p in joining.check(FILE.replace(old, new, 1)).problems]


@pytest.mark.parametrize(
    ("fee", "words"),
    [
        ("Rp10.000", "tanpa Rp dan tanpa titik: 10000"),
        ("10.000", "tanpa Rp dan tanpa titik: 10000"),
        ("answers.books = 3 ? 1 : 2", "sama dengan ditulis =="),
        ("answers.books > 3 and true ? 1 : 2", "dan ditulis &&"),
        ("answers.books > 3 ? 1000", "syarat ? nilai bila ya : nilai bila tidak"),
        ("(answers.books * 1000", "kurung"),
        ("answers.books *", "belum selesai"),
        ("answers.books 1000", "mulai huruf ke-15 (1000)"),
        ("books * 1000", "answers.books"),
        ("answers.books * '1000'", "angka tanpa kutip"),
        ("-5000", "hasilnya -5000; biaya paling sedikit 0"),
        ("answers.books * 0.5", "kalikan dulu"),
    ],
)
def test_a_formula_is_mended_by_what_is_said_of_it(fee, words):
    ((indonesian, english),) = said(FEE, fee)

    assert words in indonesian
    assert english.startswith("The fee formula fails: ")
    assert "Syntax error" not in indonesian + english


def test_an_answer_that_may_be_missing_is_named_with_its_guard():
    optional = "type: integer\n            required: false"
    assert "type: integer" in FILE
    found = joining.check(FILE.replace("type: integer", optional, 1)).problems

    assert "has(answers.books) ? (rumusnya) : 0" in next(p.id for p in found if p.code == "fee_fails")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("requirements:", "requirement:", "Maksudnya requirements?"),
        ("short: Perpustakaan", "short: ''", "masih kosong"),
        (
            "name: {id: Kartu anggota perpustakaan, en: Library card}",
            "name: Kartu",
            "dua bahasa: {id: ..., en: ...}",
        ),
        ("key: books", "key: Buku Dipinjam", "misalnya nama_usaha"),
        ("{minimum: 1, maximum: 9}", "{min: 1}", "minimum"),
        ("short: Perpustakaan", "short: Perpus: takaan", "titik dua"),
        ("  short: Perpustakaan", "\tshort: Perpustakaan", "Tab"),
        ("short: Perpustakaan", "short: Perpustakaan \ufffd", "UTF-8"),
        (FILE, "PK\x03\x04\x14", "bukan berkas teks"),
    ],
)
def test_a_slip_of_the_pen_is_told_once_with_what_to_write(old, new, words):
    found = said(old, new)

    assert len(found) == 1
    assert words in found[0][0]
    assert found[0][1]


@pytest.mark.parametrize(
    ("fields", "when", "words"),
    [
        ("type: yes_no", "answers.member == 'yes'", "true atau false, tanpa kutip"),
        ("type: integer", "answers.member == '3'", "tanpa kutip"),
        (
            "type: choice, choices: [{value: pupil, label: {id: a, en: a}}, {value: adult, label: {id: b, en: b}}]",
            "answers.member == 'pelajar'",
            "member dapat berisi 'pupil', 'adult'",
        ),
        (
            "type: integer, schema: {minimum: 1}",
            "answers.member < 1 && answers.member > 5",
            "apa pun jawabannya",
        ),
    ],
)
def test_of_a_condition_that_never_holds_it_is_said_what_could_be_answered(fields, when, words):
    member = f"- {{key: member, label: {{id: a, en: a}}, {fields}}}"
    found = said("- key: books", f'{member}\n          - key: books\n            when: "{when}"')

    assert words in found[0][0]
