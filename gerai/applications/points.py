"""From what people paste to a point on the map: coordinates, or the address of a place on a map service. Pure.

Nothing is fetched: a shortened link hides its point, so it is refused with what to do.
"""

import re
from urllib.parse import unquote

from gerai.agencies.places import Places
from gerai.core.errors import Sentence

SENTENCES = {
    "point": "Titik ini tidak terbaca. Tempel koordinat seperti -3.7956, 102.2592 atau tautan peta.",
    "point_short": (
        "Tautan pendek tidak memuat titiknya. Buka dulu tautan itu, lalu salin alamat panjangnya atau koordinatnya."
    ),
    "point_outside": "Titik ini di luar {city}. Periksa angkanya, atau pilih titik lain.",
}
LONGEST = 2000
_N = r"([-+]?\d{1,3}(?:\.\d{1,20})?)"
_BETWEEN = r"\s*,\s*\+?"
# The mark of a place goes before the middle of the picture that happened to be on the screen.
_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"!3d{_N}!4d{_N}",
        rf"[?&]mlat={_N}&mlon={_N}",
        rf"[?&](?:q|query|ll|daddr|destination|center|viewpoint)=(?:loc:)?{_N}{_BETWEEN}{_N}",
        rf"/(?:search|place)/{_N}{_BETWEEN}{_N}",
        rf"^geo:{_N}{_BETWEEN}{_N}",
        rf"@{_N},{_N}",
        rf"#map=\d{{1,2}}(?:\.\d+)?/{_N}/{_N}",
        rf"^\(?{_N}(?:{_BETWEEN}|\s*;\s*|\s+){_N}\)?$",
    )
)
_DECIMAL_COMMA = re.compile(r"^([-+]?\d{1,3}),(\d{1,20})(?:\s*;\s*|\s+|,\s+)([-+]?\d{1,3}),(\d{1,20})$")
_DEGREES = r"(\d{1,3})\s*°\s*(\d{1,2})\s*['′’]\s*(\d{1,2}(?:[.,]\d+)?)\s*(?:\"|″|”|'')\s*"
_MINUTES = re.compile(rf"^{_DEGREES}(N|S|LU|LS)[\s,;]*{_DEGREES}(E|W|BT|BB)$", re.IGNORECASE)
_SHORT = re.compile(
    r"^(?:https?://)?(?:maps\.app\.goo\.gl|goo\.gl|g\.co|osm\.org/go|openstreetmap\.org/go)/", re.IGNORECASE
)


def read(text: str, places: Places) -> tuple[dict[str, float] | None, str | None]:
    """The point `{"lat", "lon"}`, or a sentence why there is none. It must lie in the mall's city."""
    text = unquote(text[:LONGEST]).strip()
    pair = _pair(text)
    if pair is None or not (-90 <= pair[0] <= 90 and -180 <= pair[1] <= 180):
        return None, SENTENCES["point_short" if _SHORT.match(text) else "point"]
    point = {"lat": round(pair[0], 6), "lon": round(pair[1], 6)}
    return (None, sentence) if (sentence := outside(point, places)) else (point, None)


def outside(point: dict[str, float], places: Places) -> str | None:
    """A sentence for a point that does not lie in the mall's city."""
    if places.bounds is None or places.bounds.hold(point["lat"], point["lon"]):
        return None
    return Sentence(SENTENCES["point_outside"], city=places.city)


def _pair(text: str) -> tuple[float, float] | None:
    if found := _MINUTES.match(text):
        south, west = found[4].upper() in ("S", "LS"), found[8].upper() in ("W", "BB")
        return _degrees(found[1], found[2], found[3], south), _degrees(found[5], found[6], found[7], west)
    if found := _DECIMAL_COMMA.match(text):
        return float(f"{found[1]}.{found[2]}"), float(f"{found[3]}.{found[4]}")
    for form in _FORMS:
        if found := form.search(text):
            return float(found[1]), float(found[2])
    return None


def _degrees(degrees: str, minutes: str, seconds: str, below: bool) -> float:
    value = int(degrees) + int(minutes) / 60 + float(seconds.replace(",", ".")) / 3600
    return -value if below else value


def written(point: dict[str, float]) -> str:
    """A point as people read and paste it."""
    return f"{point['lat']:.6f}, {point['lon']:.6f}"


def link(point: dict[str, float]) -> str:
    """Where OpenStreetMap shows it."""
    lat, lon = f"{point['lat']:.6f}", f"{point['lon']:.6f}"
    return f"https://www.openstreetmap.org/?mlat={lat}&mlon={lon}#map=18/{lat}/{lon}"
