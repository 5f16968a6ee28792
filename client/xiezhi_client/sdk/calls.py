"""How a call is made: with the caller's token, in bounded time, repeated where that helps."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import TypeVar

import grpc

from xiezhi_client.sdk.errors import SECOND_FACTOR_REQUIRED, XiezhiError, translated
from xiezhi_client.sdk.retry import Backoff, RetryPolicy

Request = TypeVar("Request")
Response = TypeVar("Response")

Metadata = tuple[tuple[str, str], ...]
PassedOn = Callable[[], Metadata]
"""Gives what a program that calls for others tells of them."""

SecondFactorPrompt = Callable[[], Awaitable[bool]]
"""Shows the second factor of the session again; gives whether it was shown."""


class Calls:
    """One channel with one token; what all service wrappers call through."""

    def __init__(
        self, channel: grpc.aio.Channel, policy: RetryPolicy, token: str = "", passed_on: PassedOn = tuple
    ) -> None:
        """Bind `channel` and `token`; an empty token makes calls as nobody. `passed_on` goes with every call.

        Where `second_factor` is set and an approval or seal demands a second factor, it is asked and the very same
        request is sent again.
        """
        self.channel = channel
        self.policy = policy
        self.token = token
        self.passed_on = passed_on
        self.second_factor: SecondFactorPrompt | None = None

    def with_token(self, token: str) -> "Calls":
        """Give calls on the same channel with another token."""
        return Calls(self.channel, self.policy, token, self.passed_on)

    @property
    def metadata(self) -> Metadata:
        """What shows who calls."""
        who = (("authorization", f"Bearer {self.token}"),) if self.token else ()
        return (*who, *self.passed_on())

    async def unary(
        self,
        method: "grpc.aio.UnaryUnaryMultiCallable[Request, Response]",
        request: Request,
        *,
        repeat: bool = True,
    ) -> Response:
        """Give the answer. The same request, with the same request id, is sent again after passing errors.

        `repeat` is False for what would do harm twice. Raise `XiezhiError`.
        """
        backoff, asked = Backoff(self.policy), False
        while True:
            try:
                with translated():
                    return await method(request, timeout=self.policy.attempt_timeout, metadata=self.metadata)
            except XiezhiError as error:
                if error.reason == SECOND_FACTOR_REQUIRED and self.second_factor is not None and not asked:
                    asked = True
                    if await self.second_factor():
                        continue
                if not repeat:
                    raise
                await backoff.pause(error)

    async def stream(
        self, method: "grpc.aio.UnaryStreamMultiCallable[Request, Response]", request: Request
    ) -> AsyncGenerator[Response, None]:
        """Give the messages of one stream, once; it has no time limit. Raise `XiezhiError`."""
        call = method(request, metadata=self.metadata)
        try:
            with translated():
                async for message in call:
                    yield message
        finally:
            call.cancel()
