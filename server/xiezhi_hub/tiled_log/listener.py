"""One HTTPS server on one address, in the hub's own loop; started once and stopped once."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import structlog
import uvicorn

from xiezhi_hub.tiled_log.answering import LogAnswers
from xiezhi_hub.tiled_log.mutual_tls import MutualTlsProtocol, follow_files, mutual_tls
from xiezhi_wire.startup import StartupError
from xiezhi_wire.tls import ServerMaterial

_log = structlog.get_logger(__name__)

_AT_ONCE: Final = 64
_HEADER_BYTES: Final = 16 * 1024
_IDLE_S: Final = 15


class _Server(uvicorn.Server):
    """A server that leaves signals to the hub's program."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


class LogListener:
    """Serves `answers` at *address* (``host:port``) under the hub's certificate, to holders of certificates alone."""

    name: Final = "log"

    def __init__(self, address: str, material: ServerMaterial, answers: LogAnswers) -> None:
        self._address = address
        self._material = material
        self._answers = answers
        self._server: _Server | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._port = 0

    @property
    def address(self) -> str:
        """``host:port`` as it can be dialled, once started: the port may have been chosen by the system."""
        return f"{self._address.rpartition(':')[0]}:{self._port}"

    async def start(self) -> int:
        """Bind and serve; gives the bound port.

        :raises StartupError: the address cannot be bound, or the TLS files are no good.
        """
        context = mutual_tls(self._material)
        config = uvicorn.Config(
            self._answers,
            http=MutualTlsProtocol,
            ws="none",
            lifespan="off",
            interface="asgi3",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            limit_concurrency=_AT_ONCE,
            timeout_keep_alive=_IDLE_S,
            h11_max_incomplete_event_size=_HEADER_BYTES,
        )
        config.load()
        config.ssl = context
        bound = self._bind()
        self._port = bound.getsockname()[1]
        self._server = _Server(config)
        # Accepting begins before this returns: whoever dials the bound socket meanwhile is kept.
        self._tasks = [
            asyncio.create_task(self._server.serve(sockets=[bound]), name="log listener"),
            asyncio.create_task(follow_files(context, self._material), name="log certificate"),
        ]
        for task in self._tasks:
            task.add_done_callback(_report_failure)
        _log.info("listening", listener=self.name, address=self._address, port=self._port)
        return self._port

    async def announce_stop(self) -> None:
        """Nothing: what is read here is read again elsewhere without loss."""

    async def stop(self, grace_s: float) -> None:
        """Take no more requests, give those under way *grace_s* seconds, then cancel them."""
        if self._server is None:
            return
        self._server.should_exit = True
        self._server.config.timeout_graceful_shutdown = int(grace_s)
        self._tasks[1].cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _bind(self) -> socket.socket:
        host, _, port = self._address.rpartition(":")
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        try:
            bound = socket.create_server((host.strip("[]"), int(port)), family=family)
        except (OSError, ValueError, OverflowError) as error:
            raise StartupError(f"listener log: cannot bind {self._address}: {error}") from error
        # asyncio does so for sockets that name their protocol; without, the end of an answer waits for the reader.
        bound.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return bound


def _report_failure(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        _log.error("listener_ended", listener="log", task=task.get_name(), exc_info=error)
