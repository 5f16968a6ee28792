"""A reader of what comes from outside, and what it owes to whoever sends it something strange."""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from google.protobuf.message import DecodeError, Message
from hypothesis import strategies as st
from tests.fuzz.changed import changed

# Sets gRPC's ciphers, which has to come before the rows of the table import gRPC.
import xiezhi_wire  # noqa: F401
from xiezhi_domain.errors import DomainError, FormatError

MessageT = TypeVar("MessageT", bound=Message)
Sample: TypeAlias = bytes | str | Mapping[str, Any]


@dataclass(frozen=True)
class Decoder:
    """Reads bytes, text, or what JSON or TOML gave; *samples* are good ones.

    `call` says how `read` is called where it asks for more than what it reads. `write` is there where a value has one
    spelling. `refuses` are the errors in which bad input is told.
    """

    read: Callable[..., Any]
    samples: Sequence[Sample]
    call: Callable[[Any], Any] | None = None
    write: Callable[[Any], Any] | None = None
    refuses: tuple[type[Exception], ...] = (DomainError,)
    good: bool = True
    """Whether the samples are taken as they are; False where they are well formed and do not hold."""
    also: Sequence[Callable[..., Any]] = field(default=())
    """Other readers that the call goes through, which then need no row of their own."""

    @property
    def names(self) -> list[str]:
        """The functions in the code that this row is about, its own first."""
        return [f"{each.__module__}.{each.__qualname__}" for each in (self.read, *self.also)]

    @property
    def inputs(self) -> st.SearchStrategy[Sample]:
        """Good samples, changed."""
        return changed(self.samples)

    def takes(self, data: Sample) -> bool:
        """Whether *data* is read; False where it is refused in words. Any other end is an error of the decoder."""
        try:
            value = (self.call or self.read)(data)
        except self.refuses as refused:
            words = str(refused)
            # What it says is sent and logged: it has to be text that can be encoded.
            return not words.encode()
        if self.write is not None:
            assert self.write(value) == data, "what is read has one spelling"
        return True


def from_file(read: Callable[[Path], Any], name: str = "file") -> Callable[[bytes], Any]:
    """*read*, which takes a path, given the content of a file called *name*."""

    def call(content: bytes) -> Any:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / name
            path.write_bytes(content)
            return read(path)

    return call


def message(kind: type[MessageT], data: bytes) -> MessageT:
    """The message in *data*; bytes that hold none never come past gRPC, which is as good as a refusal in words."""
    try:
        return kind.FromString(data)
    except DecodeError:
        raise FormatError("not a message") from None
