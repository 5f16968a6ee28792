import copy
import pickle

import pytest

from xiezhi_domain.errors import (
    Conflict,
    DomainError,
    FieldViolation,
    FormatError,
    InvalidInput,
    LimitExceeded,
    NotAllowed,
    NotFound,
    Reason,
    Unavailable,
    WrongState,
)

ERRORS: list[DomainError] = [
    InvalidInput.in_field("amount", "金额应大于 0"),
    NotAllowed(Reason.WRONG_ROLE),
    NotFound(Reason.UNKNOWN_COURT, metadata={"court": "苏0599"}),
    WrongState(Reason.WRONG_STATE, "事项已办结"),
    Conflict(Reason.STALE_BASE),
    LimitExceeded(Reason.RATE_LIMITED, retry_after_ms=1_500),
    Unavailable(Reason.RECOVERING),
    FormatError("缺少版本号"),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("duplicate", [copy.copy, lambda error: pickle.loads(pickle.dumps(error))])
def test_an_error_crosses_to_a_helper_process_whole(error: DomainError, duplicate) -> None:
    again = duplicate(error)
    assert type(again) is type(error)
    assert vars(again) == vars(error)


def test_the_message_falls_back_to_the_reason() -> None:
    assert NotAllowed(Reason.WRONG_ROLE).message == "您的岗位不能进行此操作"
    assert NotAllowed(Reason.WRONG_ROLE, "只有执行局长可以审批").message == "只有执行局长可以审批"
    assert str(WrongState(Reason.WRONG_STATE, "事项已办结")) == "WRONG_STATE: 事项已办结"


def test_one_wrong_field_is_named() -> None:
    error = InvalidInput.in_field("amount", "金额应大于 0")
    assert error.reason is Reason.INVALID_FIELD
    assert error.fields == (FieldViolation("amount", "金额应大于 0"),)
    assert error.message == "金额应大于 0"


def test_a_limit_says_when_to_try_again() -> None:
    assert LimitExceeded(Reason.RATE_LIMITED, retry_after_ms=1_500).retry_after_ms == 1_500
    assert LimitExceeded(Reason.TOO_LARGE).retry_after_ms == 0


def test_wrong_bytes_are_malformed() -> None:
    error = FormatError("缺少版本号", metadata={"offset": "0"})
    assert (error.reason, error.message, error.metadata) == (Reason.MALFORMED, "缺少版本号", {"offset": "0"})


def test_metadata_is_the_errors_own() -> None:
    given = {"court": "苏0599"}
    error = NotFound(Reason.UNKNOWN_COURT, metadata=given)
    given["court"] = "苏0508"
    assert error.metadata == {"court": "苏0599"}
