"""What events claim to have seen of this log: an event's not-before is no better than that claim (protocol §5)."""

from collections.abc import Collection, Iterable
from typing import Final

from sqlalchemy import Connection, func, select

from xiezhi_domain.events.header import Header, Seen
from xiezhi_domain.evidence import tiles
from xiezhi_domain.evidence.canonical import format_base64
from xiezhi_domain.evidence.errors import ProofError
from xiezhi_journal import tables
from xiezhi_journal.quarantine import LOG, quarantine
from xiezhi_journal.tables import checkpoint as table
from xiezhi_journal.translog import LogHashes

_CHUNK: Final = 400


def false_claims(connection: Connection, origin: str, claims: Collection[Seen]) -> set[Seen]:
    """Return which of *claims* nobody can have seen: of another log, beyond its end, or of a root that it never had.

    A size inside a batch, of which no checkpoint was ever signed, has one root as any other.
    """
    end = connection.scalar(select(func.max(table.c.size))) or 0
    roots = _roots(connection, {claim.size for claim in claims if claim.size <= end})
    return {claim for claim in claims if claim.origin != origin or roots.get(claim.size) != claim.root}


def _roots(connection: Connection, sizes: Collection[int]) -> dict[int, str]:
    """Return the log's root at each of *sizes*, as headers say it: mostly a checkpoint's, else from stored hashes."""
    asked = sorted({*sizes} - {0})
    found: dict[int, bytes] = {}
    for start in range(0, len(asked), _CHUNK):
        query = select(table.c.size, table.c.root).where(table.c.size.in_(asked[start : start + _CHUNK]))
        found.update((row.size, row.root) for row in connection.execute(query))
    between = [size for size in asked if size not in found]
    found.update(zip(between, tiles.roots(LogHashes(connection), between), strict=True))
    return {0: "", **{size: format_base64(root) for size, root in found.items()}}


def note_false_claims(connection: Connection, court: str, headers: Iterable[Header], now: int) -> None:
    """Raise the alarm once for a court that has signed that it saw this log as it never was.

    Either its node lies or is broken, or somebody has shown it another log under this hub's key.
    """
    held, name = tables.quarantine.c, f"seen/{court}"
    known = connection.scalar(select(held.id).where(held.source == LOG, held.event_id == name).limit(1))
    header = next(iter(headers), None)
    if known is None and header is not None:
        text = (
            f"{court} 签名声明见过的平台日志（{header.seen.size} 项，步骤 {header.id}）与本平台的不符，该步骤未予受理："
            "请与该院核对其 xiezhi-node checkpoints 导出的文件，查明是其节点有误，还是有人以本平台的密钥另出日志"
        )
        quarantine(connection, LOG, name, ProofError(text), now)
