"""The mall records its own voice: what is taken in, what is refused, what boards say then, and who may."""

import io

import av
import numpy
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from gerai.core import clock
from gerai.core.errors import NotFound
from gerai.floor import boards, recording, services, sound, voice, words
from gerai.floor.tests.make import MORNING, Hall, enter, pair
from gerai.floor.tests.test_manager import all_day, come, person_with
from gerai.ledger.models import Entry
from gerai.ledger.rules import ActorRef

pytestmark = pytest.mark.django_db
BOSS = ActorRef("person", "manager")
WORD = 0.4  # seconds


@pytest.fixture(autouse=True)
def _data(settings, tmp_path):
    settings.DATA, settings.FILES_ROOT = tmp_path, tmp_path / "files"


def tone(seconds=WORD, around=0.5, loud=0.1, rate=48000):
    """A quiet sound with silence around it."""
    said = numpy.sin(numpy.arange(int(seconds * rate)) * 2 * numpy.pi * 440 / rate) * loud
    still = numpy.zeros(int(around * rate))
    return (numpy.concatenate([still, said, still]) * 32767).astype("int16")


def recorded(container="wav", codec="pcm_s16le", rate=48000, **more):
    """What a recorder makes of it."""
    out = io.BytesIO()
    with av.open(out, "w", format=container) as file:
        stream = file.add_stream(codec, rate=rate)
        stream.layout = "mono"
        frame = av.AudioFrame.from_ndarray(tone(rate=rate, **more)[None], format="s16", layout="mono")
        frame.rate = rate
        for packet in (*stream.encode(frame), *stream.encode(None)):
            file.mux(packet)
    return out.getvalue()


def keep(hall, words="tujuh", language="id", **more):
    given = {"data": recorded(), "actor": BOSS, "now": MORNING, **more}
    return recording.keep(mall=hall.mall, language=language, words=words, **given)


def word(hall, said):
    groups = recording.groups(hall.mall, "id")
    return next(each for kind in groups.values() for each in kind if each.words == said)


@pytest.mark.parametrize(
    ("container", "codec"), [("wav", "pcm_s16le"), ("ogg", "libopus"), ("webm", "libopus"), ("mp4", "aac")]
)
def test_whatever_recorder_made_it_the_word_alone_is_kept_as_loud_as_the_others(container, codec):
    hall = Hall()

    keep(hall, "Tujuh", data=recorded(container, codec))

    own = voice.own_folder("1771", "id") / "tujuh.wav"
    heard = numpy.frombuffer(sound.frames(own), "<i2")
    assert sound.seconds(own) == pytest.approx(WORD + 2 * sound.MARGIN, abs=0.06)
    assert abs(heard).max() == pytest.approx(sound.LOUD * 32767, rel=0.01)
    assert word(hall, "tujuh").whose == "own"
    entry = Entry.objects.get(kind="floor.voice_recorded")
    assert (entry.subject, entry.actor_id) == ("voice:id:tujuh", "manager")


@pytest.mark.parametrize(
    ("refusal", "more"),
    [
        (words.SoundKindRefused, {"data": b""}),
        (words.SoundKindRefused, {"data": b"#EXTM3U\nhttp://127.0.0.1/"}),
        (words.SoundKindRefused, {"data": b"\x89PNG\r\n\x1a\n" + bytes(60)}),
        (words.SoundBroken, {"data": b"RIFF\x24\x00\x00\x00WAVEfmt "}),
        (words.SoundBroken, {"data": b"OggS" + bytes(40)}),
        (words.SoundTooBig, {"data": b"RIFF" + bytes(4 * 1024 * 1024)}),
        (words.SoundTooLong, {"data": recorded(rate=8000, seconds=13)}),
        (words.SoundSilent, {"data": recorded(loud=0.001)}),
        (words.SoundSilent, {"data": recorded(seconds=0.02)}),
        (words.WordsWrong, {"words": "../.."}),
        (words.WordsWrong, {"words": "kata " * 20}),
        (NotFound, {"language": "fr"}),
    ],
)
def test_what_is_no_word_is_refused_and_the_former_recording_stays(refusal, more):
    hall = Hall()
    keep(hall)
    before = word(hall, "tujuh")

    with pytest.raises(refusal):
        keep(hall, **more)

    assert word(hall, "tujuh") == before
    assert Entry.objects.filter(kind="floor.voice_recorded").count() == 1


def test_words_never_lead_out_of_the_folder():
    hall = Hall()

    assert keep(hall, "../../Nomor_A") == "nomor a"
    assert (voice.own_folder("1771", "id") / "nomor a.wav").exists()
    assert [each.words for each in recording.groups(hall.mall, "id")["more"]] == ["nomor a"]


def test_a_second_delete_changes_nothing():
    hall = Hall()
    keep(hall)

    for _ in range(2):
        recording.remove(mall=hall.mall, language="id", words="tujuh", actor=BOSS, now=MORNING)

    assert word(hall, "tujuh").whose == ""
    assert Entry.objects.filter(kind="floor.voice_removed").count() == 1


def test_a_board_says_the_next_sentence_with_the_new_recording(client):
    hall = Hall()
    all_day(hall)
    board = pair(hall.mall, "board")
    enter(client, board)
    come(hall)
    errand = services.call_next(person=hall.officers[0], now=clock.now())
    said = reverse("floor:voice", args=["id", boards.key_of(errand)])
    by_machine = client.get(said).content
    for each in ("nomor", "a", "satu"):
        keep(hall, each)
    assert client.get(said).content == by_machine  # one word is missing: the machine says all of it

    keep(hall, "silakan ke loket")
    answer = client.get(said)
    assert answer.content != by_machine
    assert answer["Cache-Control"] == "no-store"

    keep(hall, "satu", data=recorded(seconds=1))
    assert len(client.get(said).content) > len(answer.content) + 2 * 2 * 22050 * 0.5
    recording.remove(mall=hall.mall, language="id", words="a", actor=BOSS, now=MORNING)
    assert client.get(said).content == by_machine


def test_the_manager_sends_hears_and_deletes_on_one_page_and_nobody_else_does(client, client_of):
    hall = Hall()
    client.force_login(person_with(hall, "mall_manager"))
    page = reverse("floor:recordings", args=["id"])
    hear = reverse("floor:hear", args=["id"])
    machine = client.get(hear, {"kata": "tujuh"}).content

    sent = {"words": "tujuh", "sound": SimpleUploadedFile("x.webm", recorded("webm", "libopus"))}
    answer = client.post(page, sent)
    assert answer.url == f"{page}#kata-tujuh"
    assert "1 dari 20 kata" in client.get(page).content.decode()
    assert client.get(hear, {"kata": "tujuh"}).content != machine

    wrong = client.post(page, {"words": "tujuh", "sound": SimpleUploadedFile("x.wav", b"halo")})
    assert (wrong.status_code, "bukan rekaman suara" in wrong.content.decode()) == (422, True)
    assert client.post(page, {"words": "tujuh"}).status_code == 422
    assert client.get(reverse("floor:recordings", args=["fr"])).status_code == 404

    client.post(reverse("floor:unrecord", args=["id"]), {"words": "tujuh"})
    assert client.get(hear, {"kata": "tujuh"}).content == machine

    other = client_of()
    other.force_login(person_with(hall, "agency_admin", hall.services["X"].agency, "ani"))
    assert other.get(page).status_code == other.post(page, sent).status_code == 404
    assert other.get(hear, {"kata": "tujuh"}).status_code == 404
