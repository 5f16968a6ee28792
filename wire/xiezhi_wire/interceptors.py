"""The chain that every call goes through on its way to the handler, composed once.

Outside in: request id → account → errors → deadline → identity → policy → rate → times → second factor → live streams →
handler.
"""

import inspect
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, aclosing
from dataclasses import dataclass
from typing import Any, TypeAlias

import grpc

from xiezhi_wire import concerns
from xiezhi_wire.accounting import Accounting
from xiezhi_wire.call import Call, Concern
from xiezhi_wire.credentials import Authenticator
from xiezhi_wire.forwarding import NOBODY, Forwarding
from xiezhi_wire.limits import RateLimiter
from xiezhi_wire.policy import MethodPolicy
from xiezhi_wire.requests_left import Requests
from xiezhi_wire.second_factor import NO_DEMAND, SecondFactorDemand
from xiezhi_wire.streams import LiveStreams
from xiezhi_wire.whole_messages import WholeMessages

# In quotes, because the class is generic for the type checker only.
_Handler: TypeAlias = "grpc.RpcMethodHandler[Any, Any]"
_Continuation: TypeAlias = "Callable[[grpc.HandlerCallDetails], Awaitable[_Handler | None]]"


@dataclass(frozen=True, slots=True)
class ChainParts:
    """What a listener's chain is made of; ``unary_limit_s`` is the most that a unary call may take.

    ``second_factor`` is what the court demands of approvals and seals, by default nothing;
    ``forwarding`` whose word about a caller's address is believed, by default nobody's.
    """

    accounting: Accounting
    authenticators: Sequence[Authenticator]
    policy: MethodPolicy
    limiter: RateLimiter
    streams: LiveStreams
    unary_limit_s: float = 30.0
    second_factor: SecondFactorDemand = NO_DEMAND
    forwarding: Forwarding = NOBODY


def standard_chain(parts: ChainParts) -> "Chain":
    """The chain of a listener, in its one order."""
    return Chain(
        (
            concerns.request_id,
            parts.accounting,
            concerns.errors,
            concerns.deadline(parts.unary_limit_s),
            concerns.identity(parts.authenticators, parts.forwarding),
            concerns.policy(parts.policy),
            concerns.rate(parts.limiter),
            concerns.times,
            concerns.second_factor(parts.second_factor),
            concerns.live_streams(parts.streams),
        )
    )


class Chain(grpc.aio.ServerInterceptor):
    """Puts concerns, outermost first, around the handler of every method."""

    def __init__(self, around: Sequence[Concern]) -> None:
        self._concerns = tuple(around)

    async def intercept_service(
        self, continuation: _Continuation, handler_call_details: grpc.HandlerCallDetails
    ) -> "_Handler | None":
        """The handler inside the chain; None for a method that the listener does not serve."""
        handler = await continuation(handler_call_details)
        if handler is None:
            return None
        return _rewrapped(handler, handler_call_details.method, self._concerns)


def _rewrapped(handler: _Handler, method: str, around: Sequence[Concern]) -> _Handler:
    make, inner = _shape(handler)

    async def behaviour(request: Any, context: grpc.aio.ServicerContext[Any, Any]) -> Any:
        message = None if handler.request_streaming else request
        messages = WholeMessages(context) if handler.response_streaming else None
        requests = Requests(request) if handler.request_streaming and messages is None else None
        call = Call(method, context, message, messages, requests)
        async with AsyncExitStack() as stack:
            for concern in around:
                await stack.enter_async_context(concern(call))
            answer = await _answer(inner(requests or request, messages or context), messages)
            await call.messages_left()
            return answer

    wrapped: _Handler = make(behaviour, handler.request_deserializer, handler.response_serializer)
    return wrapped


def _shape(handler: _Handler) -> tuple[Any, Any]:
    """The maker of handlers of the same shape, and the behaviour inside this one."""
    match handler.request_streaming, handler.response_streaming:
        case False, False:
            return grpc.unary_unary_rpc_method_handler, handler.unary_unary
        case False, True:
            return grpc.unary_stream_rpc_method_handler, handler.unary_stream
        case True, False:
            return grpc.stream_unary_rpc_method_handler, handler.stream_unary
        case _:
            return grpc.stream_stream_rpc_method_handler, handler.stream_stream


async def _answer(answer: Any, messages: WholeMessages | None) -> Any:
    """Awaits a coroutine; writes out an async generator. Handlers of streams may be either."""
    if messages is None or inspect.isawaitable(answer):
        return await answer
    async with aclosing(answer) as made:
        async for message in made:
            await messages.write(message)
    return None
