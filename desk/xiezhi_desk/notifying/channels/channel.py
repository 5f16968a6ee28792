"""What every way out is: it takes a message and says what became of it, within a bounded time."""

import re
from dataclasses import dataclass, field
from typing import Final, Protocol

LONGEST_ANSWER: Final = 200
_LONG_NUMBER: Final = re.compile(r"\d{5,}")
_ADDRESS: Final = re.compile(r"[\w.+-]+@[\w.-]+")


@dataclass(frozen=True, slots=True)
class Message:
    """What goes out. `key` is the same at every try: a gateway that knows it takes the message once."""

    key: str
    address: str = field(repr=False)
    subject: str
    text: str
    content: str = ""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of a try: taken; else whether another may do better, and after what pause the gateway asks for."""

    taken: bool
    answer: str
    final: bool = False
    pause_ms: int = 0


class Notifier(Protocol):
    """One way out."""

    async def send(self, message: Message) -> Delivery:
        """Return what became of *message*; an unreachable gateway is an answer too, never an exception."""

    async def examine(self) -> str:
        """Return what is wrong with the way, in Chinese; empty where it is in order. Sends nothing."""

    async def close(self) -> None:
        """Let go of connections."""


def readable(answer: str) -> str:
    """Return a gateway's answer for the journal: short, on one line, without what may be somebody's number."""
    line = " ".join(answer.split())
    return _LONG_NUMBER.sub("*", _ADDRESS.sub("*", line))[:LONGEST_ANSWER]
