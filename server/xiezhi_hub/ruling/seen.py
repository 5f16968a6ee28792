"""What events claim to have seen of this log: an event's not-before is no better than that claim (protocol §5)."""

from collections.abc import Collection, Iterable
from typing import Final

from sqlalchemy import Connection, func, select

from xiezhi_domain.events.header import Header, Seen
from xiezhi_domain.evidence.canonical import format_base64
from xiezhi_domain.evidence.errors import ProofError
from xiezhi_journal import tables
from xiezhi_journal.quarantine import LOG, quarantine
from xiezhi_journal.tables import checkpoint as table

_CHUNK: Final = 400


def false_claims(connection: Connection, origin: str, claims: Collection[Seen]) -> set[Seen]:
    """Return which of *claims* nobody can have seen: of another log, beyond its end, or of a root that it never had.

    A size at which no checkpoint is kept proves nothing: what was signed on the way to a restored head is gone.
    """
    end = connection.scalar(select(func.max(table.c.size))) or 0
    sizes = sorted({claim.size for claim in claims if 0 < claim.size <= end})
    roots = {0: ""}
    for start in range(0, len(sizes), _CHUNK):
        query = select(table.c.size, table.c.root).where(table.c.size.in_(sizes[start : start + _CHUNK]))
        roots.update((row.size, format_base64(row.root)) for row in connection.execute(query))
    return {
        claim
        for claim in claims
        if claim.origin != origin or claim.size > end or roots.get(claim.size, claim.root) != claim.root
    }


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
