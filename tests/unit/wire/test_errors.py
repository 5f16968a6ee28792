"""The table from reasons to codes, and what a status carries."""

from typing import Any

import grpc
import pytest
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo, RequestInfo, RetryInfo
from google.rpc.status_pb2 import Status

from xiezhi_domain.errors import FieldViolation, InvalidInput, LimitExceeded, NotFound, Reason
from xiezhi_wire.errors import STATUS_CODES, status_code, to_internal_status, to_status, to_trailers


def detail(status: Status, kind: type[Any]) -> Any:
    for packed in status.details:
        found = kind()
        if packed.Unpack(found):
            return found
    return None


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_a_code_that_is_an_error(reason: Reason) -> None:
    assert STATUS_CODES[reason] not in (grpc.StatusCode.OK, grpc.StatusCode.UNKNOWN)


def test_status_names_reason_domain_metadata_and_request() -> None:
    status = to_status(NotFound(Reason.UNKNOWN_CASE, metadata={"case": "7"}), "r-1")
    info = detail(status, ErrorInfo)
    assert (info.reason, info.domain, dict(info.metadata)) == ("UNKNOWN_CASE", "xiezhi", {"case": "7"})
    assert status.message == Reason.UNKNOWN_CASE.zh
    assert detail(status, RequestInfo).request_id == "r-1"
    assert detail(status, BadRequest) is None
    assert detail(status, RetryInfo) is None
    assert status_code(status) is grpc.StatusCode.NOT_FOUND


def test_wrong_fields_are_listed() -> None:
    status = to_status(InvalidInput.in_field("find.subjects[0].name", "请填写姓名"), "r")
    violations = detail(status, BadRequest).field_violations
    assert [(each.field, each.description) for each in violations] == [
        ("find.subjects[0].name", "请填写姓名")
    ]


def test_a_limit_tells_when_to_come_back() -> None:
    delay = detail(to_status(LimitExceeded(Reason.RATE_LIMITED, retry_after_ms=2_500), "r"), RetryInfo)
    assert delay.retry_delay.ToMilliseconds() == 2_500


def test_a_limit_that_waiting_does_not_lift_tells_no_time() -> None:
    assert detail(to_status(LimitExceeded(Reason.TOO_LARGE), "r"), RetryInfo) is None


def test_more_violations_than_trailers_can_carry_are_cut_from_the_end() -> None:
    fields = [FieldViolation(f"rows[{row}]", "金额应为正数") for row in range(5_000)]
    status = to_status(InvalidInput(Reason.INVALID_FIELD, fields=fields), "r")
    kept = [each.field for each in detail(status, BadRequest).field_violations]
    assert kept == [f"rows[{row}]" for row in range(len(kept))]
    assert 50 < len(kept) < 5_000
    assert len(to_trailers(status)[0][1]) < 6 * 1024


def test_the_unexpected_is_told_by_request_id_alone() -> None:
    status = to_internal_status("r-9")
    assert status_code(status) is grpc.StatusCode.INTERNAL
    assert status.message == Reason.INTERNAL.zh
    assert detail(status, RequestInfo).request_id == "r-9"
    assert len(status.details) == 2
