"""Where a whole log is read from: a folder that the hub exported, or the hub's own files over HTTPS."""

import http.client
import ssl
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol
from urllib.parse import quote, urlsplit

from xiezhi_client.verify.findings import NotHeldError
from xiezhi_domain.errors import FormatError
from xiezhi_domain.evidence.note import MAX_NOTE_BYTES
from xiezhi_domain.evidence.tilefiles import CHECKPOINT_PATH, MAX_BUNDLE_BYTES, TileFile

_TIMEOUT_S: Final = 30
_ATTEMPTS: Final = 5
_LONGEST_WAIT_S: Final = 10


class LogSource(Protocol):
    """A copy of a whole log."""

    @property
    def name(self) -> str:
        """What people call it."""

    def checkpoint(self) -> bytes:
        """Return the signed note; raises `NotHeldError` where there is none."""

    def read(self, file: TileFile) -> bytes:
        """Return the bytes of a tile or bundle; raises `NotHeldError` where there is none."""


@dataclass(frozen=True, slots=True)
class FolderLog:
    """The folder that `xiezhi-hub export` writes, or any other of C2SP tlog-tiles."""

    folder: Path

    @property
    def name(self) -> str:
        """The folder's path."""
        return str(self.folder)

    def checkpoint(self) -> bytes:
        """Return the signed note."""
        return self._read(CHECKPOINT_PATH, MAX_NOTE_BYTES)

    def read(self, file: TileFile) -> bytes:
        """Return the bytes of a tile or bundle."""
        return self._read(file.path, MAX_BUNDLE_BYTES)

    def _read(self, path: str, most: int) -> bytes:
        try:
            with (self.folder / path).open("rb") as opened:
                return _bounded(opened.read(most + 1), most, path)
        except OSError as error:
            raise NotHeldError(f"缺少文件 {path}，或者无法读取（{error.strerror}）") from None


@dataclass(frozen=True, slots=True)
class Identity:
    """How a court shows itself to the hub: PEM files of the authority to trust, certificate chain and key."""

    authority: Path | None = None
    certificate: Path | None = None
    key: Path | None = None

    def context(self) -> ssl.SSLContext:
        """Return TLS 1.3 with these files.

        :raises FormatError: one of them cannot be used.
        """
        try:
            context = ssl.create_default_context(cafile=self.authority)
            context.minimum_version = ssl.TLSVersion.TLSv1_3
            if self.certificate is not None:
                context.load_cert_chain(self.certificate, self.key)
        except (OSError, ssl.SSLError) as error:
            raise FormatError(f"证书、私钥或签发机构证书无法使用：{error}") from None
        return context


class HttpLog:
    """A log over HTTPS at *url*, read on one connection. Below a bare host lies ``/<origin>/``.

    :raises FormatError: no https address, or TLS files that cannot be used.
    """

    def __init__(self, url: str, origin: str, identity: Identity) -> None:
        parts = urlsplit(url)
        if parts.scheme != "https" or not parts.hostname or parts.query or parts.fragment:
            raise FormatError("平台日志的地址应形如 https://主机:端口")
        self._below = parts.path.rstrip("/") or f"/{quote(origin)}"
        self._url = f"https://{parts.netloc}{self._below}"
        self._connection = http.client.HTTPSConnection(
            parts.hostname, parts.port or 443, timeout=_TIMEOUT_S, context=identity.context()
        )

    @property
    def name(self) -> str:
        """The log's address."""
        return self._url

    def checkpoint(self) -> bytes:
        """Return the signed note."""
        return self._get(CHECKPOINT_PATH, MAX_NOTE_BYTES)

    def read(self, file: TileFile) -> bytes:
        """Return the bytes of a tile or bundle."""
        return self._get(file.path, MAX_BUNDLE_BYTES)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _get(self, path: str, most: int) -> bytes:
        for _ in range(_ATTEMPTS):
            status, wait, content = self._ask(path, most)
            if status == http.HTTPStatus.OK:
                return _bounded(content, most, path)
            if status not in (http.HTTPStatus.TOO_MANY_REQUESTS, http.HTTPStatus.SERVICE_UNAVAILABLE):
                break
            time.sleep(wait)
        said = content[:200].decode("utf-8", "replace").strip()
        raise NotHeldError(f"{self._url}/{path} 未能读取：{status} {said}")

    def _ask(self, path: str, most: int) -> tuple[int, int, bytes]:
        """Return status, how long to wait before asking again (s), and content."""
        try:
            self._connection.request("GET", f"{self._below}/{path}")
            answer = self._connection.getresponse()
            content = answer.read(most + 1)
            if not answer.isclosed():
                self._connection.close()
        except (OSError, http.client.HTTPException) as error:
            # The connection is made anew with the next request.
            self._connection.close()
            if isinstance(error, http.client.RemoteDisconnected):
                return http.HTTPStatus.SERVICE_UNAVAILABLE, 0, b""
            raise NotHeldError(f"{self._url} 无法连接，或者未接受所出示的证书（{error}）") from None
        wait = answer.headers.get("retry-after", "1")
        return answer.status, min(int(wait) if wait.isdecimal() else 1, _LONGEST_WAIT_S), content


def _bounded(content: bytes, most: int, path: str) -> bytes:
    if len(content) > most:
        raise FormatError(f"{path} 超过 {most} 字节")
    return content
