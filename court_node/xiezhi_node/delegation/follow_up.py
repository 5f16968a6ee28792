"""Orders that renew or release what an instruction has achieved, filled in from its items and outcomes.

Practice.md §5: undoing a measure is a linked instruction with its ruling, offered in the same form.
"""

from collections.abc import Iterator

from xiezhi.v1 import delegation_service_pb2 as pb
from xiezhi.v1 import instruction_pb2, item_pb2
from xiezhi_desk.terms import ACTS, OUTCOMES
from xiezhi_domain.errors import Reason, WrongState
from xiezhi_domain.rulebook import Content
from xiezhi_domain.terms import Act, FollowUp, Outcome

_MADE = frozenset({OUTCOMES.to_proto(Outcome.DONE), OUTCOMES.to_proto(Outcome.PARTLY_DONE)})


def follow_up_order(
    matter: instruction_pb2.Instruction, order: pb.DelegationOrder, content: Content, wanted: FollowUp
) -> pb.DelegationOrder:
    """Return an order that does *wanted* with every measure that *matter*, ordered by *order*, has achieved.

    Ruling, notices and the new day of expiry are for its author to fill in.

    :raises WrongState: there is nothing to renew or release.
    """
    items = list(_items(matter, order, content, wanted))
    if not items:
        raise WrongState(Reason.WRONG_STATE, f"该事项没有可以{wanted.zh}的措施")
    for number, item in enumerate(items, 1):
        item.number = number
    return pb.DelegationOrder(
        kind=order.kind,
        case_number=order.case_number,
        receiver=order.receiver,
        subject_numbers=order.subject_numbers,
        items=items,
        bundle_id=order.bundle_id,
        linked_instruction_id=matter.summary.instruction_id,
    )


def _items(
    matter: instruction_pb2.Instruction, order: pb.DelegationOrder, content: Content, wanted: FollowUp
) -> Iterator[item_pb2.Item]:
    outcomes = {outcome.number: outcome for outcome in matter.outcomes}
    for item in order.items:
        outcome = outcomes.get(item.number)
        if outcome is None or outcome.outcome not in _MADE or not item.act:
            continue
        act = _next_act(content, ACTS.from_proto(outcome.act_done or item.act, "act"), wanted)
        if act is not None:
            yield _item(matter, item, outcome, act)


def _next_act(content: Content, done: Act, wanted: FollowUp) -> Act | None:
    measure = content.measures.get(done)
    if measure is None:
        return None
    return measure.renewed_by if wanted is FollowUp.RENEWAL else measure.released_by


def _item(
    matter: instruction_pb2.Instruction, item: item_pb2.Item, outcome: item_pb2.ItemOutcome, act: Act
) -> item_pb2.Item:
    following = item_pb2.Item(
        act=ACTS.to_proto(act),
        subject_number=item.subject_number,
        scope=item.scope,
        clue=item.clue,
        amount_fen=outcome.amount_obtained_fen or item.amount_fen,
        earlier=item_pb2.EarlierMeasure(
            case_number=matter.case_file.case_number,
            request_number=matter.summary.matter_number,
            expires_on=outcome.expires_on or item.expires_on,
            instruction_id=matter.summary.instruction_id,
            item_number=item.number,
        ),
    )
    if item.HasField("property"):
        following.property.CopyFrom(item.property)
    if item.HasField("assisting_body"):
        following.assisting_body.CopyFrom(item.assisting_body)
    return following
