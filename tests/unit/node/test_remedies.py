"""The table of remedies beside the rulebook and the contract."""

import pytest

from xiezhi.v1 import instruction_service_pb2, remedy_pb2
from xiezhi_domain.rulebook import FactType, Side, shipped_rulebook
from xiezhi_domain.terms import Action, EventKind
from xiezhi_node.instructions.remedies import REMEDIES

CHOSEN = {
    "AskForMaterial": {EventKind.MATERIAL_ASKED, EventKind.DEFECT_TOLD},
    "SupplyMaterial": {
        EventKind.MATERIAL_SUPPLIED,
        EventKind.SUPPLEMENT_SUPPLIED,
        EventKind.URGENT_PAPERS_SUPPLIED,
    },
    "ChangeCaseStatus": {
        EventKind.CASE_STATUS_CHANGED,
        EventKind.CASE_CONTINUED,
        EventKind.SUSPENDED,
        EventKind.STOPPED,
        EventKind.TRANSFER_ASKED,
    },
    "RuleOnUrgency": {EventKind.URGENCY_LOWERED, EventKind.URGENCY_KEPT},
}
"""What the methods make whose events the state or the request chooses."""
FIELDS = {"called": "called_at", "promise": "promised_at", "done": "outcomes", "until": "until_on"}
WORKED_OUT = {EventKind.RESUMED, EventKind.URGENCY_LOWERED}
"""Events whose new end of the period the rules fix."""
ELSEWHERE = {Action.SHARE_DOSSIER, Action.WRITE_CONSENT, Action.FORWARD}
"""The dossier's own service, what approvers do, and what the common superior does."""
STRAIGHT = {
    *(Action.WITHDRAW, Action.SIGN, Action.ASSIGN, Action.HAND_BACK, Action.REPORT_PROGRESS, Action.COMPLETE),
    *(Action.CONFIRM, Action.REJECT_RESULT, Action.PROPOSE_RETURN, Action.APPROVE_RETURN),
    *(Action.REFUSE_RETURN, Action.LOG_CONTACT),
}
"""The straight way, whose actions have methods of their own."""
COOPERATION = [rules for rules in shipped_rulebook().kinds.values() if rules.ladder == "cooperation"]


def made_by(method: str) -> set[EventKind]:
    return CHOSEN.get(method) or set(REMEDIES[method].kinds(None))


def fields_of(method: str) -> set[str]:
    name = f"{method}Request"
    message = getattr(remedy_pb2, name, None) or getattr(instruction_service_pb2, name)
    return set(message.DESCRIPTOR.fields_by_name)


def test_every_action_of_the_two_courts_has_a_method() -> None:
    reached = {kind for method in REMEDIES for kind in made_by(method)}
    for rules in COOPERATION:
        theirs = {
            move.kind
            for move in rules.moves.values()
            if move.action is not None and not move.starts
            if move.action not in ELSEWHERE | STRAIGHT
            if {Side.SENDER, Side.RECEIVER} & move.sides
        }
        assert theirs == reached, rules.kind


@pytest.mark.parametrize("method", REMEDIES)
def test_a_request_can_say_every_fact_that_its_events_need(method: str) -> None:
    fields = fields_of(method)
    assert {"request_id", "instruction_id", "base_event_id", "text"} <= fields
    for rules in COOPERATION:
        for kind in made_by(method):
            for fact in rules.moves[kind].facts:
                if fact.name == "due":
                    assert ("until_on" in fields) == (kind not in WORKED_OUT)
                elif fact.type is FactType.PAPERS:
                    assert {"papers", "documents"} & fields
                else:
                    assert FIELDS.get(fact.name, fact.name) in fields
