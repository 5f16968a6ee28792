"""Posting over HTTP: bounded in time and size, over no proxy, following nobody elsewhere."""

import asyncio
import logging
import ssl
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

import httpx

from xiezhi_desk.notifying.channels.channel import Delivery, readable

MOST_ANSWER_BYTES: Final = 65_536
LONGEST_PAUSE_S: Final = 3_600
_OK, _REDIRECT = 200, 300
_FINAL: Final = frozenset({400, 410, 413, 422})
"""Answers that say that the message itself is wrong; everything else may be the gateway's state."""

# It logs every address that it asks, and an address may hold a key.
logging.getLogger("httpx").setLevel(logging.WARNING)


class Posted(NamedTuple):
    """An answer over HTTP; 0 with words of our own where there was none."""

    status: int
    text: str
    retry_after: str = ""

    def delivery(self) -> Delivery:
        """Return what the status says."""
        answer = readable(f"HTTP {self.status} {self.text}" if self.status else self.text)
        if _OK <= self.status < _REDIRECT:
            return Delivery(taken=True, answer=answer)
        asked = int(self.retry_after) if self.retry_after.isdecimal() else 0
        return Delivery(
            taken=False,
            answer=answer,
            final=self.status in _FINAL,
            pause_ms=min(asked, LONGEST_PAUSE_S) * 1000,
        )


class Poster:
    """Posts to one address."""

    def __init__(self, url: str, timeout_s: float, authority: Path | None = None) -> None:
        self._url = url
        self._timeout_s = timeout_s
        # Loading all authorities takes a while, and a plain line has no use for them.
        secure = url.startswith("https:")
        context = ssl.create_default_context(cafile=authority) if secure else False
        self._client = httpx.AsyncClient(
            verify=context, trust_env=False, follow_redirects=False, timeout=timeout_s
        )

    async def post(self, content: bytes, headers: Mapping[str, str]) -> Posted:
        """Return the answer, or why there was none."""
        try:
            async with (
                asyncio.timeout(self._timeout_s),
                self._client.stream("POST", self._url, content=content, headers=dict(headers)) as response,
            ):
                text = await _text(response)
                return Posted(response.status_code, text, response.headers.get("retry-after", ""))
        except TimeoutError:
            return Posted(0, f"{self._timeout_s:g} 秒内没有应答")
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            return Posted(0, f"无法连接：{type(error).__name__}")

    async def examine(self) -> str:
        """Return why the address cannot be reached; empty where something listens there. Posts nothing."""
        url = httpx.URL(self._url)
        port = url.port or (443 if url.scheme == "https" else 80)
        return await cannot_connect(url.host, port, self._timeout_s)

    async def close(self) -> None:
        """Let go of connections."""
        await self._client.aclose()


async def cannot_connect(host: str, port: int, timeout_s: float) -> str:
    """Return why nobody listens at *host* and *port*; empty where somebody does."""
    try:
        async with asyncio.timeout(timeout_s):
            _, writer = await asyncio.open_connection(host, port)
    except (OSError, TimeoutError) as error:
        return f"无法连接 {host}:{port}（{type(error).__name__}），请检查地址和网络"
    writer.close()
    return ""


async def _text(response: httpx.Response) -> str:
    taken = b""
    async for piece in response.aiter_bytes():
        taken += piece
        if len(taken) > MOST_ANSWER_BYTES:
            break
    return taken.decode("utf-8", "replace")
