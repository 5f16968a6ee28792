"""A refusal in words: which error the acting person gets, what to do, and which rule says so."""

from xiezhi_domain.errors import (
    Conflict,
    DomainError,
    FieldViolation,
    InvalidInput,
    NotAllowed,
    Reason,
    WrongState,
)
from xiezhi_domain.ladder.refusal import Refusal
from xiezhi_domain.terms import State

_FIELDS = {
    "items": "办理项与事项不符，请核对办理项编号和行为",
    "reason": "请选择规则库中列明的原因；未办成的办理项应逐项选择",
    "rejections": "退回重办应逐项说明原因",
    "limit_days": "办理期限超出规则库允许的范围",
    "number": "事项编号不是本院该类事项的编号",
    "due": "办理截止时间不在规则库允许的范围内",
    "ordered": "金额所列的办理项与事项不符，请核对",
    "phone_first": "电话先行只适用于紧急的查人、现场控制和现场勘查",
    "oral_consent": "口头同意先行只适用于须经审批的紧急事项",
    "urgent_reason": "请选择紧急的原因",
    "about": "请选择规则库中列明的类别或事由",
    "basis": "请选择商请移送的法律依据；本省规定只适用于本省法院之间",
    "until": "请填写暂缓执行届满之日",
    "dates": "条件所列日期不在规则库范围内",
}
_NOT_ALLOWED = {Reason.WRONG_ROLE, Reason.WRONG_COURT}
_CONFLICTS = {Reason.STALE_BASE, Reason.BASE_REFUSED, Reason.BASE_UNKNOWN}


def as_error(refusal: Refusal, state: State | None) -> DomainError:
    """Return the error that tells a person why the action is refused in *state* (None: nothing issued yet)."""
    metadata = {"winner": refusal.winner} if refusal.winner else {}
    if refusal.source:
        metadata["source"] = refusal.source
    if refusal.reason in _NOT_ALLOWED:
        return NotAllowed(refusal.reason, _cited(refusal, refusal.text), metadata=metadata)
    if refusal.reason in _CONFLICTS:
        return Conflict(refusal.reason, metadata=metadata)
    if refusal.reason is Reason.INVALID_FIELD:
        message = _cited(refusal, refusal.text or _FIELDS.get(refusal.detail, ""))
        violation = FieldViolation(refusal.detail, message)
        return InvalidInput(refusal.reason, message, fields=(violation,), metadata=metadata)
    if refusal.reason is Reason.MALFORMED:
        return InvalidInput(refusal.reason, refusal.detail)
    return WrongState(refusal.reason, _cited(refusal, _message(refusal, state)), metadata=metadata)


def _message(refusal: Refusal, state: State | None) -> str:
    if refusal.text or refusal.reason is not Reason.WRONG_STATE or state is None:
        return refusal.text
    return f"事项当前为“{state.zh}”，不能进行此操作，请刷新后查看"


def _cited(refusal: Refusal, message: str) -> str:
    """Return *message* with the rule that says so; the reason's own words where there is none."""
    message = message or refusal.reason.zh
    return f"{message}（依据：{refusal.source}）" if refusal.source else message
