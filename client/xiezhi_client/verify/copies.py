"""Comparing copies of a history held by different courts: any two of them convict the third of a change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xiezhi_client.sdk.records.event import EventRecord
from xiezhi_domain.events.header import decode_header
from xiezhi_domain.events.ruling import decode_ruling, entry_leaf


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that does not agree, in Chinese; `holder` is whose copy says so."""

    holder: str
    text: str


def compare_copies(copies: Mapping[str, Sequence[EventRecord]]) -> list[Difference]:
    """Return where copies of one matter's accepted history differ, and where a copy does not chain.

    *copies* are records by holder, in log order; refused and pending events are left aside, because only the
    acting court and the hub hold them.

    :raises FormatError: a record is malformed.
    """
    accepted = {holder: accepted_of(records) for holder, records in copies.items()}
    differences = [
        difference for holder, records in accepted.items() for difference in _broken_links(holder, records)
    ]
    (first, reference), *others = accepted.items()
    for holder, records in others:
        if len(records) != len(reference):
            text = f"共 {len(records)} 项，{first} 为 {len(reference)} 项"
            differences.append(Difference(holder, text))
        for ours, theirs in zip(reference, records, strict=False):
            if (ours.header, ours.ruling, ours.log_index) != (theirs.header, theirs.ruling, theirs.log_index):
                differences.append(Difference(holder, f"日志第 {theirs.log_index} 项与 {first} 所存不同"))
    return differences


def accepted_of(records: Sequence[EventRecord]) -> list[EventRecord]:
    """Return the records that the hub accepted.

    :raises FormatError: a ruling is malformed.
    """
    return [record for record in records if record.ruling and decode_ruling(record.ruling).accepted]


def _broken_links(holder: str, records: Sequence[EventRecord]) -> list[Difference]:
    differences = []
    previous, seq = "", 0
    for record in records:
        ruling = decode_ruling(record.ruling)
        kind = decode_header(record.header).kind
        if (ruling.prev, ruling.seq) != (previous, seq + 1):
            differences.append(Difference(holder, f"日志第 {record.log_index} 项（{kind}）与前一项不衔接"))
        previous, seq = entry_leaf(record.header, record.ruling).hex(), ruling.seq
    return differences
