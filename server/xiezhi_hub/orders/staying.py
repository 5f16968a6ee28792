"""Which matters go over with a case (practice.md §5), and why some cannot."""

from collections.abc import Iterator, Mapping

from sqlalchemy import Connection, or_, select

from xiezhi.v1 import order_pb2
from xiezhi_domain.ladder import Instruction
from xiezhi_domain.rulebook import Rulebook
from xiezhi_domain.terms import EventKind, State
from xiezhi_journal import tables
from xiezhi_journal.reading import read_accepted

_row = tables.instruction.c
_NOT_YET = "可以移转，尚未移转"


def sent_for_cases(connection: Connection, order: order_pb2.CourtOrder, court: str) -> list[str]:
    """Return the ids of matters that *court* has sent for its cases in *order*: open ones, and ended with a result."""
    cases = [case.case_number for case in order.cases if case.court == court]
    query = select(_row.instruction).where(
        _row.sender == court, _row.case_number.in_(cases), or_(_row.open, _row.state == State.CONFIRMED)
    )
    return list(connection.scalars(query.order_by(_row.instruction)))


def goes_with_its_case(matter: Instruction, court: str) -> bool:
    """Return whether a matter that *court* has sent goes with the case: it is open, or its measures are alive."""
    if matter.sender != court:
        return False
    return matter.is_open or (matter.state is State.CONFIRMED and any(matter.controlled.values()))


def goes_by(matter: Instruction, new_court: str) -> EventKind:
    """Return the event by which a matter goes over to *new_court*: one that it was asked itself ends in its case."""
    return EventKind.MERGED if new_court == matter.receiver else EventKind.SENDER_TRANSFERRED


def why_kept(matter: Instruction, rulebooks: Mapping[str, Rulebook], new_court: str) -> str:
    """Return, in words, why a matter cannot go over to *new_court*; empty if it can."""
    rules = rulebooks[matter.rulebook].rules(matter.kind, matter.sender, matter.receiver)
    event = goes_by(matter, new_court)
    move = rules.moves.get(event)
    if move is None:
        bar = rules.bars.get(event)
        return f"{bar.text}（依据：{bar.citation.source}）" if bar else f"{rules.name}不能{event.zh}"
    if matter.state in move.origins:
        return ""
    if event is EventKind.MERGED:
        return _stays_with_itself(matter)
    return f"该事项当前为“{matter.state.zh}”，所依规则库不允许变更委托法院"


def _stays_with_itself(matter: Instruction) -> str:
    if matter.is_open:
        return f"该事项当前为“{matter.state.zh}”，受托法院就是接收案件的法院：请由该院办结，结果并入新案"
    return "该事项已办结，措施由接收案件的法院自己采取，无需移转；请在新案中登记并按期续封"


def staying(
    connection: Connection, order: order_pb2.CourtOrder, rulebooks: Mapping[str, Rulebook]
) -> Iterator[order_pb2.KeptMatter]:
    """Give what is still with the old courts of *order*, each with why; nothing where it moves no case."""
    courts = sorted({case.court for case in order.cases}) if order.new_court else ()
    for court in courts:
        for instruction in sent_for_cases(connection, order, court):
            matter = read_accepted(connection, instruction)
            if matter is not None and goes_with_its_case(matter, court):
                reason = why_kept(matter, rulebooks, order.new_court) or _NOT_YET
                yield order_pb2.KeptMatter(matter_number=matter.number, reason=reason)
