"""A record of misconduct, explained to whoever holds the log's key."""

import json
from pathlib import Path

import pytest
from tests.unit.evidence.signing import SigningKey

from xiezhi_client.verify import program
from xiezhi_domain.evidence.checkpoint import Checkpoint
from xiezhi_domain.evidence.misconduct import Misconduct
from xiezhi_domain.evidence.note import Note, sign
from xiezhi_domain.terms import LogFault

HUB = SigningKey("log.example/hub", 1)


def note(root: bytes, size: int = 3) -> bytes:
    text = Checkpoint(HUB.name, size, root).format()
    return Note(text, (sign(text, HUB.name, HUB.log_key.key_id, HUB.sign),)).format()


def verified(directory: Path, record: Misconduct) -> int:
    pins, file = directory / "pins.json", directory / "found.misconduct"
    pins.write_text(json.dumps({"origin": HUB.name, "log_vkey": HUB.log_key.format()}), encoding="utf-8")
    file.write_bytes(record.format())
    with pytest.raises(SystemExit) as left:
        program.main(["verify", str(file), "--pins", str(pins)])
    assert isinstance(left.value.code, int)
    return left.value.code


def test_two_roots_are_explained_as_a_conviction(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = Misconduct(LogFault.TWO_ROOTS, note(b"\1" * 32), note(b"\2" * 32), (), "苏0591", 0)
    assert verified(tmp_path, found) == 0
    shown = capsys.readouterr().out
    assert LogFault.TWO_ROOTS.zh in shown
    assert "仅凭这两个签名即可认定" in shown


def test_a_smaller_log_is_explained_as_what_somebody_was_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = Misconduct(LogFault.SHRUNK, note(b"\1" * 32), note(b"\2" * 32, 2), (), "苏0591", 0)
    assert verified(tmp_path, found) == 0
    assert "以留存方的陈述为准" in capsys.readouterr().out


def test_a_record_that_shows_nothing_does_not_pass(tmp_path: Path) -> None:
    same = Misconduct(LogFault.TWO_ROOTS, note(b"\1" * 32), note(b"\1" * 32), (), "苏0591", 0)
    assert verified(tmp_path, same) == 1
