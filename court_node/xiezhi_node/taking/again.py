"""Taking events of the feed out of quarantine: a newer program may know them, or their rulebook has come."""

from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy import Connection, Row, Select, delete, select

from xiezhi.v1 import event_pb2
from xiezhi_domain.errors import DomainError
from xiezhi_domain.events.header import decode_header, header_hash
from xiezhi_domain.events.ruling import decode_ruling
from xiezhi_journal import tables
from xiezhi_journal.journal import Journal
from xiezhi_journal.ledger import Ledger
from xiezhi_journal.matter import Matter
from xiezhi_journal.quarantine import FEED
from xiezhi_node.seat import Seat
from xiezhi_node.taking.check import CheckedItem
from xiezhi_node.taking.take import follow_up, project

_log = structlog.get_logger(__name__)


async def take_again(journal: Journal, seat: Seat) -> None:
    """Try all quarantined events of the feed in the order of the log; what still cannot be projected stays there."""
    waiting = await journal.read(_quarantined)
    works = [TakeAgain(seat, row.event_id, row.instruction) for row in waiting]
    answers = await journal.writer.submit_all(works)
    for work, answer in zip(works, answers, strict=True):
        if isinstance(answer, DomainError):
            _log.warning("still_quarantined", event_id=work.event_id, reason=answer.reason)
        elif isinstance(answer, BaseException):
            raise answer
        else:
            _log.info("taken_out_of_quarantine", event_id=work.event_id)


@dataclass(frozen=True, slots=True)
class TakeAgain:
    """Work for the writer: project one quarantined event. It is stored already, and so is its ruling."""

    seat: Seat
    event_id: str
    instruction: str

    def prepare(self, ledger: Ledger) -> None:
        """Ask for the matter and the event."""
        ledger.want_matter(self.instruction)
        ledger.want_event(self.event_id)

    def run(self, ledger: Ledger) -> None:
        """Project it and let it out.

        :raises DomainError: it still cannot be projected.
        """
        row = ledger.connection.execute(_stored().where(tables.event.c.event_id == self.event_id)).one()
        item = _item(row)
        matter = ledger.matter(self.instruction)
        if matter is not None and _stands_in(matter, item):
            # A rebuild put it into its place, but asked for no documents and made no receipt.
            follow_up(ledger, self.seat, item, matter)
        else:
            project(ledger, self.seat, item)
        ledger.tell_change(row.position)
        held = tables.quarantine
        ledger.connection.execute(delete(held).where(held.c.source == FEED, held.c.event_id == self.event_id))


def _quarantined(connection: Connection) -> list[Row[tuple[str, str]]]:
    event, ruling, held = tables.event, tables.ruling, tables.quarantine
    query = (
        select(event.c.event_id, event.c.instruction)
        .join(ruling, ruling.c.position == event.c.position)
        .where(event.c.event_id.in_(select(held.c.event_id).where(held.c.source == FEED)))
        .order_by(ruling.c.log_index)
    )
    return list(connection.execute(query))


def pinned_in_quarantine(connection: Connection) -> set[str]:
    """Return the hashes of the rulebooks that quarantined first events pin."""
    event, held = tables.event, tables.quarantine
    query = select(event.c.header).where(
        event.c.event_id.in_(select(held.c.event_id).where(held.c.source == FEED))
    )
    return {decode_header(header).rulebook for header in connection.scalars(query)}


def _stands_in(matter: Matter, item: CheckedItem) -> bool:
    return (
        item.ruling.accepted and matter.accepted is not None and matter.accepted.head.seq >= item.ruling.seq
    )


def _stored() -> Select[Any]:
    event, ruling, body = tables.event, tables.ruling, tables.body
    return (
        select(event, ruling.c.log_index, ruling.c.leaf, ruling.c.ruling, body.c.content)
        .join(ruling, ruling.c.position == event.c.position)
        .join(body, body.c.position == event.c.position, isouter=True)
    )


def _item(row: Any) -> CheckedItem:
    """Return the item as it was checked when it came; its place in the feed counts no more."""
    return CheckedItem(
        lane=0,
        feed_seq=0,
        item_hash=b"",
        header=decode_header(row.header),
        data=row.header,
        hash=header_hash(row.header),
        body=event_pb2.Body.FromString(row.content) if row.content is not None else None,
        body_bytes=row.content or b"",
        push_bytes=row.push,
        journal_position=row.journal_position,
        ruling=decode_ruling(row.ruling),
        ruling_bytes=row.ruling,
        log_index=row.log_index,
        leaf=row.leaf,
    )
