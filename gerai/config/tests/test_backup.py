"""What cannot be saved or restored is said in a sentence, and nothing is left behind."""

import io
import json
import tarfile
from pathlib import Path

import pytest

from gerai.config import backup


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation's folder without keys."""
    folder = tmp_path / "data"
    folder.mkdir()
    monkeypatch.setenv("GERAI_DATA", str(folder))
    monkeypatch.setenv("GERAI_KEYS", str(folder / "keys" / "gerai.json"))
    return folder


def tar(path: Path, **parts: bytes) -> Path:
    """An archive of these parts."""
    with tarfile.open(path, "w") as made:
        for name, content in parts.items():
            member = tarfile.TarInfo(name.replace("__", "."))
            member.size = len(content)
            made.addfile(member, io.BytesIO(content))
    return path


def told(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    """What a refused command says."""
    assert backup.command([str(argument) for argument in arguments]) == 1
    return capsys.readouterr().out


def test_there_must_be_something_to_save_and_a_place_for_it(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "nothing to save" in told(capsys, "backup", tmp_path / "a.tar")
    (data / "keys").mkdir()
    (data / "keys" / "gerai.json").write_text("{}")

    assert "no folder" in told(capsys, "backup", tmp_path / "nowhere" / "a.tar")
    assert "no folder" in told(capsys, "backup", tmp_path / "a.tar", "--keys", tmp_path / "nowhere" / "k.tar")
    assert "two files" in told(capsys, "backup", tmp_path / "a.tar", "--keys", tmp_path / "a.tar")
    assert list(tmp_path.glob("*.tar*")) == []


def test_what_is_no_archive_of_ours_is_not_restored(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = tmp_path / "surat.txt"
    text.write_text("halo")
    altered = tar(
        tmp_path / "altered.tar",
        manifest__json=json.dumps({"format": 1, "dump": "0" * 64, "keys": "x"}).encode(),
        database__dump=b"changed",
    )

    assert "There is no" in told(capsys, "restore", tmp_path / "missing.tar")
    for wrong in (text, tar(tmp_path / "empty.tar"), altered):
        assert "not from Gerai" in told(capsys, "restore", wrong)
    assert [path.name for path in data.iterdir()] == ["up.lock"]
