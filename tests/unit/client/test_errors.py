"""Every reason of the house reaches the client with its class, message, fields and time."""

import pickle

import grpc
import pytest
from grpc.aio import AioRpcError, Metadata

from xiezhi_client.sdk import errors
from xiezhi_client.sdk.errors import (
    InternalError,
    InvalidInput,
    Overloaded,
    Unavailable,
    XiezhiError,
    from_rpc_error,
)
from xiezhi_domain.errors import DomainError, FieldViolation, LimitExceeded, Reason
from xiezhi_wire.errors import DETAILS_KEY, STATUS_CODES, status_code, to_status, to_trailers


def received(error: DomainError) -> XiezhiError:
    status = to_status(error, "request")
    return from_rpc_error(
        AioRpcError(status_code(status), Metadata(), Metadata(*to_trailers(status)), status.message)
    )


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_arrives(reason: Reason) -> None:
    error = received(DomainError(reason))
    assert error.reason == reason
    assert error.message == reason.zh
    expected_internal = STATUS_CODES[reason] is grpc.StatusCode.INTERNAL
    assert isinstance(error, InternalError) is expected_internal
    assert type(error) is not XiezhiError


def test_fields_and_times_arrive() -> None:
    error = received(
        DomainError(Reason.INVALID_FIELD, fields=[FieldViolation("a", "甲"), FieldViolation("b", "乙")])
    )
    assert isinstance(error, InvalidInput)
    assert [(each.field, each.message) for each in error.fields] == [("a", "甲"), ("b", "乙")]
    limited = received(LimitExceeded(Reason.RATE_LIMITED, retry_after_ms=1500))
    assert isinstance(limited, Overloaded)
    assert limited.retry_after == 1.5
    assert limited.transient
    assert not received(LimitExceeded(Reason.TOO_LARGE)).transient


def test_both_ends_name_the_trailer_alike() -> None:
    assert errors.DETAILS_KEY == DETAILS_KEY


@pytest.mark.parametrize("trailer", [b"\xff\xff", b""])
def test_details_that_cannot_be_read_do_not_hide_the_error(trailer: bytes) -> None:
    broken = AioRpcError(grpc.StatusCode.UNAVAILABLE, Metadata(), Metadata((DETAILS_KEY, trailer)), "x")
    error = from_rpc_error(broken)
    assert isinstance(error, Unavailable)
    assert error.reason == errors.CONNECTION_LOST


def test_an_error_can_be_pickled() -> None:
    error = received(DomainError(Reason.INVALID_FIELD, fields=[FieldViolation("a", "甲")]))
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), again.reason, again.fields) == (type(error), error.reason, error.fields)
