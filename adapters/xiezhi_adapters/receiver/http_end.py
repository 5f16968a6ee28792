"""The receiver's HTTP end: `/sms` as a gateway takes messages, `/hook` as a system takes webhooks."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qsl

from xiezhi_adapters.receiver.arrivals import Arrival, Arrivals
from xiezhi_adapters.receiver.checking import Checker
from xiezhi_domain.plain_values import read_json
from xiezhi_domain.terms import NotificationChannel

_LARGEST: Final = 1024 * 1024
_OK, _WRONG, _AWAY = "200 OK", "400 Bad Request", "503 Service Unavailable"


class HttpEnd:
    """Answers one request for each connection."""

    def __init__(self, arrivals: Arrivals, checker: Checker) -> None:
        self._arrivals = arrivals
        self._checker = checker

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take one request and answer it."""
        try:
            path, headers, body = await _request(reader)
            status = self._answer(path, headers, body)
            content = json.dumps({"code": status[:3]}).encode()
            head = (
                f"HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {len(content)}\r\n"
            )
            writer.write(f"{head}connection: close\r\n\r\n".encode() + content)
            await writer.drain()
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError, OSError):
            pass
        finally:
            writer.close()

    def _answer(self, path: str, headers: Mapping[str, str], body: bytes) -> str:
        if not self._arrivals.takes():
            return _AWAY
        if path.startswith("/hook"):
            return self._hook(headers, body)
        fields = _fields(headers, body)
        text = fields.get("text") or fields.get("content", "")
        if not fields.get("mobile") or not text:
            return _WRONG
        key = headers.get("idempotency-key", "")
        self._arrivals.add(Arrival(NotificationChannel.SMS, key, fields["mobile"], text))
        return _OK

    def _hook(self, headers: Mapping[str, str], body: bytes) -> str:
        verified = self._checker.holds(headers, body)
        key, text = headers.get("webhook-id", ""), body.decode("utf-8", "replace")
        self._arrivals.add(Arrival(NotificationChannel.WEBHOOK, key, "/hook", text, verified))
        return _OK if verified else _WRONG


async def _request(reader: asyncio.StreamReader) -> tuple[str, Mapping[str, str], bytes]:
    """Return path, headers and body of a request.

    :raises ValueError: it is none, or too large.
    """
    lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    _, path, _ = lines[0].split(" ", 2)
    pairs = (line.split(":", 1) for line in lines[1:] if line)
    headers = {name.strip().lower(): value.strip() for name, value in pairs}
    length = int(headers.get("content-length", "0"))
    if not 0 <= length <= _LARGEST:
        raise ValueError("too large")
    return path, headers, await reader.readexactly(length)


def _fields(headers: Mapping[str, str], body: bytes) -> Mapping[str, str]:
    text = body.decode("utf-8", "replace")
    if headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return dict(parse_qsl(text))
    try:
        told: Any = read_json(text)
    except ValueError:
        return {}
    return {str(name): str(value) for name, value in told.items()} if isinstance(told, dict) else {}
