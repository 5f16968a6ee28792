"""The signed history of a matter as a table: what the records say, read from the bytes that were signed."""

from collections.abc import Iterator
from typing import Any

from xiezhi_client.sdk import EventRecord
from xiezhi_client.typed.words import word
from xiezhi_domain.errors import DomainError
from xiezhi_domain.events.header import decode_header, header_hash
from xiezhi_domain.events.ruling import decode_ruling
from xiezhi_domain.terms import EventKind, Mark


def history_rows(records: tuple[EventRecord, ...]) -> Iterator[tuple[Any, ...]]:
    """Give sequence number, log index, kind, court, key, header hash and ruling of each event.

    Shows only; what checks signatures and proofs is the verifier.
    """
    for record in records:
        court = record.push.court if record.push else ""
        key = record.push.key_id if record.push else ""
        sequence, ruling = _ruling(record)
        index = record.log_index if record.ruling else None
        yield sequence, index, _kind(record), court, key, header_hash(record.header)[:16], ruling


def _kind(record: EventRecord) -> str:
    try:
        return word(EventKind, decode_header(record.header).kind)
    except DomainError:
        return "（无法读取）"


def _ruling(record: EventRecord) -> tuple[int | None, str]:
    if not record.ruling:
        return None, Mark.PENDING.zh
    try:
        ruling = decode_ruling(record.ruling)
    except DomainError:
        return None, "（无法读取）"
    return (ruling.seq, "已受理") if ruling.accepted else (None, f"未受理：{ruling.reason}")
