"""What a script is told of a refusal: whether to send the same again, or to show why it never goes."""

import json

import pytest

from xiezhi_client.sdk import (
    Conflict,
    DataLoss,
    InternalError,
    InvalidInput,
    NotAllowed,
    NotFound,
    Overloaded,
    Unavailable,
    WrongState,
    XiezhiError,
)
from xiezhi_workbench.answering import refused

LATER = (
    Unavailable("CONNECTION_LOST", "连接不上"),
    Overloaded("RATE_LIMITED", "稍后再试", retry_after=3.0),
    Conflict("STALE_BASE", "已有新的进展"),
    Conflict("BASE_UNKNOWN", "尚未收到上一步"),
    Conflict("DOCUMENT_TRUNCATED", "没有传完"),
    DataLoss("DOCUMENT_HASH_MISMATCH", "校验值不符"),
    InvalidInput("OFFSET_OUT_OF_RANGE", "续传位置不正确"),
    # What a sheet of visits says of one matter has no class of its own.
    WrongState("STALE_BASE", "已有新的进展"),
    WrongState("RECOVERING", "正在恢复数据"),
)
NEVER = (
    Conflict("REQUEST_ID_REUSED", "已用于其他内容"),
    Conflict("DUPLICATE_EVENT", "已经提交"),
    Conflict("BASE_REFUSED", "上一步未被受理"),
    WrongState("WRONG_STATE", "已经填报"),
    NotAllowed("WRONG_ROLE", "不能进行此操作"),
    NotFound("UNKNOWN_INSTRUCTION", "找不到该事项"),
    Overloaded("TOO_LARGE", "内容过大"),
    InternalError("INTERNAL", "系统出错"),
)


@pytest.mark.parametrize(("errors", "again"), [(LATER, True), (NEVER, False)], ids=["later", "never"])
def test_a_script_tries_again_only_what_may_succeed(errors: tuple[XiezhiError, ...], again: bool) -> None:
    told = {f"{type(error).__name__} {error.reason}": json.loads(refused(error).body) for error in errors}
    assert {name: each["again"] for name, each in told.items()} == dict.fromkeys(told, again)
    assert [each["message"] for each in told.values()] == [error.message for error in errors]
