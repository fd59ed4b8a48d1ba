"""Search by everyday words. A few hundred services fit in memory: words are compared forgivingly (RapidFuzz),
rare words count more, and whole phrases of the keywords count most."""

import math
import re
import unicodedata
from collections import defaultdict
from typing import Any

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

# What changes the index; the last such entry is the stamp of the cached one.
CHANGES = (
    "catalogue.published",
    "catalogue.life_events_changed",
    "agencies.agency_joined",
    "agencies.agency_changed",
)
_STOP = frozenset(
    [
        "saya",
        "aku",
        "mau",
        "ingin",
        "mo",
        "pengen",
        "cara",
        "gimana",
        "bagaimana",
        "untuk",
        "utk",
        "di",
        "ke",
        "dari",
        "yang",
        "yg",
        "dan",
        "atau",
        "dengan",
        "buat",
        "bikin",
        "membuat",
        "urus",
        "mengurus",
        "ngurus",
        "apa",
        "bisa",
        "dapat",
        "baru",
        "tolong",
        "pak",
        "bu",
        "nya",
        "the",
        "a",
        "an",
        "to",
        "of",
        "for",
        "how",
        "i",
        "my",
        "want",
        "get",
    ]
)
# Said in the street, written otherwise in the catalogue.
_SAME = {
    "ilang": "hilang",
    "kehilangan": "hilang",
    "ijin": "izin",
    "perizinan": "izin",
    "praktek": "praktik",
    "sertifikat": "sertipikat",
    "apotik": "apotek",
    "kawin": "nikah",
    "menikah": "nikah",
    "kerjaan": "kerja",
    "pekerjaan": "kerja",
    "pasport": "paspor",
    "passport": "paspor",
    "wafat": "meninggal",
    "akte": "akta",
    "ektp": "ktp",
    "ktpel": "ktp",
}
_cache: dict[str, tuple[Any, "Index"]] = {}


def cached(mall: str, stamp: Any) -> "Index | None":
    """The index of this mall at this stamp, if it is still in memory."""
    found = _cache.get(mall)
    return found[1] if found and found[0] == stamp else None


def keep(mall: str, stamp: Any, index: "Index") -> None:
    """Remember an index."""
    _cache[mall] = (stamp, index)


def words(text: str) -> list[str]:
    """The words of a text in one form."""
    plain = unicodedata.normalize("NFKD", text.lower())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter)).replace("ktp-el", "ktp")
    return [_SAME.get(word, word) for word in re.findall(r"[a-z0-9]+", plain)]


class Index:
    """The words of one mall's catalogue, by service."""

    def __init__(self, services: list[Any], events: list[Any]) -> None:
        self.services = services
        self.weights: dict[str, dict[int, float]] = defaultdict(dict)
        self.phrases: list[list[tuple[str, float]]] = []
        moments: dict[str, list[str]] = defaultdict(list)
        for event in events:
            for place, code in enumerate(event.services):
                # The first service of a moment of life is what people mean by it.
                moments[code] += [event.name["id"], event.name["en"]] if place == 0 else [event.name["id"]]
        for number, service in enumerate(services):
            phrases = [(service.name["id"], 1.0), (service.name["en"], 0.95)]
            phrases += [(keyword, 1.0) for keyword in service.keywords]
            phrases += [(name, 0.6) for name in moments[service.code]]
            agency = service.agency
            weak = [agency.name["id"], agency.name["en"], agency.short, agency.code]
            for phrase, weight in [*phrases, *((name, 0.45) for name in weak), (service.code, 1.0)]:
                for word in words(phrase):
                    here = self.weights[word]
                    here[number] = max(here.get(number, 0.0), weight)
            self.phrases.append([(" ".join(words(phrase)), weight) for phrase, weight in phrases])
        self.vocabulary = list(self.weights)
        self.rarity = {
            word: math.log(1 + len(services) / len(numbers)) for word, numbers in self.weights.items()
        }

    def _alike(self, word: str) -> dict[str, float]:
        """Words of the catalogue like this one, and how much, 0 to 1."""
        if word in self.weights:
            found = {word: 1.0}
        elif len(word) <= 2:
            return {}
        else:
            # One slip in four letters, two in seven; swapped letters are one slip.
            found = {
                near: score**2
                for near, score, _ in process.extract(
                    word, self.vocabulary, scorer=OSA.normalized_similarity, score_cutoff=0.7, limit=6
                )
                if len(near) > 3
            }
        if len(word) >= 3:
            for near in self.vocabulary:
                if near.startswith(word) and near != word:
                    found[near] = max(found.get(near, 0.0), 0.8)
        return found

    def find(self, text: str, limit: int) -> list[Any]:
        """Services, best first. Nothing that fits: an empty list."""
        asked = words(text[:200])[:12]
        useful = [word for word in asked if word not in _STOP] or asked
        scores: dict[int, float] = defaultdict(float)
        hits: dict[int, int] = defaultdict(int)
        for word in useful:
            best: dict[int, float] = {}
            for near, likeness in self._alike(word).items():
                for number, weight in self.weights[near].items():
                    best[number] = max(best.get(number, 0.0), likeness * weight * self.rarity[near])
            for number, score in best.items():
                scores[number] += score
                hits[number] += 1
        whole = " ".join(asked)
        ranked = []
        for number, score in scores.items():
            phrase = max(
                (weight * fuzz.token_sort_ratio(whole, text) / 100 for text, weight in self.phrases[number]),
                default=0.0,
            )
            share = hits[number] / max(len(useful), 1)
            ranked.append((score * share * (0.4 + phrase * phrase * 1.6), number))
        ranked.sort(key=lambda pair: (-pair[0], self.services[pair[1]].code))
        floor = ranked[0][0] * 0.12 if ranked else 0
        return [self.services[number] for score, number in ranked[:limit] if score >= floor]
