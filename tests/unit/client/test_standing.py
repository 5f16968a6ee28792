"""Accepted and witnessed told apart by the verifier: k of n witnesses that the reader has pinned."""

import json
from pathlib import Path

import pytest
from tests.unit.client.test_verify import COMPLETED, PINS, REFUSED, USAGE, as_json, xiezhi
from tests.unit.evidence.signing import SigningKey

from xiezhi.v1.evidence_service_pb2 import GetReceiptResponse
from xiezhi_domain.evidence.checkpoint import Checkpoint
from xiezhi_domain.evidence.cosignature import cosign
from xiezhi_domain.evidence.note import Note
from xiezhi_domain.evidence.tlogproof import TlogProof

WITNESSES = [SigningKey(court, seed) for seed, court in enumerate(("苏0505", "苏0508", "苏0591"), 41)]
STRANGER = SigningKey("苏0581", 50)


def pins(folder: Path, needed: int, witnesses: list[SigningKey] | None = None) -> Path:
    values = json.loads(PINS.read_text())
    values["witnesses"] = [each.witness_key.format() for each in witnesses or WITNESSES]
    values["witnesses_needed"] = needed
    path = folder / "pins.json"
    path.write_text(json.dumps(values), encoding="utf-8")
    return path


def cosigned(folder: Path, *signers: SigningKey, sign_as: SigningKey | None = None) -> Path:
    """The saved receipt, its checkpoint cosigned."""
    receipt = GetReceiptResponse.FromString(COMPLETED.read_bytes())
    for field in ("tlog_proof", "key_tlog_proof"):
        proof = TlogProof.parse(getattr(receipt, field))
        note = Note.parse(proof.checkpoint)
        tree = Checkpoint.parse(note.text)
        lines = tuple(
            cosign(tree, each.witness_key, 1_767_225_600, (sign_as or each).sign) for each in signers
        )
        note = Note(note.text, note.signatures + lines)
        setattr(receipt, field, TlogProof(proof.index, proof.path, note.format()).format())
    path = folder / "cosigned.receipt"
    path.write_bytes(receipt.SerializeToString())
    return path


@pytest.mark.parametrize(
    ("signers", "standing"), [(0, "ACCEPTED"), (1, "ACCEPTED"), (2, "WITNESSED"), (3, "WITNESSED")]
)
def test_witnessed_are_those_that_enough_pinned_witnesses_cosigned(
    tmp_path: Path, signers: int, standing: str
) -> None:
    receipt = cosigned(tmp_path, *WITNESSES[:signers], STRANGER)
    [result] = as_json("verify", receipt, "--pins", pins(tmp_path, 2))
    assert result["verified"], "what is accepted holds, witnessed or not"
    assert result["standing"] == standing
    assert result["cosigned"] == [each.name for each in WITNESSES[:signers]]
    assert (result["witnesses"], result["witnesses_needed"]) == (3, 2)
    shown = xiezhi("verify", receipt, "--pins", pins(tmp_path, 2)).stdout
    assert "中心已确认" in shown
    assert ("，已见证" in shown) is (standing == "WITNESSED")


def test_without_pinned_witnesses_nothing_is_witnessed(tmp_path: Path) -> None:
    receipt = cosigned(tmp_path, *WITNESSES)
    [result] = as_json("verify", receipt, "--pins", PINS)
    assert (result["standing"], result["cosigned"]) == ("ACCEPTED", [])
    assert "未登记见证方" in xiezhi("verify", receipt, "--pins", PINS).stdout


def test_a_false_cosignature_in_a_pinned_name_is_no_proof(tmp_path: Path) -> None:
    receipt = cosigned(tmp_path, WITNESSES[0], sign_as=STRANGER)
    [result] = as_json("verify", receipt, "--pins", pins(tmp_path, 1), code=REFUSED)
    assert "见证签名不成立" in result["error"]["message"]


@pytest.mark.parametrize("needed", [0, 4, -1])
def test_a_policy_that_cannot_be_met_is_refused(tmp_path: Path, needed: int) -> None:
    assert "见证门槛" in xiezhi("verify", COMPLETED, "--pins", pins(tmp_path, needed), code=USAGE).output
    twice = [WITNESSES[0], WITNESSES[0]]
    assert "重复" in xiezhi("verify", COMPLETED, "--pins", pins(tmp_path, 1, twice), code=USAGE).output
