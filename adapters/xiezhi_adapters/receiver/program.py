"""The receiver as a program, and inside a test: both ends, on the own machine alone."""

import asyncio
import json
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from xiezhi_adapters.receiver.arrivals import Arrivals
from xiezhi_adapters.receiver.checking import Checker
from xiezhi_adapters.receiver.http_end import HttpEnd
from xiezhi_adapters.receiver.smtp_end import SmtpEnd
from xiezhi_wire.startup import StartupError

HOST: Final = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Ends:
    """The ports that both ends listen on."""

    http: int
    smtp: int


@asynccontextmanager
async def receiving(
    arrivals: Arrivals, checker: Checker, http_port: int = 0, smtp_port: int = 0
) -> AsyncIterator[Ends]:
    """Receive until the block ends; port 0 is any that is free.

    :raises OSError: a port is taken.
    """
    http = await asyncio.start_server(HttpEnd(arrivals, checker).serve, HOST, http_port)
    smtp = await asyncio.start_server(SmtpEnd(arrivals).serve, HOST, smtp_port)
    async with http, smtp:
        yield Ends(http.sockets[0].getsockname()[1], smtp.sockets[0].getsockname()[1])


async def run(
    arrivals: Arrivals, checker: Checker, http_port: int, smtp_port: int, announce: Path | None
) -> None:
    """Receive until a signal; *announce* is told the ports.

    :raises StartupError: a port is taken.
    """
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    try:
        async with receiving(arrivals, checker, http_port, smtp_port) as ends:
            if announce is not None:
                content = json.dumps({"http": ends.http, "smtp": ends.smtp})
                await asyncio.to_thread(_replace, announce, content)
            await stop.wait()
    except OSError as error:
        raise StartupError(f"端口不能使用：{error.strerror}") from error


def make_checker(secret_file: Path | None, key_file: Path | None) -> Checker:
    """Return the checker that files ask for.

    :raises StartupError: one cannot be read, or is no key.
    """
    try:
        secret = secret_file.read_text(encoding="utf-8").strip() if secret_file else ""
        key = load_pem_public_key(key_file.read_bytes()) if key_file else None
    except (OSError, ValueError) as error:
        raise StartupError("密钥文件无法读取，或不是密钥") from error
    if key is not None and not isinstance(key, Ed25519PublicKey):
        raise StartupError("公钥不是 Ed25519 公钥")
    return Checker(secret.encode(), key)


def _replace(path: Path, content: str) -> None:
    new = path.with_suffix(".new")
    new.write_text(content, encoding="utf-8")
    new.replace(path)
