"""Receipts and copies of histories, as the command line saves them."""

from pathlib import Path
from typing import Any, Final

from google.protobuf.message import DecodeError

from xiezhi.v1.evidence_service_pb2 import GetReceiptResponse
from xiezhi_client.sdk.errors import InvalidInput
from xiezhi_client.sdk.records.event import EventRecord
from xiezhi_client.sdk.records.evidence import EvidenceReceipt
from xiezhi_client.verify.part import PART_SUFFIX, check_part, parse_part
from xiezhi_client.verify.pins import Pins
from xiezhi_client.verify.printed import attached_receipt, is_pdf
from xiezhi_client.verify.receipt import VerifiedReceipt, check_receipt, verify_proof
from xiezhi_domain.errors import FormatError
from xiezhi_domain.plain_values import read_json

PROOF_SUFFIX: Final = ".tlog-proof"


def parse_receipt(data: bytes) -> EvidenceReceipt:
    """Return the receipt that `xiezhi receipt` saved: a serialised `GetReceiptResponse`.

    :raises FormatError: it is something else.
    """
    try:
        return EvidenceReceipt.from_proto(GetReceiptResponse.FromString(data))
    except DecodeError:
        raise FormatError("不是存证回执文件（.receipt）") from None


def verified_file(path: Path, pins: Pins) -> VerifiedReceipt:
    """Return what a receipt proves, or a bare ``NAME.tlog-proof`` with its entry inside or beside it (``NAME.entry``).

    A ``NAME.part`` proves one part of what the event says, too.

    A PDF of a receipt (``xiezhi receipt --pdf``) is read by what is attached to it: nothing on its page is believed.

    :raises FormatError: the file is something else, or the entry is not there.
    :raises ProofError: it does not hold; says what.
    :raises OSError: a file cannot be read.
    """
    if path.suffix == PART_SUFFIX:
        return check_part(parse_part(path.read_bytes()), pins)
    if path.suffix != PROOF_SUFFIX:
        data = path.read_bytes()
        return check_receipt(parse_receipt(attached_receipt(data) if is_pdf(data) else data), pins)
    beside = path.with_suffix(".entry")
    return verify_proof(path.read_bytes(), beside.read_bytes() if beside.is_file() else None, pins)


def read_copy(path: Path) -> tuple[EventRecord, ...]:
    """Return the history of a matter: the JSON of ``xiezhi show MATTER --history --json``, or its list alone.

    :raises FormatError: the file is something else, or holds no history.
    :raises OSError: the file cannot be read.
    """
    records = _records(path)
    try:
        return tuple(EventRecord.from_plain(record, f"history[{at}]") for at, record in enumerate(records))
    except (InvalidInput, AttributeError, TypeError) as error:
        raise FormatError(f"{path} 的记录不完整：{error}") from None


def _records(path: Path) -> list[Any]:
    try:
        content = read_json(path.read_bytes())
    except ValueError:
        raise FormatError(f"{path} 不是 JSON 文件") from None
    records = content.get("history") if isinstance(content, dict) else content
    if not isinstance(records, list) or not records:
        raise FormatError(f"{path} 中没有签名记录，请用 xiezhi show 事项 --history --json 保存")
    return records
