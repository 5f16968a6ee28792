"""Entries of a whole log that a court should have been sent, and that its journal does not have."""

from array import array
from collections.abc import Iterator

from xiezhi_client.verify.findings import Finding, not_proven
from xiezhi_client.verify.log_audit import AuditedCopy
from xiezhi_domain.errors import FormatError
from xiezhi_domain.events.header import decode_header
from xiezhi_domain.events.ruling import decode_entry, decode_ruling


class EntriesOfCourt:
    """The entries of a log that a court made, or that were accepted as addressed to it: they belong on its feed.

    *court* empty: nothing is noted, and nothing missed.
    """

    def __init__(self, court: str) -> None:
        self._court = court
        self._found = array("q")

    def take(self, index: int, entry: bytes) -> None:
        """Look at the next entry of the log."""
        if not self._court or self._court.encode() not in entry:
            return
        try:
            header_bytes, ruling_bytes = decode_entry(entry)
            header, ruling = decode_header(header_bytes), decode_ruling(ruling_bytes)
        except FormatError:
            return
        if header.sender == self._court or (ruling.accepted and header.to == self._court):
            self._found.append(index)

    def missing_in(self, journal: AuditedCopy) -> Iterator[Finding]:
        """Yield what *journal* should hold, as far as it has seen the log grow."""
        seen = journal.newest.size if journal.newest else 0
        missing = [index for index in self._found if index < seen and index not in journal.leaves]
        if missing:
            yield not_proven(
                f"日志全文中有 {len(missing)} 项写明与 {self._court} 有关（最早为第 {missing[0]} 项），"
                f"{journal.name} 中却没有：刚受理的可能还在送达途中；该院节点连接正常之后仍没有的，是平台扣留未送，"
                "请连同日志全文报告上级法院"
            )
