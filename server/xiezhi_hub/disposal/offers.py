"""What who looks at a draft of a decision may do with it, and why not; by the rules that judge the call itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from xiezhi.v1 import disposal_decision_service_pb2 as pb
from xiezhi.v1.instruction_pb2 import ActionOffer
from xiezhi_desk.terms import ACTIONS
from xiezhi_domain.errors import DomainError, Reason, WrongState
from xiezhi_domain.events.canonical_json import JsonObject
from xiezhi_domain.ladder.offering import Stand, why_not
from xiezhi_domain.rulebook import NewDue
from xiezhi_domain.terms import Action
from xiezhi_hub.confidentiality import Reader
from xiezhi_hub.disposal.drafts import DECISIONS, StoredDecision
from xiezhi_hub.disposal.orders import WAITS_FOR_NONE, decision_facts, event_of, until_of, why_not_draft
from xiezhi_hub.ruling.rule import Seat
from xiezhi_hub.urging.drafts import DraftState
from xiezhi_journal.clockwork import read_published_calendar
from xiezhi_journal.matter import Rulebooks
from xiezhi_journal.reading import read_accepted
from xiezhi_wire.caller import Caller
from xiezhi_wire.policy import MethodPolicy

_SERVICE: Final = pb.DESCRIPTOR.services_by_name["DisposalDecisionService"].full_name


@dataclass(frozen=True, slots=True)
class Looker:
    """Who looks at the hub, by which table of methods and rulebooks he may act, what he may know of, when (ms)."""

    caller: Caller
    policy: MethodPolicy
    seat: Seat
    rulebooks: Rulebooks
    reader: Reader
    now: int

    def may_not_call(self, method: str) -> str:
        """Return in Chinese why he may not call *method* at all; empty if he may."""
        try:
            self.policy.check(f"/{_SERVICE}/{method}", self.caller)
        except DomainError as error:
            return error.message
        return ""

    def may_not_draft(self, connection: Connection, instruction: str) -> str:
        """Return in Chinese why he may not draft a decision on a handover now; empty if he may."""
        return self.may_not_call("DraftDecision") or why_not_draft(connection, instruction, self.rulebooks)


def offers(connection: Connection, draft: StoredDecision, looker: Looker) -> Iterator[ActionOffer]:
    """Give what *looker* may do with a draft; nothing once it was decided on."""
    if draft.state is not DraftState.WAITING:
        return
    approving = looker.may_not_call("ApproveDecision") or _why_not_approve(connection, draft, looker)
    yield _offer(Action.APPROVE, approving)
    yield _offer(Action.REJECT_APPROVAL, looker.may_not_call("RejectDecision"))
    discarding = looker.may_not_call("DiscardDecisionDraft") or DECISIONS.why_not_discard(
        draft, looker.caller
    )
    yield _offer(Action.DISCARD, discarding)


def _offer(action: Action, why: str) -> ActionOffer:
    return ActionOffer(action=ACTIONS.to_proto(action), allowed=not why, why_not=why)


def _why_not_approve(connection: Connection, draft: StoredDecision, looker: Looker) -> str:
    if draft.author == looker.caller.account_id:
        return Reason.SAME_PERSON.zh
    try:
        return _why_not_issue(connection, draft, looker)
    except DomainError as error:
        return error.message


def _why_not_issue(connection: Connection, draft: StoredDecision, looker: Looker) -> str:
    """Return in Chinese why the ladder does not allow the decision now; empty if it does.

    :raises DomainError: no event says what is decided any more.
    """
    view = read_accepted(connection, draft.instruction)
    if view is None:
        raise WrongState(Reason.WRONG_STATE, WAITS_FOR_NONE)
    rulebook = looker.rulebooks[view.rulebook]
    rules = rulebook.rules(view.kind, view.sender, view.receiver)
    order = pb.DecisionOrder.FromString(draft.content)
    move = rules.moves[event_of(connection, order, view, rules, looker.now)]
    entered: JsonObject = decision_facts(move.kind, order)
    if move.due is NewDue.ORDERED:
        entered["due"] = until_of(order)
    seat, calendar = looker.seat, read_published_calendar(connection).calendar
    stand = Stand(seat.court, seat.court, seat.origin, looker.caller.roles, calendar, looker.now)
    return why_not(move, view, rulebook, stand, entered)
