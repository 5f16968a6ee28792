"""Receipts that one log cannot both have given: two files that convict it, whoever holds them against each other."""

from pathlib import Path

import pytest
from tests.unit.client.test_verify import COMPLETED, ISSUED, PINS, REFUSED, as_json, xiezhi
from tests.unit.evidence.signing import SigningKey

from xiezhi.v1.evidence_service_pb2 import GetReceiptResponse
from xiezhi_client.verify.program import main
from xiezhi_domain.events.ruling import encode_entry
from xiezhi_domain.evidence.checkpoint import Checkpoint
from xiezhi_domain.evidence.merkle import inclusion_path, leaf_hash, root_of
from xiezhi_domain.evidence.note import Note, sign
from xiezhi_domain.evidence.tlogproof import TlogProof

KEY = SigningKey("hub.su05.example/xiezhi", 60)
PINNED = ("--origin", KEY.name, "--log-key", KEY.log_key.format())


def entry_of(receipt: Path) -> bytes:
    record = GetReceiptResponse.FromString(receipt.read_bytes()).record
    return encode_entry(record.header, record.ruling)


FIRST, SECOND = entry_of(ISSUED), entry_of(COMPLETED)


def proof(path: Path, log: list[bytes], index: int) -> Path:
    """A proof file that a hub's key gives of the entry at *index* of *log*."""
    leaves = [leaf_hash(entry) for entry in log]
    text = Checkpoint(KEY.name, len(log), root_of(leaves)).format()
    note = Note(text, (sign(text, KEY.name, KEY.log_key.key_id, KEY.sign),))
    path.write_bytes(
        TlogProof(index, tuple(inclusion_path(leaves, index)), note.format(), log[index]).format()
    )
    return path


def test_two_entries_at_one_place_convict_the_log_whatever_its_sizes(tmp_path: Path) -> None:
    one = proof(tmp_path / "one.tlog-proof", [FIRST], 0)
    other = proof(tmp_path / "other.tlog-proof", [SECOND, FIRST], 0)
    for alone in (one, other):
        assert as_json("verify", alone, *PINNED)[0]["verified"]
    results = as_json("verify", one, other, *PINNED, code=REFUSED)
    assert [each["contradicts"] for each in results] == [[str(other)], [str(one)]]
    shown = xiezhi("verify", one, other, *PINNED, code=REFUSED).stdout
    assert "第 0 项在两份回执中是两项不同的记录" in shown
    assert "交上级法院查处" in shown


def test_two_roots_at_one_size_convict_the_log(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one = proof(tmp_path / "one.tlog-proof", [FIRST, SECOND], 0)
    other = proof(tmp_path / "other.tlog-proof", [FIRST, FIRST], 1)
    with pytest.raises(SystemExit) as left:
        main(["verify", str(one), str(other), *PINNED])
    assert left.value.code == REFUSED
    assert "同样 2 项的日志签了两个不同的根" in capsys.readouterr().out


def test_receipts_of_one_history_do_not_contradict_each_other(tmp_path: Path) -> None:
    log = [FIRST, SECOND, FIRST]
    files = [proof(tmp_path / f"{size}.tlog-proof", log[:size], 0) for size in (1, 2, 3)]
    files.append(proof(tmp_path / "last.tlog-proof", log, 2))
    assert all("contradicts" not in each for each in as_json("verify", *files, *PINNED))
    assert all("contradicts" not in each for each in as_json("verify", ISSUED, COMPLETED, "--pins", PINS))
