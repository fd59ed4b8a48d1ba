"""The places of the mall's own file: whole and right, and each mistake at its line. No database."""

import pytest
from django.conf import settings

from gerai.agencies import places
from gerai.catalogue import surroundings
from gerai.catalogue.yaml_lines import read

TEXT = (settings.PACKAGE / "config" / "pilot" / "mall.yaml").read_text()


def pilot():
    data, _lines = read(TEXT)
    return places.of(data["mall"]["city"], data["places"])


def test_the_pilot_city_has_nine_kecamatan_and_67_kelurahan_with_their_codes():
    found = pilot()

    assert surroundings.check(*read(TEXT)) == []
    assert (len(found.by_kecamatan()), len(found.kelurahan)) == (9, 67)
    assert found.find("17.71.07.1009") == places.Kelurahan("17.71.07.1009", "Pengantungan", "Ratu Samban")
    assert found.named(" PENGANTUNGAN ") == found.find("17.71.07.1009")
    assert found.named("Uji") is found.find("17.71") is None


def test_the_city_holds_its_market_and_not_the_next_town():
    bounds = pilot().bounds

    assert bounds is not None
    assert bounds.hold(-3.7956, 102.2592)
    assert not bounds.hold(-3.4422, 102.5322)  # Curup
    assert not bounds.hold(3.7956, 102.2592)  # the minus forgotten


def test_a_mall_that_lists_nothing_has_no_places():
    assert places.of("Uji", {}) == places.Places("Uji")
    assert surroundings.check({"mall": {}}, {}) == []


@pytest.mark.parametrize(
    ("old", "new", "code", "part"),
    [
        ("'17.71.01.1002'", "'17.71.01.1001'", "written_twice", "17.71.01.1002"),
        ("'17.71.01.1002'", "'17.71.02.1099'", "code_not_own", "17.71.01.1002"),
        ("'17.71.01.1002'", "'1771011002'", "form_wrong", "17.71.01.1002"),
        (", name: Sukarami", "", "field_missing", "17.71.01.1002"),
        ("north: -3.72", "north: -3.99", "bounds_wrong", "bounds:"),
        ("north: -3.72", "north: utara", "type_wrong", "bounds:"),
    ],
)
def test_a_mistake_is_told_at_its_line(old, new, code, part):
    assert old in TEXT

    (problem,) = surroundings.check(*read(TEXT.replace(old, new, 1)))

    assert problem.code == code
    assert problem.line == next(n for n, row in enumerate(TEXT.splitlines(), 1) if part in row)
