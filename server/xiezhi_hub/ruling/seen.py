"""What events claim to have seen of this log: an event's not-before is no better than that claim (protocol §5)."""

from collections.abc import Collection
from typing import Final

from sqlalchemy import Connection, func, select

from xiezhi_domain.events.header import Seen
from xiezhi_domain.evidence.canonical import format_base64
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
