"""How the program runs: HTTPS by the court's certificate, and an end that waits for nobody for long."""

import asyncio
import json
import signal
import socket
import ssl
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import uvicorn
from starlette.applications import Starlette

from xiezhi_workbench.app import build
from xiezhi_workbench.certificate import CertificateFiles
from xiezhi_workbench.config import WorkbenchSettings

UNUSABLE: Final = 2
_DRAIN_S: Final = 2
"""How long requests under way may take once the program is told to stop; live streams end at once."""


class _Server(uvicorn.Server):
    """A server that leaves signals to the program.

    uvicorn's own raises a caught signal again after it has served, which kills the process before the
    connection to the desk is closed.
    """

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


def serve(settings: WorkbenchSettings) -> int:
    """Serve until SIGTERM or SIGINT; returns the exit code."""
    try:
        listener = listen(settings.listen)
    except OSError as error:
        print(f"无法监听 {settings.listen}：{error.strerror}", file=sys.stderr)  # noqa: T201  for the operator
        return UNUSABLE
    with listener:
        return asyncio.run(_serve(settings, listener))


def configure(settings: WorkbenchSettings, app: Starlette) -> uvicorn.Config:
    """Return how *app* is served: over TLS 1.3 alone, as everything that Xiezhi listens on.

    :raises OSError, ssl.SSLError: the certificate or its key cannot be used.
    """
    config = uvicorn.Config(
        app,
        ssl_certfile=str(settings.certificate),
        ssl_keyfile=str(settings.certificate_key),
        log_level=settings.log_level.lower(),
        # Addresses of pages hold what was searched for, which may be a name.
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=_DRAIN_S,
    )
    config.load()
    assert config.ssl is not None, "a certificate is given"
    config.ssl.minimum_version = ssl.TLSVersion.TLSv1_3
    return config


async def _serve(settings: WorkbenchSettings, listener: socket.socket) -> int:
    app = build(settings)
    try:
        config = configure(settings, app)
    except (OSError, ssl.SSLError) as error:
        print(f"证书或私钥无法使用：{error.strerror or error}", file=sys.stderr)  # noqa: T201  for the operator
        return UNUSABLE
    server = _Server(config)

    def stop() -> None:
        app.state.stopping.set()
        server.should_exit = True

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    _announce(settings, listener)
    assert config.ssl is not None, "a certificate is given"
    files = CertificateFiles(config.ssl, settings.certificate, settings.certificate_key)
    following = asyncio.create_task(files.follow(), name="certificate")
    try:
        await server.serve(sockets=[listener])
    finally:
        following.cancel()
    return 0 if server.started else UNUSABLE


def listen(address: str) -> socket.socket:
    """Give the socket at *address* (host:port), which browsers may connect to already. Raise `OSError`."""
    host, _, port = address.rpartition(":")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.create_server((host.strip("[]"), int(port)), family=family)
    # asyncio does so for sockets that name their protocol, which this one does not; what it accepts inherits it.
    # Without, the end of a page waits some 40 ms for the browser to acknowledge its beginning (RFC 1122 §4.2.3).
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def _announce(settings: WorkbenchSettings, listener: socket.socket) -> None:
    """Say where it is; connections are kept until they are served."""
    host = settings.listen.rpartition(":")[0]
    address = f"https://{host}:{listener.getsockname()[1]}"
    print(f"工作台：{address}", flush=True)  # noqa: T201  for the operator
    if settings.announce is not None:
        _replace(settings.announce, json.dumps({"workbench": address}))


def _replace(path: Path, text: str) -> None:
    """Put *text* in the place of the file; readers see the old one or the new."""
    new = path.with_suffix(".new")
    new.write_text(text, encoding="utf-8")
    new.replace(path)
