"""What a caller is told when a call fails: the one table from domain reasons to gRPC codes (AIP-193).

A `google.rpc.Status` in the trailer ``grpc-status-details-bin`` carries the Chinese message, `ErrorInfo` with
the reason and the domain ``xiezhi``, `RequestInfo` with the request id, `BadRequest` for fields, `RetryInfo`
where waiting helps. What is not a `DomainError` is told as `INTERNAL` with the request id and nothing else.
"""

from collections.abc import Sequence
from typing import Final

import grpc
from google.protobuf.message import Message
from google.rpc.error_details_pb2 import (  # type: ignore[import-untyped]  # has stubs but no py.typed
    BadRequest,
    ErrorInfo,
    RequestInfo,
    RetryInfo,
)
from google.rpc.status_pb2 import Status  # type: ignore[import-untyped]  # likewise

from xiezhi_domain.errors import DomainError, FieldViolation, LimitExceeded, Reason

DOMAIN: Final = "xiezhi"
DETAILS_KEY: Final = "grpc-status-details-bin"

# Peers drop a call whose trailers exceed 8 KiB, the error with it; base64 adds a third.
_MAX_STATUS_BYTES = 5 * 1024
# Tag and length of one entry of a list.
_FRAMING_BYTES = 4

_Code = grpc.StatusCode

STATUS_CODES: Final[dict[Reason, grpc.StatusCode]] = {
    Reason.INVALID_FIELD: _Code.INVALID_ARGUMENT,
    Reason.MALFORMED: _Code.INVALID_ARGUMENT,
    Reason.TOO_LARGE: _Code.RESOURCE_EXHAUSTED,
    Reason.REQUEST_ID_REUSED: _Code.ALREADY_EXISTS,
    Reason.UNKNOWN_METHOD: _Code.UNIMPLEMENTED,
    Reason.UNKNOWN_COURT: _Code.NOT_FOUND,
    Reason.UNKNOWN_KIND: _Code.NOT_FOUND,
    Reason.UNKNOWN_INSTRUCTION: _Code.NOT_FOUND,
    Reason.UNKNOWN_DOCUMENT: _Code.NOT_FOUND,
    Reason.UNKNOWN_BULLETIN: _Code.NOT_FOUND,
    Reason.UNKNOWN_CASE: _Code.NOT_FOUND,
    Reason.UNKNOWN_ACCOUNT: _Code.NOT_FOUND,
    Reason.UNKNOWN_QUERY: _Code.NOT_FOUND,
    Reason.UNKNOWN_VIEW: _Code.NOT_FOUND,
    Reason.UNKNOWN_NOTIFICATION: _Code.NOT_FOUND,
    Reason.UNKNOWN_SHEET: _Code.NOT_FOUND,
    Reason.RULEBOOK_UNKNOWN: _Code.UNAVAILABLE,
    Reason.RULEBOOK_NOT_IN_FORCE: _Code.FAILED_PRECONDITION,
    Reason.WRONG_ROLE: _Code.PERMISSION_DENIED,
    Reason.WRONG_COURT: _Code.PERMISSION_DENIED,
    Reason.SAME_PERSON: _Code.PERMISSION_DENIED,
    Reason.FORBIDDEN: _Code.PERMISSION_DENIED,
    Reason.NOT_AN_OBLIGOR: _Code.PERMISSION_DENIED,
    Reason.WRONG_STATE: _Code.FAILED_PRECONDITION,
    Reason.TOO_EARLY: _Code.FAILED_PRECONDITION,
    Reason.TOO_LATE: _Code.FAILED_PRECONDITION,
    Reason.STALE_BASE: _Code.ABORTED,
    Reason.BASE_REFUSED: _Code.FAILED_PRECONDITION,
    Reason.BASE_UNKNOWN: _Code.FAILED_PRECONDITION,
    Reason.DUPLICATE_EVENT: _Code.ALREADY_EXISTS,
    Reason.PAPERS_MISSING: _Code.FAILED_PRECONDITION,
    Reason.OUTCOMES_MISSING: _Code.FAILED_PRECONDITION,
    Reason.NO_COMMON_HUB: _Code.FAILED_PRECONDITION,
    Reason.DOCUMENT_MISSING: _Code.FAILED_PRECONDITION,
    Reason.DOCUMENT_TOO_LARGE: _Code.FAILED_PRECONDITION,
    Reason.DOCUMENT_HASH_MISMATCH: _Code.DATA_LOSS,
    Reason.DOCUMENT_TRUNCATED: _Code.ABORTED,
    Reason.DOCUMENT_TYPE_REFUSED: _Code.FAILED_PRECONDITION,
    Reason.DOCUMENT_BROKEN: _Code.FAILED_PRECONDITION,
    Reason.SEAL_MISSING: _Code.FAILED_PRECONDITION,
    Reason.OFFSET_OUT_OF_RANGE: _Code.OUT_OF_RANGE,
    Reason.SIGNATURE_INVALID: _Code.INVALID_ARGUMENT,
    Reason.KEY_UNKNOWN: _Code.FAILED_PRECONDITION,
    Reason.KEY_REVOKED: _Code.PERMISSION_DENIED,
    Reason.TOKEN_INVALID: _Code.UNAUTHENTICATED,
    Reason.CERTIFICATE_INVALID: _Code.UNAUTHENTICATED,
    Reason.SIGNED_OUT: _Code.UNAUTHENTICATED,
    Reason.BAD_CREDENTIALS: _Code.UNAUTHENTICATED,
    # Not UNAUTHENTICATED either: whoever is signed in is to change it.
    Reason.PASSWORD_NOT_OWN: _Code.PERMISSION_DENIED,
    Reason.ACCOUNT_LOCKED: _Code.RESOURCE_EXHAUSTED,
    Reason.ADDRESS_LOCKED: _Code.RESOURCE_EXHAUSTED,
    # Not UNAUTHENTICATED: whoever is signed in stays so.
    Reason.SECOND_FACTOR_REQUIRED: _Code.PERMISSION_DENIED,
    Reason.SECOND_FACTOR_MISSING: _Code.PERMISSION_DENIED,
    Reason.SECOND_FACTOR_WRONG: _Code.PERMISSION_DENIED,
    Reason.LOGIN_TAKEN: _Code.ALREADY_EXISTS,
    Reason.FEDERATED_SIGN_IN_REFUSED: _Code.UNAUTHENTICATED,
    Reason.IDENTITY_NOT_BOUND: _Code.PERMISSION_DENIED,
    Reason.IDENTITY_TAKEN: _Code.ALREADY_EXISTS,
    Reason.IDENTITY_PROVIDER_UNREACHABLE: _Code.UNAVAILABLE,
    Reason.PROTOCOL_UNSUPPORTED: _Code.FAILED_PRECONDITION,
    Reason.FEED_DIVERGED: _Code.FAILED_PRECONDITION,
    Reason.LINK_REPLACED: _Code.ABORTED,
    Reason.HUB_UNREACHABLE: _Code.UNAVAILABLE,
    Reason.CASE_SOURCE_MISSING: _Code.FAILED_PRECONDITION,
    Reason.CASE_SOURCE_AWAY: _Code.UNAVAILABLE,
    Reason.CASE_UNREADABLE: _Code.FAILED_PRECONDITION,
    Reason.REGISTRY_MISSING: _Code.FAILED_PRECONDITION,
    Reason.REGISTRY_AWAY: _Code.UNAVAILABLE,
    Reason.REGISTRY_REFUSED: _Code.FAILED_PRECONDITION,
    Reason.REGISTRY_UNREADABLE: _Code.FAILED_PRECONDITION,
    Reason.NOT_ACCEPTED: _Code.FAILED_PRECONDITION,
    Reason.RATE_LIMITED: _Code.RESOURCE_EXHAUSTED,
    Reason.DISK_FULL: _Code.UNAVAILABLE,
    Reason.SIGNER_AWAY: _Code.UNAVAILABLE,
    Reason.RECOVERING: _Code.UNAVAILABLE,
    Reason.STOPPING: _Code.UNAVAILABLE,
    Reason.TIMED_OUT: _Code.DEADLINE_EXCEEDED,
    Reason.CLOCK_SKEW: _Code.FAILED_PRECONDITION,
    Reason.INTERNAL: _Code.INTERNAL,
}


