"""What may be decided on a handover, and which event says so."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from sqlalchemy import Connection

from xiezhi.v1 import disposal_decision_service_pb2 as pb
from xiezhi_domain.calendar import end_of_day_ms
from xiezhi_domain.errors import InvalidInput, Reason, WrongState
from xiezhi_domain.rulebook import Rulebook
from xiezhi_domain.terms import EventKind
from xiezhi_hub.deadlines.service import find_matter
from xiezhi_hub.superior.desk import LONGEST_TEXT
from xiezhi_journal import tables
from xiezhi_journal.matter import from_row

EVENTS: Final[Mapping[int, EventKind]] = {
    pb.DISPOSAL_DECISION_DEADLINE: EventKind.DISPOSAL_DEADLINE_SET,
    pb.DISPOSAL_DECISION_JOINT: EventKind.JOINT_DISPOSAL_ORDERED,
    pb.DISPOSAL_DECISION_ELEVATE: EventKind.DISPOSAL_ELEVATED,
    pb.DISPOSAL_DECISION_DESIGNATE: EventKind.DISPOSAL_DESIGNATED,
}


def check_order(
    connection: Connection, order: pb.DecisionOrder, rulebooks: Mapping[str, Rulebook], now: int
) -> pb.DecisionOrder:
    """Return *order* as it is kept, the matter by its id. Whether the ladder allows it now is judged when it is issued.

    :raises InvalidInput: naming the field that is wrong.
    :raises NotFound: UNKNOWN_INSTRUCTION.
    :raises WrongState: the matter waits for no decision.
    """
    checked = pb.DecisionOrder()
    checked.CopyFrom(order)
    checked.instruction_id = find_matter(connection, order.instruction_id)
    kind = EVENTS.get(order.decision)
    if kind is None:
        raise InvalidInput.in_field("order.decision", "请选择限期处置、协同执行、提级执行或者指定执行")
    ground = order.ground.strip()
    if not ground or len(ground) > LONGEST_TEXT:
        raise InvalidInput.in_field("order.ground", f"请填写决定的理由，最长 {LONGEST_TEXT} 个字")
    row = connection.execute(
        tables.instruction.select().where(tables.instruction.c.instruction == checked.instruction_id)
    ).one()
    view = from_row(row, ()).accepted
    rulebook = rulebooks.get(view.rulebook) if view else None
    move = (
        rulebook.rules(view.kind, view.sender, view.receiver).moves.get(kind) if view and rulebook else None
    )
    if move is None or view is None or view.state not in move.origins:
        raise WrongState(Reason.WRONG_STATE, "该事项目前不待作出这一决定，请刷新后查看")
    until = until_of(order)
    if move.due is None and until:
        raise InvalidInput.in_field("order.until_on", "提级执行、指定执行不填写期限")
    if move.due is not None and until <= now:
        raise InvalidInput.in_field("order.until_on", "请填写限期处置的最后一天，例如 2026-12-31")
    return checked


def until_of(order: pb.DecisionOrder) -> int:
    """Return the last moment (ms) of the limit; 0 where there is none.

    :raises InvalidInput: naming ``order.until_on``.
    """
    try:
        return end_of_day_ms(date.fromisoformat(order.until_on)) if order.until_on else 0
    except ValueError as error:
        raise InvalidInput.in_field("order.until_on", "日期格式应为 2026-11-22") from error
