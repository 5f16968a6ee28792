"""Moving open matters, and ended ones with live measures, with their case (practice.md §5): all or none, at once.

History and number stay; the old court reads until then. A matter that the new court was asked itself ends in its case.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from xiezhi.v1 import event_pb2, order_pb2, order_service_pb2
from xiezhi_desk.orders import order_of
from xiezhi_domain.errors import Reason, WrongState
from xiezhi_domain.events.canonical_json import JsonObject
from xiezhi_domain.ladder import Instruction
from xiezhi_domain.orders.form import elevates
from xiezhi_domain.terms import EventKind
from xiezhi_hub.orders.staying import goes_by, goes_with_its_case, sent_for_cases, why_kept
from xiezhi_hub.superior.acting import SuperiorAct, SuperiorMove, accepted_history, receipt
from xiezhi_journal.ledger import Ledger
from xiezhi_journal.reading import history


@dataclass(frozen=True, slots=True)
class MoveMatters:
    """Work for the writer: the matters of the cases that an order takes from a court go to the new one.

    *act* says it in the order's own history; its facts are filled in here. Answers with a `MoveMattersResponse`.
    """

    act: SuperiorAct

    def prepare(self, ledger: Ledger) -> None:
        """Ask for what the act needs."""
        self.act.prepare(ledger)

    def run(self, ledger: Ledger) -> bytes:
        """Move them; a repetition answers the same and moves none.

        :raises WrongState: the order moves no case, or nothing is left to be moved.
        :raises DomainError: as `SuperiorAct.run`.
        """
        act = self.act
        answered = ledger.answered(act.request)
        if answered is not None:
            return answered
        view = accepted_history(ledger, act.instruction)
        order, _ = order_of(history(ledger.connection, act.instruction, bodies=True))
        matters = list(self._matters(ledger, view, order))
        response = order_service_pb2.MoveMattersResponse()
        for matter in matters:
            reason = why_kept(matter, ledger.rulebooks, order.new_court)
            if reason:
                response.kept.add(matter_number=matter.number, reason=reason)
                continue
            event = self._move(ledger, matter, order, view)
            (response.merged if event is EventKind.MERGED else response.moved).append(matter.number)
        gone = len(response.moved) + len(response.merged)
        if not gone:
            raise WrongState(Reason.WRONG_STATE, _nothing(response.kept))
        facts: JsonObject = {"moved": gone, "court": order.new_court}
        SuperiorAct(
            act.seat,
            act.request,
            act.person,
            act.instruction,
            SuperiorMove(EventKind.MATTERS_MOVED, facts, act.move.parts),
            act.base_event_id,
        ).make(ledger)
        response.receipt.CopyFrom(receipt(ledger, act.instruction))
        answer = response.SerializeToString()
        ledger.remember(act.request, answer)
        return answer

    def _matters(
        self, ledger: Ledger, view: Instruction, order: order_pb2.CourtOrder
    ) -> Iterator[Instruction]:
        """Give the matters that the old court has sent for its cases in the order: open, or with live measures."""
        if not order.new_court:
            raise WrongState(Reason.WRONG_STATE, "该决定不改变执行法院，没有需要移转的事项")
        for instruction in sent_for_cases(ledger.connection, order, view.receiver):
            matter = accepted_history(ledger, instruction)
            # As it is in this transaction: another work of the same batch may have moved or ended it.
            if goes_with_its_case(matter, view.receiver):
                yield matter

    def _move(
        self, ledger: Ledger, matter: Instruction, order: order_pb2.CourtOrder, view: Instruction
    ) -> EventKind:
        act, event = self.act, goes_by(matter, order.new_court)
        rules = ledger.rulebooks[view.rulebook].rules(view.kind, view.sender, view.receiver)
        reason = "ELEVATED" if elevates(rules) else "DESIGNATED"
        text = event_pb2.Prose(text=f"依 {view.number} {order.subject}").SerializeToString()
        court = order.new_court if event is EventKind.SENDER_TRANSFERRED else ""
        move = SuperiorMove(event, {"reason": reason}, [("prose", text)], court)
        SuperiorAct(act.seat, act.request, act.person, matter.id, move).make(ledger)
        return event


def _nothing(kept: Sequence[order_pb2.KeptMatter]) -> str:
    listed = "；".join(f"{each.matter_number}：{each.reason}" for each in kept)
    return f"没有可以移转的事项{'（' + listed + '）' if listed else ''}"
