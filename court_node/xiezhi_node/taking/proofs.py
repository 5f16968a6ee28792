"""What has to be shown of the log for what the feed brings: noted with the item, checked behind the link."""

from functools import partial
from typing import Final

from sqlalchemy import Connection, delete, select

from xiezhi_domain.errors import FormatError
from xiezhi_domain.events.header import Header
from xiezhi_domain.evidence.errors import ProofError
from xiezhi_journal import tables
from xiezhi_journal.journal import Journal
from xiezhi_journal.ledger import Ledger
from xiezhi_journal.quarantine import LOG, quarantine
from xiezhi_node.seat import Seat
from xiezhi_node.taking.check import CheckedItem

_LANES: Final = {1: "加急", 2: "普通", 3: "批量"}


class BrokenFeedError(FormatError):
    """The feed lacks an item, or one does not follow the one before: only the hub can have left it out."""

    def __init__(self, lane: int, detail: str) -> None:
        super().__init__(detail)
        self.lane = lane
        self.args = (lane, detail)


def want_proof(ledger: Ledger, item: CheckedItem) -> None:
    """Note that the entry, which is stored now, is to be proven to stand in the log."""
    ledger.add_row(tables.unproven.name, (item.log_index, item.header.id, item.lane, item.feed_seq, False))


def note_seen(ledger: Ledger, seat: Seat, header: Header) -> None:
    """Note which log another court says that it saw; what it says is signed by it."""
    seen = header.seen
    if header.sender != seat.court and seen.origin == seat.origin and seen.size > 0:
        row = (header.sender, seen.size, seen.root, header.id)
        ledger.put_row(tables.seen_elsewhere.name, (header.sender,), row)


class FeedAlarm:
    """The alarm about lanes that do not go on as the hub has to give them; it ends when the lane goes on."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._quiet = False

    async def raise_for(self, broken: BrokenFeedError) -> None:
        """Keep once that a lane is broken, from when and where."""
        self._quiet = False
        await self._journal.write(partial(_raise, broken=broken, now=self._journal.clock()))

    async def end(self, *lanes: int) -> None:
        """Take the alarm back: the hub has brought what was missing."""
        if self._quiet or not lanes:
            return
        await self._journal.write(partial(_end, lanes=lanes))
        self._quiet = not await self._journal.read(_any)


def _name(lane: int) -> str:
    # Not about one event: the hub says nothing of the one that it leaves out.
    return f"feed/{lane}"


def _raise(connection: Connection, broken: BrokenFeedError, now: int) -> None:
    held = tables.quarantine.c
    query = select(held.id).where(held.source == LOG, held.event_id == _name(broken.lane))
    if connection.scalar(query) is None:
        text = f"{_LANES.get(broken.lane, broken.lane)}通道的{broken.message}，平台可能扣留了应送本院的记录"
        quarantine(connection, LOG, _name(broken.lane), ProofError(text), now)


def _end(connection: Connection, lanes: tuple[int, ...]) -> None:
    held = tables.quarantine.c
    connection.execute(
        delete(tables.quarantine).where(held.source == LOG, held.event_id.in_(map(_name, lanes)))
    )


def _any(connection: Connection) -> bool:
    held = tables.quarantine.c
    query = select(held.id).where(held.source == LOG, held.event_id.in_(map(_name, _LANES)))
    return connection.scalar(query.limit(1)) is not None
