"""What the hub refused and what therefore lies on the acting user's desk again (ADR 0002)."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, false, select, true, update

from xiezhi.v1 import event_pb2, instruction_pb2
from xiezhi_desk.terms import ACTIONS
from xiezhi_desk.timelines import reason_words, to_entry
from xiezhi_desk.timestamps import to_timestamp
from xiezhi_domain.errors import NotAllowed, NotFound, Reason
from xiezhi_journal import tables
from xiezhi_journal.reading import history
from xiezhi_journal.restrictions import readable
from xiezhi_node.confidentiality import sees_all
from xiezhi_node.seat import Seat
from xiezhi_wire.caller import Caller

MOST_RETURNED: Final = 200

_work = tables.returned_work.c


def list_returned(
    connection: Connection, seat: Seat, caller: Caller, *, whole_court: bool
) -> Sequence[instruction_pb2.ReturnedWork]:
    """Return the newest returned work of the caller, or of the whole court, not dismissed yet.

    :raises NotAllowed: WRONG_ROLE, the whole court's is for those who see every matter.
    """
    if whole_court and not sees_all(caller):
        raise NotAllowed(Reason.WRONG_ROLE)
    mine = true() if whole_court else _work.account == caller.account_id
    matter = tables.instruction.c
    query = (
        select(tables.returned_work, matter.number, matter.kind)
        .join(tables.instruction, matter.instruction == _work.instruction)
        .where(_work.dismissed == false(), mine, readable(matter.instruction, caller.roles))
        .order_by(_work.returned_at.desc(), _work.event_id.desc())
        .limit(MOST_RETURNED)
    )
    return [_returned(connection, seat, row) for row in connection.execute(query).all()]


def dismiss_returned(connection: Connection, caller: Caller, event_id: str) -> None:
    """Take returned work off the desk.

    :raises NotFound: there is none of this id on the caller's desk.
    """
    whose: ColumnElement[bool] = true() if sees_all(caller) else _work.account == caller.account_id
    dismissed = connection.execute(
        update(tables.returned_work).where(_work.event_id == event_id, whose).values(dismissed=True)
    )
    if not dismissed.rowcount:
        raise NotFound(Reason.UNKNOWN_INSTRUCTION, "您的工作台上没有这项退回的工作，请刷新后查看")


def _returned(connection: Connection, seat: Seat, row: Row[Any]) -> instruction_pb2.ReturnedWork:
    events = {event.event_id: event for event in history(connection, row.instruction, bodies=True)}
    rules = seat.rulebook.kinds.get(row.kind)
    refused, winner = events[row.event_id], events.get(row.winner)
    move = rules.moves.get(refused.kind) if rules else None
    returned = instruction_pb2.ReturnedWork(
        event_id=row.event_id,
        instruction_id=row.instruction,
        matter_number=row.number,
        reason=row.reason,
        message=reason_words(row.reason),
        winner=to_entry(winner, rules) if winner else None,
        content=event_pb2.Body.FromString(refused.body or b""),
        returned_at=to_timestamp(row.returned_at),
    )
    if move is not None and move.action is not None:
        returned.action = ACTIONS.to_proto(move.action)
    return returned
