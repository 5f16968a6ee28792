"""`xiezhi verify` and `xiezhi audit` over receipts and copies that a demo has saved: no connection is made."""

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from xiezhi.v1.evidence_service_pb2 import GetReceiptResponse
from xiezhi_client.cli.app import app
from xiezhi_domain.events.ruling import encode_entry
from xiezhi_domain.evidence.note import ED25519, VerifierKey
from xiezhi_domain.evidence.tlogproof import TlogProof

SAVED = Path(__file__).parent / "saved"
PINS = SAVED / "pins.json"
ISSUED, COMPLETED = SAVED / "issued.receipt", SAVED / "completed.receipt"
REFUSED, USAGE, NOT_PROVEN = 1, 2, 4


def xiezhi(*words: str | Path, code: int = 0) -> Result:
    done = CliRunner().invoke(app, [str(word) for word in words])
    assert done.exit_code == code, done.output
    return done


def as_json(*words: str | Path, code: int = 0) -> Any:
    return json.loads(xiezhi(*words, "--json", code=code).stdout)


def altered(folder: Path, **changes: Any) -> Path:
    receipt = GetReceiptResponse.FromString(COMPLETED.read_bytes())
    receipt.MergeFrom(GetReceiptResponse(**changes))
    path = folder / "altered.receipt"
    path.write_bytes(receipt.SerializeToString())
    return path


def test_real_receipts_hold_under_the_pinned_key() -> None:
    issued, completed = as_json("verify", ISSUED, COMPLETED, "--pins", PINS)
    assert issued["verified"]
    assert completed["verified"]
    assert (issued["court"], issued["kind"], issued["sequence"], issued["log_index"]) == (
        "苏0591",
        "Issued",
        1,
        8,
    )
    assert (completed["court"], completed["sequence"], completed["accepted"]) == ("苏0508", 6, True)
    shown = xiezhi("verify", COMPLETED, "--pins", PINS).stdout
    assert "核验通过" in shown
    assert "办结反馈" in shown
    pins = json.loads(PINS.read_text())
    by_hand = ("--origin", pins["origin"], "--log-key", pins["log_vkey"])
    assert as_json("verify", ISSUED, *by_hand) == [issued]


def test_one_receipt_that_does_not_hold_fails_and_the_others_are_told(tmp_path: Path) -> None:
    other = GetReceiptResponse.FromString(ISSUED.read_bytes())
    swapped = altered(tmp_path, key_record=other.key_record, key_tlog_proof=other.key_tlog_proof)
    bad, good = as_json("verify", swapped, ISSUED, "--pins", PINS, code=REFUSED)
    assert (bad["verified"], bad["error"]["reason"]) == (False, "SIGNATURE_INVALID")
    assert good["verified"]
    assert "核验不通过" in xiezhi("verify", swapped, "--pins", PINS, code=REFUSED).stdout


def test_a_changed_ruling_a_cut_file_and_no_receipt_at_all_do_not_hold(tmp_path: Path) -> None:
    receipt = GetReceiptResponse.FromString(COMPLETED.read_bytes())
    ruling = receipt.record.ruling.replace(b'"seq":6', b'"seq":7')
    assert ruling != receipt.record.ruling
    changed = altered(tmp_path, record={"ruling": ruling})
    cut, text = tmp_path / "cut.receipt", tmp_path / "text.receipt"
    cut.write_bytes(COMPLETED.read_bytes()[:300])
    text.write_text("不是回执", "utf-8")
    results = as_json("verify", changed, cut, text, "--pins", PINS, code=REFUSED)
    assert [each["error"]["reason"] for each in results] == ["SIGNATURE_INVALID", "MALFORMED", "MALFORMED"]


def test_another_log_proves_nothing() -> None:
    key = json.loads(PINS.read_text())["log_vkey"]
    [result] = as_json(
        "verify", ISSUED, "--origin", "hub.other.example/xiezhi", "--log-key", key, code=REFUSED
    )
    assert "hub.other.example/xiezhi" in result["error"]["message"]


@pytest.mark.parametrize(
    "pins", [(), ("--origin", "x"), ("--origin", "x", "--log-key", "y"), ("--pins", str(ISSUED))]
)
def test_without_pins_nothing_is_verified(pins: tuple[str, ...]) -> None:
    assert xiezhi("verify", ISSUED, *pins, code=USAGE).stdout == ""


def bare_proof(folder: Path, extra: bytes | None = None) -> tuple[Path, bytes]:
    """The proof of a saved receipt alone, and the log entry that it proves."""
    receipt = GetReceiptResponse.FromString(COMPLETED.read_bytes())
    path = folder / "completed.tlog-proof"
    path.write_bytes(dataclasses.replace(TlogProof.parse(receipt.tlog_proof), extra=extra).format())
    return path, encode_entry(receipt.record.header, receipt.record.ruling)