def to_status(error: DomainError, request_id: str) -> Status:
    """The status that tells ``error``; field violations that do not fit are left out, last first."""
    status = _status(error.reason, error.message, request_id, error.metadata)
    if isinstance(error, LimitExceeded) and error.retry_after_ms > 0:
        retry = RetryInfo()
        retry.retry_delay.FromMilliseconds(error.retry_after_ms)
        _add(status, retry)
    bad_request = _bad_request(error.fields, _MAX_STATUS_BYTES - status.ByteSize())
    if bad_request.field_violations:
        _add(status, bad_request)
    return status


def to_internal_status(request_id: str) -> Status:
    """The status for whatever is not a `DomainError`: nothing but the request id, to find it in the log."""
    return _status(Reason.INTERNAL, Reason.INTERNAL.zh, request_id, {})


def status_code(status: Status) -> grpc.StatusCode:
    """The gRPC code of a `google.rpc.Status`."""
    return _BY_NUMBER[status.code]


def to_trailers(status: Status) -> tuple[tuple[str, bytes]]:
    """The trailing metadata that carries the details."""
    return ((DETAILS_KEY, status.SerializeToString()),)


_BY_NUMBER = {code.value[0]: code for code in grpc.StatusCode}


def _status(reason: Reason, message: str, request_id: str, metadata: dict[str, str]) -> Status:
    status = Status(code=STATUS_CODES[reason].value[0], message=message)
    _add(status, ErrorInfo(reason=reason.value, domain=DOMAIN, metadata=metadata))
    _add(status, RequestInfo(request_id=request_id))
    return status


def _bad_request(fields: Sequence[FieldViolation], room: int) -> BadRequest:
    """As many of ``fields`` as fit into ``room`` bytes."""
    bad_request = BadRequest()
    for each in fields:
        violation = BadRequest.FieldViolation(field=each.field, description=each.message)
        room -= violation.ByteSize() + _FRAMING_BYTES
        if room < 0:
            break
        bad_request.field_violations.append(violation)
    return bad_request


def _add(status: Status, detail: Message) -> None:
    status.details.add().Pack(detail)
