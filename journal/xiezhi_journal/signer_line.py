"""Asking a signer at its Unix socket: one line of JSON for each connection, and one back (ADR 0015).

The program's writer waits for the answer, and everybody for the writer. So an answer has a time in all, however it
comes, and a size; a signer that has let its time go by is not asked again at once. Nothing is kept between two
questions: a signer that was started anew is asked like the one before.
"""

import errno
import json
import socket
import stat
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from xiezhi_domain.errors import FormatError, Reason, Unavailable
from xiezhi_domain.plain_values import read_json

ANSWER_S: Final = 5.0
"""How long a signer may take for an answer."""
REST_S: Final = 10.0
"""How long nobody asks a signer that took longer."""

_MOST_BYTES: Final = 65_536
_PIECE_BYTES: Final = 4_096
_BUSY_PAUSE_S: Final = 0.01
_IN_WORDS: Final = {
    errno.ENOENT: "没有运行",
    errno.ECONNREFUSED: "没有运行",
    errno.EACCES: "本用户无权连接",
}
_resting_until: dict[Path, float] = {}


class SignerAway(Unavailable):  # the name says what happened
    """The signer cannot be reached, or does not do what it is asked; everything waits until it does."""

    def __init__(self, place: Path, problem: str) -> None:
        super().__init__(Reason.SIGNER_AWAY, f"签名器 {place} 不可用：{problem}")


def ask(place: Path, question: Mapping[str, str], within_s: float | None = None) -> dict[str, Any]:
    """Return what the signer at *place* answers *within_s* seconds, `ANSWER_S` by default.

    :raises SignerAway: nothing, too much, too late, that it cannot, or it took too long a moment ago; or others than
        owner and group could ask there, or answer in its place.
    """
    if time.monotonic() < _resting_until.get(place, 0.0):
        raise SignerAway(place, "刚才没有按时答复，稍后再试")
    seconds = ANSWER_S if within_s is None else within_s
    try:
        _check_place(place)
        return parse_answer(_line(place, question, time.monotonic() + seconds))
    except TimeoutError as error:
        _resting_until[place] = time.monotonic() + REST_S
        raise SignerAway(place, f"{seconds:g} 秒内没有答复") from error
    except OSError as error:
        raise SignerAway(place, _IN_WORDS.get(error.errno or 0, error.strerror or str(error))) from error
    except FormatError as error:
        raise SignerAway(place, error.message) from error


def parse_answer(data: bytes) -> dict[str, Any]:
    """Return the fields of an answer.

    :raises FormatError: it is none, or says that the signer cannot do it.
    """
    try:
        answer = read_json(data)
    except ValueError as error:
        raise FormatError("答复无法识别" if data else "没有答复") from error
    if not isinstance(answer, dict):
        raise FormatError("答复无法识别")
    if "error" in answer:
        raise FormatError("拒绝了请求，原因见签名器的日志")
    return answer


def _check_place(place: Path) -> None:
    """Let pass a socket at which nobody but owner and group asks, and in whose place nobody else can put another.

    Who answers in the place of a signer that makes a key knows that key ever after.
    """
    real = place.resolve()
    if real.stat().st_mode & stat.S_IWOTH:
        raise SignerAway(place, "其他用户也可以连接，请执行 chmod o-w")
    if real.parent.stat().st_mode & stat.S_IWOTH:
        raise SignerAway(place, "所在目录其他用户可以写入，请移到只有签名器可以写入的目录")


def _line(place: Path, question: Mapping[str, str], until: float) -> bytes:
    """Return the first line that comes back, or what came until the signer ended the connection."""
    with socket.socket(socket.AF_UNIX) as line:
        _connect(line, place, until)
        line.settimeout(_left(until))
        line.sendall(json.dumps(question).encode() + b"\n")
        answer = bytearray()
        while b"\n" not in answer:
            line.settimeout(_left(until))
            piece = line.recv(_PIECE_BYTES)
            answer += piece
            if len(answer) > _MOST_BYTES:
                raise FormatError("答复过长")
            if not piece:
                break
    return bytes(answer).partition(b"\n")[0]


def _connect(line: socket.socket, place: Path, until: float) -> None:
    """Connect, also to a signer with more callers than it has room for: a Unix socket does not wait by itself."""
    while True:
        line.settimeout(_left(until))
        try:
            line.connect(str(place))
        except BlockingIOError:
            time.sleep(_BUSY_PAUSE_S)
        else:
            return


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
