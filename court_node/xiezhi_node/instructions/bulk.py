"""One action on many matters: each succeeds or fails alone, all share the transaction."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from sqlalchemy import Connection

from xiezhi.v1 import instruction_pb2
from xiezhi.v1 import instruction_service_pb2 as pb
from xiezhi_desk.terms import ACTIONS
from xiezhi_domain.errors import DomainError, InvalidInput, LimitExceeded, Reason, Unavailable
from xiezhi_domain.terms import Action
from xiezhi_journal.ledger import Ledger
from xiezhi_journal.writer import Work
from xiezhi_node.instructions import actions
from xiezhi_node.instructions.actions import Acting

MOST_MATTERS: Final = 512

AnyWork = Work[Ledger, bytes]
Prepare = Callable[[Connection, Acting, pb.BatchActRequest], AnyWork]


def _submit(connection: Connection, acting: Acting, _request: pb.BatchActRequest) -> AnyWork:
    return acting.drafting(connection).submit(connection)


def _approve(connection: Connection, acting: Acting, request: pb.BatchActRequest) -> AnyWork:
    return actions.approve(connection, acting, request.text)


def _affix_seal(connection: Connection, acting: Acting, _request: pb.BatchActRequest) -> AnyWork:
    return acting.drafting(connection).seal(connection)


def _sign(connection: Connection, acting: Acting, _request: pb.BatchActRequest) -> AnyWork:
    return actions.sign(connection, acting)


def _assign(connection: Connection, acting: Acting, request: pb.BatchActRequest) -> AnyWork:
    return actions.assign(connection, acting, request.assignee_account_id, request.text)


_PREPARE: Final[Mapping[Action, Prepare]] = {
    Action.SUBMIT: _submit,
    Action.APPROVE: _approve,
    Action.AFFIX_SEAL: _affix_seal,
    Action.SIGN: _sign,
    Action.ASSIGN: _assign,
}


def bulk_action(request: pb.BatchActRequest) -> Prepare:
    """Return how the action of a request is prepared for each matter.

    :raises InvalidInput: it is no action for many at once, no matter is named, or one twice.
    :raises LimitExceeded: TOO_LARGE.
    """
    prepare = _PREPARE.get(ACTIONS.from_proto(request.action, "action"))
    if prepare is None:
        words = "、".join(action.zh for action in _PREPARE)
        raise InvalidInput.in_field("action", f"批量操作只能是{words}")
    matters = request.instruction_ids
    if len(matters) > MOST_MATTERS:
        raise LimitExceeded(Reason.TOO_LARGE, f"每批最多 {MOST_MATTERS} 个事项，请分批操作")
    if not matters or len(set(matters)) != len(matters):
        raise InvalidInput.in_field("instruction_ids", "请至少选择一个事项，且不能重复")
    return prepare


def prepare_all(
    connection: Connection, prepare: Prepare, request: pb.BatchActRequest, wanted: Sequence[Acting]
) -> list[AnyWork | DomainError]:
    """Return for each matter the work, or why it cannot be done."""
    return [_prepare_one(connection, prepare, request, acting) for acting in wanted]


def _prepare_one(
    connection: Connection, prepare: Prepare, request: pb.BatchActRequest, acting: Acting
) -> AnyWork | DomainError:
    try:
        return prepare(connection, acting, request)
    except DomainError as error:
        return error


def result(instruction: str, answer: bytes | BaseException) -> pb.BatchActResult:
    """Return what became of one matter."""
    if isinstance(answer, bytes):
        receipt = instruction_pb2.ActionReceipt.FromString(answer)
        return pb.BatchActResult(instruction_id=instruction, receipt=receipt)
    error = answer if isinstance(answer, DomainError) else Unavailable(Reason.INTERNAL)
    return pb.BatchActResult(instruction_id=instruction, reason=error.reason, message=error.message)
