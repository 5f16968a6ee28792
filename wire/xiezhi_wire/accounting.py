"""One log line and the metrics of every call; never a name, a personal number or the content of a message."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import perf_counter
from typing import Any

import grpc
import structlog
from prometheus_client import CollectorRegistry, Counter, Histogram

from xiezhi_wire.call import Call
from xiezhi_wire.caller import Caller

_log = structlog.get_logger(__name__)

# Streams live for days; the buckets say something about unary calls and the top one about the rest.
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Accounting:
    """The concern that counts and logs; one for a whole program, since a registry takes a name once."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._calls = Counter(
            "xiezhi_grpc_calls",
            "Finished calls by method and status code",
            ("method", "code"),
            registry=registry,
        )
        self._seconds = Histogram(
            "xiezhi_grpc_call_seconds",
            "Time of finished calls",
            ("method",),
            buckets=_SECONDS,
            registry=registry,
        )

    @asynccontextmanager
    async def __call__(self, call: Call) -> AsyncIterator[None]:
        """Counts ``call`` with the code that its caller gets."""
        begun = perf_counter()
        cancelled = True
        try:
            yield
            cancelled = False
        except grpc.aio.AbortError:
            cancelled = False
            raise
        finally:
            self._finished(call, _code(call, cancelled=cancelled), perf_counter() - begun)

    def _finished(self, call: Call, code: str, seconds: float) -> None:
        self._calls.labels(call.method, code).inc()
        self._seconds.labels(call.method).observe(seconds)
        _log.info(
            "call",
            method=call.method,
            code=code,
            reason=call.reason or None,
            duration_ms=round(seconds * 1000, 1),
            **_who(call),
        )


def _code(call: Call, *, cancelled: bool) -> str:
    # The errors concern lies within, so nothing but a cancellation leaves the handler without a code.
    if cancelled:
        return grpc.StatusCode.CANCELLED.name
    # None, whatever the stub says, where nobody set a code.
    code: grpc.StatusCode | None = call.context.code()
    return (grpc.StatusCode.OK if code is None else code).name


def _who(call: Call) -> dict[str, Any]:
    if call.caller is None:
        return {}
    if isinstance(call.caller, Caller):
        return {"court": call.caller.court, "account": call.caller.account_id}
    return {"court": call.caller.court}
