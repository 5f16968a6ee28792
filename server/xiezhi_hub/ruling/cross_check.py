"""What an event says about the hub's log and about other matters: held against the hub's own records, whoever says it.

`decide` knows one matter's history; this looks beside it. The rulebook names the facts (`Move.logged`, `Move.linked`).
"""

from typing import cast

from sqlalchemy import select

from xiezhi_domain.errors import Reason
from xiezhi_domain.events.header import Header, decode_header
from xiezhi_domain.ladder import Refusal
from xiezhi_domain.rulebook import Move
from xiezhi_journal import tables
from xiezhi_journal.ledger import Ledger

_event, _ruling = tables.event.c, tables.ruling.c


def wrong_reference(ledger: Ledger, header: Header, move: Move, hub_court: str) -> Refusal | None:
    """Refuse a place in the log where the event named does not stand, and matters that do not name this one."""
    for place, named in move.logged.items():
        if _log_index(ledger, str(header.facts[named])) != header.facts[place]:
            text = "所附证明与平台日志的记载不符，请核对"
            return Refusal(Reason.INVALID_FIELD, detail=place, text=text, source=move.citation.source)
    if not move.linked:
        return None
    matters = cast("list[str]", header.facts[move.linked])
    if matters and all(_names(ledger, matter, header.instruction, hub_court) for matter in matters):
        return None
    text = "所列决定不是共同上级法院下发，或者没有载明本事项"
    return Refusal(Reason.INVALID_FIELD, detail=move.linked, text=text, source=move.citation.source)


def _names(ledger: Ledger, matter: str, instruction: str, hub_court: str) -> bool:
    """Return whether *matter* was issued by the superior and names *instruction*."""
    first = _first_header(ledger, matter)
    return first is not None and first.sender == hub_court and instruction in _links(first)


def _log_index(ledger: Ledger, event_id: str) -> int:
    """Return where an accepted event stands in the log; -1 for none. Who names it knows it from an earlier commit."""
    query = (
        select(_ruling.log_index)
        .join(tables.event, _event.position == _ruling.position)
        .where(_event.event_id == event_id, _ruling.accepted)
    )
    found = ledger.connection.scalar(query)
    return -1 if found is None else int(found)


def _first_header(ledger: Ledger, instruction: str) -> Header | None:
    """Return the header with which a matter began, in this transaction or before it; None where it was not accepted."""
    matter = ledger.matter(instruction)
    if matter is None or matter.accepted is None:
        return None
    added = (new.header for new in (*ledger.own, *ledger.events) if new.header.instruction == instruction)
    first = next(added, None)
    if first is not None and not first.base.id:
        return first
    query = select(_event.header).where(_event.instruction == instruction).order_by(_event.position).limit(1)
    return decode_header(ledger.connection.execute(query).scalar_one())


def _links(first: Header) -> list[str]:
    return cast("list[str]", first.facts.get("links", []))
