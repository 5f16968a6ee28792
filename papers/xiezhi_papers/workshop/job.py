"""A job for a helper process, by name: the program that wants it done loads nothing of what does it."""

from dataclasses import dataclass
from typing import Generic, TypeVar

ArgumentT = TypeVar("ArgumentT")
ResultT = TypeVar("ResultT")


@dataclass(frozen=True, slots=True)
class Job(Generic[ArgumentT, ResultT]):
    """A function of a module, with one annotated argument; msgspec can carry it, and what comes back: a `result`."""

    module: str
    function: str
    result: type[ResultT]
