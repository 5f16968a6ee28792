"""How a call is made: with the caller's token, in bounded time, repeated where that helps."""

from collections.abc import AsyncGenerator
from typing import TypeVar

import grpc

from xiezhi_client.sdk.errors import XiezhiError, translated
from xiezhi_client.sdk.retry import Backoff, RetryPolicy

Request = TypeVar("Request")
Response = TypeVar("Response")


class Calls:
    """One channel with one token; what all service wrappers call through."""

    def __init__(self, channel: grpc.aio.Channel, policy: RetryPolicy, token: str = "") -> None:
        """Bind `channel` and `token`; an empty token makes calls as nobody."""
        self.channel = channel
        self.policy = policy
        self.token = token

    @property
    def metadata(self) -> tuple[tuple[str, str], ...]:
        """What shows who calls."""
        return (("authorization", f"Bearer {self.token}"),) if self.token else ()

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
        backoff = Backoff(self.policy)
        while True:
            try:
                with translated():
                    return await method(request, timeout=self.policy.attempt_timeout, metadata=self.metadata)
            except XiezhiError as error:
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
