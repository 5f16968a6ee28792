"""A refusal in words: which error the acting person gets, and what to do."""

from xiezhi_domain.errors import Conflict, DomainError, InvalidInput, NotAllowed, Reason, WrongState
from xiezhi_domain.ladder.decide import Refusal
from xiezhi_domain.terms import State

_FIELDS = {
    "items": "办理项与事项不符，请核对办理项编号和行为",
    "reason": "未办成的办理项应选择原因",
    "rejections": "退回重办应逐项说明原因",
    "limit_days": "办理期限超出规则库允许的范围",
    "number": "事项编号不是本院该类事项的编号",
    "due": "办理截止时间与办理期限不符",
}
_NOT_ALLOWED = {Reason.WRONG_ROLE, Reason.WRONG_COURT}
_CONFLICTS = {Reason.STALE_BASE, Reason.BASE_REFUSED, Reason.BASE_UNKNOWN}


def as_error(refusal: Refusal, state: State | None) -> DomainError:
    """Return the error that tells a person why the action is refused in *state* (None: nothing issued yet)."""
    metadata = {"winner": refusal.winner} if refusal.winner else {}
    if refusal.reason in _NOT_ALLOWED:
        return NotAllowed(refusal.reason, metadata=metadata)
    if refusal.reason in _CONFLICTS:
        return Conflict(refusal.reason, metadata=metadata)
    if refusal.reason is Reason.INVALID_FIELD:
        return InvalidInput.in_field(refusal.detail, _FIELDS.get(refusal.detail, refusal.reason.zh))
    if refusal.reason is Reason.MALFORMED:
        return InvalidInput(refusal.reason, refusal.detail)
    return WrongState(refusal.reason, _message(refusal, state), metadata=metadata)


def _message(refusal: Refusal, state: State | None) -> str:
    if refusal.detail == "after":
        return "退回前应先与对方法院沟通并记录（记录沟通）"
    if refusal.reason is Reason.WRONG_STATE and state is not None:
        return f"事项当前为“{state.zh}”，不能进行此操作，请刷新后查看"
    return ""
