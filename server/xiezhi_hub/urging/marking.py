"""The mark 督办中 on the matters that a 督办 is about: an event in their history, seen by both courts."""

from collections.abc import Iterable
from typing import Final, cast

from sqlalchemy import select

from xiezhi_domain.events.header import decode_header
from xiezhi_domain.terms import EventKind, Kind
from xiezhi_hub.ruling.own import own_event
from xiezhi_hub.ruling.rule import Seat
from xiezhi_hub.superior.acting import enter_own
from xiezhi_journal import tables
from xiezhi_journal.ledger import Ledger
from xiezhi_journal.reading.lists import OPEN

OVERLAY: Final = "supervision"


def mark(ledger: Ledger, seat: Seat, urge: str, linked: Iterable[str]) -> None:
    """Say in the history of each *linked* matter that the 督办 *urge* is about it."""
    for instruction in linked:
        _say(ledger, seat, EventKind.SUPERVISED, instruction, urge)


def unmark(ledger: Ledger, seat: Seat, urge: str) -> None:
    """Say in the histories of its matters that the 督办 *urge* has ended; where another goes on, the mark stays."""
    linked = _links_of_open(ledger)
    mine = linked.pop(urge, _links_of(ledger, urge))
    others = {instruction for links in linked.values() for instruction in links}
    for instruction in mine:
        matter = ledger.matter(instruction)
        if instruction not in others and matter and matter.accepted and OVERLAY in matter.accepted.open:
            _say(ledger, seat, EventKind.SUPERVISION_ENDED, instruction, urge)


def _say(ledger: Ledger, seat: Seat, kind: EventKind, instruction: str, urge: str) -> None:
    matter = ledger.matter(instruction)
    if matter is None or matter.accepted is None:
        return
    history = matter.accepted
    rules = ledger.rulebooks[history.rulebook].rules(history.kind, history.sender, history.receiver)
    if kind not in rules.moves:
        # It pins an older rulebook, or stands on a ladder that knows no such mark.
        return
    to = history.receiver if history.receiver != seat.court else history.sender
    event = own_event(ledger, seat, kind, instruction, to, history.head, {OVERLAY: urge})
    enter_own(ledger, event, history, seat)


def _links_of_open(ledger: Ledger) -> dict[str, list[str]]:
    """Return the matters that each open 督办 is about, as committed before this transaction."""
    event, instruction = tables.event, tables.instruction
    query = (
        select(event.c.instruction, event.c.header)
        .join(instruction, instruction.c.instruction == event.c.instruction)
        .where(event.c.kind == EventKind.ISSUED, instruction.c.kind == Kind.SUPERVISION, OPEN)
    )
    rows = ledger.connection.execute(query)
    return {row.instruction: _links(row.header) for row in rows if _is_open(ledger, row.instruction)}


def _is_open(ledger: Ledger, urge: str) -> bool:
    matter = ledger.matter(urge)
    return matter is not None and matter.accepted is not None and matter.accepted.is_open


def _links_of(ledger: Ledger, urge: str) -> list[str]:
    event = tables.event
    query = select(event.c.header).where(event.c.instruction == urge, event.c.kind == EventKind.ISSUED)
    header = ledger.connection.scalar(query)
    return _links(header) if header is not None else []


def _links(header: bytes) -> list[str]:
    return cast("list[str]", decode_header(header).facts.get("links", []))
