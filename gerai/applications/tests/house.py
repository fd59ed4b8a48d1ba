"""A form with every kind of question: rows of rooms, an address from a list, a point on the map, a photo."""

from typing import Any

from gerai.agencies import services as agencies
from gerai.applications import services
from gerai.applications.models import Application
from gerai.applications.tests.make import CONTENT, MONDAY, World, both, picture
from gerai.ledger.rules import SYSTEM

PLACES: dict[str, Any] = {
    "bounds": {"south": -3.98, "west": 102.17, "north": -3.72, "east": 102.4},
    "kecamatan": [
        {
            "code": "17.71.07",
            "name": "Ratu Samban",
            "kelurahan": [
                {"code": "17.71.07.1009", "name": "Pengantungan"},
                {"code": "17.71.07.1001", "name": "Padang Jati"},
            ],
        }
    ],
}
ROOMS: dict[str, Any] = {
    "key": "rooms", "label": both("Ruang"), "type": "group", "least": 1, "most": 3, "personal": True, "shared": True,
    "fields": [
        {"key": "name", "label": both("Nama ruang"), "type": "text"},
        {"key": "area", "label": both("Luas ruang"), "type": "integer", "schema": {"minimum": 1, "maximum": 500}},
        {"key": "window", "label": both("Jendela"), "type": "yes_no", "required": False},
    ],
}  # fmt: skip
ADDRESS: dict[str, Any] = {
    "key": "site", "label": both("Letak"), "type": "address", "shared": True, "schema": {"minLength": 5},
}  # fmt: skip
HOME: dict[str, Any] = {
    "key": "home",
    "label": both("Rumah"),
    "type": "address",
    "outside": True,
    "required": False,
}
POINT: dict[str, Any] = {"key": "spot", "label": both("Titik"), "type": "point"}
PHOTO: dict[str, Any] = {"key": "photo", "label": both("Foto tempat"), "type": "file", "required": True}
TOTAL = {
    "key": "total",
    "label": both("Luas semua"),
    "type": "computed",
    "value": "sum(answers.rooms.map(r, r.area))",
}
TYPED = {
    "rooms": "2",
    "rooms.0.name": "Dapur",
    "rooms.0.area": "12",
    "rooms.1.name": "Kamar",
    "rooms.1.area": "9",
    "rooms.1.window": "yes",
    "site": "Jalan Suprapto 12",
    "site.kelurahan": "17.71.07.1009",
    "spot": "https://www.openstreetmap.org/#map=17/-3.7956/102.2592",
}
KEPT = {
    "rooms": [{"name": "Dapur", "area": 12}, {"name": "Kamar", "area": 9, "window": True}],
    "site": {
        "street": "Jalan Suprapto 12",
        "code": "17.71.07.1009",
        "kelurahan": "Pengantungan",
        "kecamatan": "Ratu Samban",
    },
    "spot": {"lat": -3.7956, "lon": 102.2592},
}


def content() -> dict[str, Any]:
    """The form of the tests with one section of all these."""
    section = {"key": "house", "title": both("Rumah"), "fields": [ROOMS, TOTAL, ADDRESS, HOME, POINT, PHOTO]}
    return {**CONTENT, "requirements": [], "questions": [section]}


def live_in(mall: Any) -> None:
    """Let the mall stand in this city."""
    agencies.set_places(mall=mall, places=PLACES, actor=SYSTEM, now=MONDAY)


class House(World):
    """A city that lists its kelurahan, and the form."""

    def __init__(self, asked: dict[str, Any] | None = None) -> None:
        super().__init__()
        live_in(self.mall)
        self.publish(asked or content())

    def photo(self, draft: Application, colour: str = "teal") -> None:
        """Send the picture of the place."""
        services.attach(
            person=self.sari, application_id=draft.pk, requirement="photo", name="rumah.jpg",
            data=picture(colour), now=MONDAY,
        )  # fmt: skip

    def complete(self) -> Application:
        """A draft with every answer."""
        draft = self.draft()
        raw = dict(TYPED)
        assert not services.save_answers(
            person=self.sari, application_id=draft.pk, section="house", raw=raw, now=MONDAY
        )
        self.photo(draft)
        return Application.objects.get(pk=draft.pk)
