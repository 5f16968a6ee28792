"""What a court has ordered and what is controlled for a case: the folds of the matters that it has sent.

Practice.md §1. Amounts are facts of headers: the folds have them to the fen, and no body is opened.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, select

from xiezhi.v1 import case_pb2
from xiezhi.v1 import delegation_service_pb2 as pb
from xiezhi_desk.terms import STATES
from xiezhi_domain.events.header import decode_header
from xiezhi_domain.ladder import Instruction
from xiezhi_domain.rulebook import Effect
from xiezhi_domain.terms import EventKind, State
from xiezhi_journal import tables
from xiezhi_journal.matter import from_row
from xiezhi_journal.reading.lists import SENT
from xiezhi_node.rulebooks_in_force import RulebooksInForce

_UNDONE = frozenset({State.WITHDRAWN, State.RETURNED})
ADVICE = "已足额控制，建议停止或缩减"


class MatterSum(NamedTuple):
    """The sums of one matter, in fen; `controlled` is below zero where it released."""

    view: Instruction
    state: State
    bundle: str
    ordered: int
    controlled: int

    @property
    def exposure(self) -> int:
        """What it holds of the debtor's property, or still may."""
        return max(self.ordered, self.controlled) if self.view.is_open else self.controlled


def read_sums(
    connection: Connection, rulebooks: RulebooksInForce, case_number: str, bundle: str = ""
) -> list[MatterSum]:
    """Return the sums of each matter of a case that names any, oldest first; of one 事项组 if *bundle* says which."""
    row = tables.instruction.c
    query = select(tables.instruction).where(row.case_number == case_number, SENT)
    matters = [from_row(found, ()) for found in connection.execute(query.order_by(row.instruction))]
    views = [(matter.view, matter.state) for matter in matters if matter.view and matter.view.ordered]
    bundles = _bundles(connection, [view.id for view, _ in views])
    sums = (_sum(view, state, rulebooks, bundles.get(view.id, "")) for view, state in views)
    return [each for each in sums if not bundle or each.bundle == bundle]


def exposure(connection: Connection, rulebooks: RulebooksInForce, case_number: str) -> int:
    """Return what all matters of a case together hold of the debtor's property, or still may, in fen."""
    return sum(each.exposure for each in read_sums(connection, rulebooks, case_number))


def to_case_sums(
    sums: Sequence[MatterSum], case: case_pb2.Case, bundle: str, known: frozenset[str]
) -> pb.CaseSums:
    """Return the sums of a case with what they advise; only the matters that are *known* to the reader are named."""
    limit = case.claimed_fen + case.costs_fen if case.claimed_fen else 0
    controlled = sum(each.controlled for each in sums)
    reached = 0 < limit <= controlled
    return pb.CaseSums(
        case_number=case.case_number,
        bundle_id=bundle,
        ordered_fen=sum(each.ordered for each in sums),
        controlled_fen=controlled,
        limit_fen=limit,
        reached=reached,
        instructions=_instructions((each for each in sums if each.view.id in known), reached=reached),
    )


def _instructions(sums: Iterable[MatterSum], *, reached: bool) -> Iterator[pb.InstructionSum]:
    for each in sums:
        waits = each.view.is_open and each.controlled < each.ordered
        yield pb.InstructionSum(
            instruction_id=each.view.id,
            matter_number=each.view.number,
            state=STATES.to_proto(each.state),
            ordered_fen=each.ordered,
            controlled_fen=each.controlled,
            advice=ADVICE if reached and waits else "",
        )


def _sum(view: Instruction, state: State, rulebooks: RulebooksInForce, bundle: str) -> MatterSum:
    rulebook = rulebooks.pinned(view.rulebook)
    content = rulebook.rules(view.kind, view.sender, view.receiver).content
    releasing = {number for number, act in view.items.items() if content.effect(act) is Effect.RELEASES}
    ordered = sum(fen for number, fen in view.ordered.items() if number not in releasing)
    controlled = sum(-fen if number in releasing else fen for number, fen in view.controlled.items())
    return MatterSum(view, state, bundle, 0 if view.state in _UNDONE else ordered, controlled)


def _bundles(connection: Connection, instructions: Sequence[str]) -> dict[str, str]:
    """Return the 事项组 of each matter that is in one."""
    event = tables.event.c
    query = select(event.header).where(event.instruction.in_(instructions), event.kind == EventKind.ISSUED)
    headers = [decode_header(header) for header in connection.scalars(query)]
    return {header.instruction: str(header.facts.get("bundle", "")) for header in headers}
