"""What may be decided on a handover, and which event says so."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from sqlalchemy import Connection

from xiezhi.v1 import disposal_decision_service_pb2 as pb
from xiezhi_desk.handovers import handover_events, register_from
from xiezhi_desk.terms import DISPOSAL_DECISIONS
from xiezhi_domain.calendar import end_of_day_ms
from xiezhi_domain.court_time import to_date
from xiezhi_domain.errors import InvalidInput, Reason, WrongState
from xiezhi_domain.events.canonical_json import JsonObject
from xiezhi_domain.handover.designation import place_of
from xiezhi_domain.ladder import Instruction
from xiezhi_domain.ladder.facts import text_fact
from xiezhi_domain.rulebook import KindRules, Move, Rulebook
from xiezhi_domain.rulebook.grounds import Designable
from xiezhi_domain.terms import Action, DisposalDecision, EventKind
from xiezhi_hub.confidentiality import find_matter
from xiezhi_hub.disposal.drafts import DECISIONS, one_waits
from xiezhi_hub.superior.desk import LONGEST_TEXT
from xiezhi_hub.urging.papers import fill_in_documents
from xiezhi_journal.reading import read_accepted

_EVENTS: Final[Mapping[DisposalDecision, EventKind]] = {
    DisposalDecision.DEADLINE: EventKind.DISPOSAL_DEADLINE_SET,
    DisposalDecision.JOINT: EventKind.JOINT_DISPOSAL_ORDERED,
    DisposalDecision.ELEVATE: EventKind.DISPOSAL_ELEVATED,
}
_DESIGNATES: Final[Mapping[Designable, EventKind]] = {
    Designable.ASKING: EventKind.DISPOSAL_DESIGNATED,
    # The first court goes on, and is urged to dispose within a limit (法释〔2016〕6号 第4条).
    Designable.FIRST: EventKind.DISPOSAL_DEADLINE_SET,
    Designable.OTHER: EventKind.COURT_DESIGNATED,
}


def check_order(
    connection: Connection,
    order: pb.DecisionOrder,
    rulebooks: Mapping[str, Rulebook],
    draft_id: str,
    now: int,
) -> pb.DecisionOrder:
    """Return *order* as it is kept: the matter by its id, documents as they lie here.

    *draft_id* is what its documents were uploaded under. Whether the ladder allows it now is judged when it is issued.

    :raises InvalidInput: naming the field that is wrong.
    :raises NotFound: UNKNOWN_INSTRUCTION.
    :raises WrongState: the matter waits for no decision, or a draft of one waits already.
    """
    checked = pb.DecisionOrder()
    checked.CopyFrom(order)
    checked.instruction_id = find_matter(connection, order.instruction_id)
    ground = order.ground.strip()
    if not ground or len(ground) > LONGEST_TEXT:
        raise InvalidInput.in_field("order.ground", f"请填写决定的理由，最长 {LONGEST_TEXT} 个字")
    view = read_accepted(connection, checked.instruction_id)
    rulebook = rulebooks.get(view.rulebook) if view else None
    if view is None or rulebook is None:
        raise WrongState(Reason.WRONG_STATE, WAITS_FOR_NONE)
    if order.decision == pb.DISPOSAL_DECISION_DESIGNATE:
        checked.court = order.court.strip() or view.sender
    elif order.court:
        raise InvalidInput.in_field("order.court", f"只有{DisposalDecision.DESIGNATE.zh}才填写法院")
    rules = rulebook.rules(view.kind, view.sender, view.receiver)
    move = rules.moves.get(event_of(connection, checked, view, rules, now))
    if move is None or view.state not in move.origins:
        raise WrongState(Reason.WRONG_STATE, WAITS_FOR_NONE)
    _check_until(order, move, now)
    _require_own(connection, checked.instruction_id, draft_id)
    fill_in_documents(connection, checked.documents, draft_id)
    return checked


def _require_own(connection: Connection, instruction: str, draft_id: str) -> None:
    """Let pass a first draft on a handover, and that draft written anew; it stays on its handover."""
    if one_waits(connection, instruction, beside=draft_id):
        raise WrongState(Reason.WRONG_STATE, _ONE_WAITS)
    before = DECISIONS.find(connection, draft_id)
    if before is not None and before.instruction != instruction:
        raise InvalidInput.in_field("order.instruction_id", "拟稿不能改为另一事项的决定，请另行拟写")


def _check_until(order: pb.DecisionOrder, move: Move, now: int) -> None:
    until = until_of(order)
    if move.due is None and until:
        raise InvalidInput.in_field("order.until_on", "提级执行、指定首封法院以外的法院执行，不填写期限")
    if move.due is not None and until <= now:
        raise InvalidInput.in_field("order.until_on", "请填写限期处置的最后一天，例如 2026-12-31")


def why_not_draft(connection: Connection, instruction: str, rulebooks: Mapping[str, Rulebook]) -> str:
    """Return in Chinese why no decision on a matter can be drafted now, by anybody; empty if one can."""
    view = read_accepted(connection, instruction)
    rulebook = rulebooks.get(view.rulebook) if view else None
    if view is None or rulebook is None:
        return WAITS_FOR_NONE
    moves = rulebook.rules(view.kind, view.sender, view.receiver).moves.values()
    if not any(move.action == Action.DECIDE_DISPOSAL and view.state in move.origins for move in moves):
        return WAITS_FOR_NONE
    return _ONE_WAITS if one_waits(connection, instruction) else ""


_ONE_WAITS: Final = "该事项已有待审批的决定拟稿，请先审批、退回或者废弃"
WAITS_FOR_NONE: Final = "该事项目前不待作出这一决定，请刷新后查看"


def event_of(
    connection: Connection, order: pb.DecisionOrder, view: Instruction, rules: KindRules, now: int
) -> EventKind:
    """Return the event that says what *order*, as it is kept, decides.

    :raises InvalidInput: nothing is decided, or a court is designated that the legal ground does not allow.
    :raises WrongState: the matter asks for nothing that a court could be designated for.
    """
    decision = DISPOSAL_DECISIONS.from_proto(order.decision, "order.decision")
    if decision in _EVENTS:
        return _EVENTS[decision]
    if not rules.grounds:
        raise WrongState(Reason.WRONG_STATE, WAITS_FOR_NONE)
    events = handover_events(connection, view.id)
    ground = rules.grounds[text_fact(events[0].facts, "basis")]
    place = place_of(order.court, view.sender, view.receiver, register_from(events), to_date(now))
    if place is None or place not in ground.designates:
        named = "、".join(title for title, _ in ground.designates.values())
        sources = dict.fromkeys(citation.source for _, citation in ground.designates.values())
        words = f"按“{ground.title}”，可以指定：{named}（依据：{'；'.join(sources)}）"
        raise InvalidInput.in_field("order.court", words)
    return _DESIGNATES[place]


def decision_facts(kind: str, order: pb.DecisionOrder) -> JsonObject:
    """Return the facts of the event *kind* that people choose, besides the end of its limit."""
    return {"court": order.court} if kind == EventKind.COURT_DESIGNATED else {}


def until_of(order: pb.DecisionOrder) -> int:
    """Return the last moment (ms) of the limit; 0 where there is none.

    :raises InvalidInput: naming ``order.until_on``.
    """
    try:
        return end_of_day_ms(date.fromisoformat(order.until_on)) if order.until_on else 0
    except ValueError as error:
        raise InvalidInput.in_field("order.until_on", "日期格式应为 2026-11-22") from error
