"""The concerns of a call: each one is an async context manager around the rest of the way to the handler.

A concern that refuses raises a `DomainError`; ``errors`` turns it into what the caller is told.
"""

import asyncio
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final

import grpc
import structlog
from google.protobuf.message import Message
from google.rpc.status_pb2 import Status  # type: ignore[import-untyped]  # has stubs but no py.typed

from xiezhi_domain.errors import DomainError, Reason, Unavailable
from xiezhi_wire.address import calling_from, current_address
from xiezhi_wire.call import Call, Concern
from xiezhi_wire.caller import Caller, acting
from xiezhi_wire.credentials import Authenticator
from xiezhi_wire.errors import status_code, to_internal_status, to_status, to_trailers
from xiezhi_wire.forwarding import Forwarding
from xiezhi_wire.limits import RateLimiter
from xiezhi_wire.policy import MethodPolicy
from xiezhi_wire.second_factor import SecondFactorDemand
from xiezhi_wire.streams import LiveStreams
from xiezhi_wire.times import require_times

_log = structlog.get_logger(__name__)

REQUEST_ID_KEY: Final = "x-request-id"


@asynccontextmanager
async def request_id(call: Call) -> AsyncIterator[None]:
    """Takes the caller's ``x-request-id`` or makes one, and puts it on every log line of the call.

    Only a UUID is taken over: free text could carry a person's number into the logs.
    """
    call.request_id = _uuid_text(call.metadata(REQUEST_ID_KEY)) or str(uuid.uuid4())
    with structlog.contextvars.bound_contextvars(request_id=call.request_id):
        yield


@asynccontextmanager
async def errors(call: Call) -> AsyncIterator[None]:
    """Tells a `DomainError` by its table, and anything else as `INTERNAL` while the log gets all of it."""
    try:
        yield
    except grpc.aio.AbortError:
        raise
    except DomainError as error:
        call.reason = error.reason.value
        await _abort(call, to_status(error, call.request_id))
    except Exception:  # noqa: BLE001  # whatever it is, the caller must not see it
        _log.exception("unexpected_error", method=call.method)
        call.reason = Reason.INTERNAL.value
        await _abort(call, to_internal_status(call.request_id))


def deadline(unary_limit_s: float) -> Concern:
    """Ends a unary call after ``unary_limit_s`` seconds; gRPC itself ends it at the caller's own deadline."""

    @asynccontextmanager
    async def concern(call: Call) -> AsyncIterator[None]:
        if call.is_stream:
            yield
            return
        try:
            async with asyncio.timeout(unary_limit_s) as limit:
                yield
        except TimeoutError as error:
            if limit.expired():
                raise Unavailable(Reason.TIMED_OUT) from error
            raise

    return concern


def identity(authenticators: Sequence[Authenticator], forwarding: Forwarding) -> Concern:
    """Finds out who calls and from where, and makes it known to the handler.

    See ``caller.current_caller`` and its siblings, and ``address.current_address``.
    """

    @asynccontextmanager
    async def concern(call: Call) -> AsyncIterator[None]:
        with calling_from(forwarding.address_of(call)):
            for authenticate in authenticators:
                call.caller = await authenticate(call)
                if call.caller is not None:
                    break
            with acting(call.caller):
                yield

    return concern


def policy(table: MethodPolicy) -> Concern:
    """Lets only those in whom the method's row admits."""

    @asynccontextmanager
    async def concern(call: Call) -> AsyncIterator[None]:
        table.check(call.method, call.caller)
        yield

    return concern


def second_factor(demand: SecondFactorDemand) -> Concern:
    """Lets approvals and seals pass where a second factor was shown for them."""

    @asynccontextmanager
    async def concern(call: Call) -> AsyncIterator[None]:
        demand.check(call.method, call.request, call.caller)
        yield

    return concern


def rate(limiter: RateLimiter) -> Concern:
    """Counts the call against its account, its court, or its address where nobody is known."""

    @asynccontextmanager
    async def concern(call: Call) -> AsyncIterator[None]:
        limiter.take(_counted_against(call))
        yield

    return concern


@asynccontextmanager
async def times(call: Call) -> AsyncIterator[None]:
    """Refuses a request with a time that no calendar has, before anybody reads it."""
    if isinstance(call.request, Message):
        require_times(call.request)
    yield


def live_streams(streams: LiveStreams) -> Concern:
    """Registers a stream, so that it ends when its caller loses the right to it."""

    @asynccontextmanager
    async def concern(call: Call) -> AsyncIterator[None]:
        if not call.is_stream:
            yield
            return
        with streams.register(call.caller):
            yield

    return concern


async def _abort(call: Call, status: Status) -> None:
    await call.ready_for_refusal()
    await call.context.abort(status_code(status), status.message, to_trailers(status))


def _counted_against(call: Call) -> tuple[str, str]:
    if call.caller is None:
        return "address", current_address()
    if isinstance(call.caller, Caller):
        return "account", call.caller.account_id
    return "court", call.caller.court


def _uuid_text(text: str | None) -> str | None:
    try:
        return str(uuid.UUID(text)) if text is not None else None
    except ValueError:
        return None
