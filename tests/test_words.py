"""Everything said to people is said in English too."""

from babel.messages.catalog import Catalog

from gerai.portal import words


def test_every_sentence_has_english():
    assert words.missing(words.read(), words.collect()) == []


def test_sentences_are_found_everywhere():
    found = {m.id if isinstance(m.id, str) else m.id[0] for m in words.collect() if m.id}

    assert "Langsung ke isi" in found  # a template
    assert "Yang Anda cari tidak ditemukan. Periksa kembali alamat atau nomornya." in found  # a refusal
    assert "Tugas saya" in found  # a table
    assert "Instansi baru bergabung" in found  # a constant of Python, marked for later


def test_a_sentence_without_english_is_found():
    wanted, known = Catalog(locale="en"), Catalog(locale="en")
    for sentence, english in (
        ("Selesai", "Done"),
        ("Baru", ""),
        ("Loket {n}", "Counter"),
        ("Dari {a}", "From {b}"),
    ):
        wanted.add(sentence)
        known.add(sentence, english)
    wanted.add("Tidak dikenal")

    assert sorted(words.missing(known, wanted)) == ["Baru", "Dari {a}", "Loket {n}", "Tidak dikenal"]


def test_merging_keeps_english_and_drops_what_nobody_says():
    wanted, known = Catalog(locale="en"), Catalog(locale="en")
    wanted.add("Selesai")
    known.add("Selesai", "Done")
    known.add("Lama", "Old")

    merged = words.merge(known, wanted).decode()

    assert 'msgstr "Done"' in merged
    assert "Lama" not in merged
