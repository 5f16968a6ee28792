"""What a reader may do with a matter now, and why not: the same rules that decide on the action itself."""

from collections.abc import Iterator
from dataclasses import dataclass

from xiezhi.v1 import instruction_pb2
from xiezhi_desk.terms import ACTIONS
from xiezhi_domain.errors import DomainError, Reason
from xiezhi_domain.ladder import Instruction
from xiezhi_domain.ladder.drafting import draft_step
from xiezhi_domain.ladder.offering import Stand, why_not
from xiezhi_domain.rulebook import KindRules, Move, Rulebook
from xiezhi_domain.terms import Action, EventKind, State
from xiezhi_node.acting.act import recused_message
from xiezhi_node.seat import Seat
from xiezhi_wire.caller import Caller

_DRAFTING = (
    Action.CREATE,
    Action.SUBMIT,
    Action.APPROVE,
    Action.RECORD_CONSENT,
    Action.REJECT_APPROVAL,
    Action.AFFIX_SEAL,
    Action.DISCARD,
)


def draft_offers(
    state: State, rules: KindRules, caller: Caller, author: str, *, urgent: bool
) -> Iterator[instruction_pb2.ActionOffer]:
    """Give each step of drafting for a draft of the caller's court, written last by *author*."""
    for action in _DRAFTING:
        try:
            draft_step(
                state,
                action,
                caller.roles,
                rules,
                actor=caller.account_id,
                author=author,
                urgent=urgent,
                stands_in_for=caller.accounts,
            )
        except DomainError as error:
            yield _offer(action, error.message)
        else:
            yield _offer(action)


@dataclass(frozen=True, slots=True)
class Offers:
    """The actions that the caller's court has on an issued matter.

    `proposed_by` is the account that proposed the matter's return last, `recused` those that withdrew from it,
    `consented` those that approved it by word of mouth; `now` is ms since 1970.
    """

    seat: Seat
    rulebook: Rulebook
    caller: Caller
    view: Instruction
    proposed_by: str = ""
    recused: frozenset[str] = frozenset()
    consented: frozenset[str] = frozenset()
    now: int = 0

    def all(self) -> Iterator[instruction_pb2.ActionOffer]:
        """Give each action of the caller's court once, in the order of the rulebook.

        Where the state chooses between several moves of one action, any that is possible will do.
        """
        rules = self.rulebook.rules(self.view.kind, self.view.sender, self.view.receiver)
        offers: dict[int, instruction_pb2.ActionOffer] = {}
        for move in rules.moves.values():
            if move.action is not None and not move.starts and self._stand.is_side_of(move, self.view):
                offer = self._of_move(move, rules)
                if offer.allowed or offer.action not in offers:
                    offers[offer.action] = offer
        yield from offers.values()

    def _of_move(self, move: Move, rules: KindRules) -> instruction_pb2.ActionOffer:
        assert move.action is not None, "only moves of people are offered"
        if self.caller.account_id in self.recused:
            return _offer(move.action, recused_message(rules.moves[EventKind.RECUSED].citation.source))
        if move.kind == EventKind.ASSIGNED:
            return self._of_assignment(move, rules)
        if move.kind == EventKind.RETURNED and self.proposed_by == self.caller.account_id:
            return _offer(move.action, Reason.SAME_PERSON.zh)
        if move.kind == EventKind.CONSENT_WRITTEN and self.caller.account_id not in self.consented:
            return _offer(move.action, "应由口头同意的审批人本人补办")
        return _offer(move.action, self._why_not(move))

    def _of_assignment(self, move: Move, rules: KindRules) -> instruction_pb2.ActionOffer:
        """Give the one of its names that the assignment has in this state; before the signature it signs too."""
        if self.view.state is State.AWAITING_SIGNATURE:
            signing = rules.moves[EventKind.SIGNED]
            return _offer(Action.SIGN_AND_ASSIGN, self._why_not(signing))
        action = Action.ASSIGN if self.view.state is State.SIGNED else Action.REASSIGN
        return _offer(action, self._why_not(move))

    def _why_not(self, move: Move) -> str:
        return why_not(move, self.view, self.rulebook, self._stand)

    @property
    def _stand(self) -> Stand:
        seat = self.seat
        roles = self.caller.roles
        return Stand(seat.court, seat.hub_court, seat.origin, roles, seat.calendar, self.now)


def _offer(action: Action, why_not: str = "") -> instruction_pb2.ActionOffer:
    return instruction_pb2.ActionOffer(action=ACTIONS.to_proto(action), allowed=not why_not, why_not=why_not)