def test_a_bare_proof_holds_with_the_entry_inside_or_beside_it(tmp_path: Path) -> None:
    proof, entry = bare_proof(tmp_path)
    [alone] = as_json("verify", proof, "--pins", PINS, code=REFUSED)
    assert ".entry" in alone["error"]["message"]
    proof.with_suffix(".entry").write_bytes(entry)
    [beside] = as_json("verify", proof, "--pins", PINS)
    proof.with_suffix(".entry").unlink()
    bare_proof(tmp_path, extra=entry)
    [inside] = as_json("verify", proof, "--pins", PINS)
    assert beside == inside
    assert (inside["court"], inside["sequence"], inside["court_signed"]) == ("苏0508", 6, False)
    assert "证明文件不含" in xiezhi("verify", proof, "--pins", PINS).stdout
    bare_proof(tmp_path, extra=entry.replace(b'"seq":6', b'"seq":7'))
    [changed] = as_json("verify", proof, "--pins", PINS, code=REFUSED)
    assert changed["error"]["reason"] == "SIGNATURE_INVALID"


def test_a_rotated_log_key_is_pinned_beside_the_old_one(tmp_path: Path) -> None:
    pins = json.loads(PINS.read_text())
    stranger = VerifierKey(pins["log_vkey"].split("+")[0], ED25519, bytes(range(32))).format()
    both = ("--origin", pins["origin"], "--log-key", stranger, "--log-key", pins["log_vkey"])
    assert as_json("verify", ISSUED, *both)[0]["verified"]
    saved = tmp_path / "both.json"
    saved.write_text(
        json.dumps({"origin": pins["origin"], "log_vkeys": [stranger, pins["log_vkey"]]}), "utf-8"
    )
    assert as_json("verify", ISSUED, "--pins", saved)[0]["verified"]
    alone = ("--origin", pins["origin"], "--log-key", stranger)
    [refused] = as_json("verify", ISSUED, *alone, code=REFUSED)
    said = refused["error"]["message"]
    assert "更换日志密钥" in said
    assert all(key.split("+")[1] in said for key in (stranger, pins["log_vkey"]))


def copy(folder: Path, change: Any) -> Path:
    content = json.loads((SAVED / "receiver.json").read_text())
    change(content["history"])
    path = folder / "copy.json"
    path.write_text(json.dumps(content), "utf-8")
    return path


def test_two_courts_hold_the_same_history() -> None:
    compared = as_json("audit", SAVED / "sender.json", "--against", SAVED / "receiver.json")
    assert compared == {"equal": True, "accepted": 7, "differences": []}
    assert (
        "已受理的 7 项" in xiezhi("audit", SAVED / "sender.json", "--against", SAVED / "receiver.json").stdout
    )


def test_a_step_left_out_or_changed_is_named(tmp_path: Path) -> None:
    def change(history: list[dict[str, Any]]) -> None:
        history[2]["log_index"] = 99

    for alter, word in ((change, "第 99 项"), (list.pop, "共 6 项")):
        altered_copy = copy(tmp_path, alter)
        compared = as_json("audit", SAVED / "sender.json", "--against", altered_copy, code=REFUSED)
        assert not compared["equal"]
        assert any(word in each["text"] for each in compared["differences"])
        assert {each["holder"] for each in compared["differences"]} == {str(altered_copy)}


def test_what_cannot_be_compared_is_not_called_equal(tmp_path: Path) -> None:
    pending = copy(tmp_path, lambda history: [record.pop("ruling") for record in history])
    same = tmp_path / "same.json"
    same.write_bytes(pending.read_bytes())
    for path, other in ((pending, same), (SAVED / "sender.json", PINS), (SAVED / "sender.json", ISSUED)):
        assert xiezhi("audit", path, "--against", other, code=REFUSED).stderr.startswith("未完成：")
    xiezhi("audit", PINS, "--against", PINS, code=USAGE)
    xiezhi("audit", SAVED / "sender.json", code=USAGE)


def test_a_copy_of_the_log_that_proves_nothing_has_a_code_of_its_own(tmp_path: Path) -> None:
    result = as_json("audit", tmp_path, "--pins", PINS, code=NOT_PROVEN)
    assert result["verdict"] == "NOT_PROVEN"
    assert "缺少文件 checkpoint" in xiezhi("audit", tmp_path, "--pins", PINS, code=NOT_PROVEN).stdout
    xiezhi("audit", tmp_path, code=USAGE)
    assert "https" in xiezhi("audit", "https:nowhere", "--pins", PINS, code=REFUSED).stderr
