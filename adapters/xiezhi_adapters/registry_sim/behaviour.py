"""How slowly and how badly the simulator answers: configured, counted, never random."""

from collections import Counter
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from xiezhi_domain.plain_values import read_toml
from xiezhi_wire.startup import StartupError

Count = Annotated[int, Field(ge=0)]


class Manner(StrEnum):
    """How a category answers where it answers at all."""

    PLAIN = "plain"
    TWICE = "twice"
    GARBAGE = "garbage"
    OTHER_PERSON = "other_person"
    OTHER_QUESTION = "other_question"
    BREAK = "break"
    REFUSE = "refuse"


class Conduct(BaseModel):
    """One category: a pause before each part, how many calls fail first, whether it is down, and its manner.

    `manner_first` limits the manner to the first calls; 0 keeps it for ever.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    delay_ms: Count = 0
    fail_first: Count = 0
    down: bool = False
    manner: Manner = Manner.PLAIN
    manner_first: Count = 0


class ControlConduct(BaseModel):
    """Control: a pause, how many calls fail before they act, how many act and lose their answer."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    delay_ms: Count = 0
    fail_first: Count = 0
    lose_first: Count = 0


class WatchConduct(BaseModel):
    """Watch: how long after a person is put under watch he is seen, how often each hit is sent."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    seen_after_ms: Count = 500
    copies: Annotated[int, Field(ge=1)] = 1
    strangers: bool = False


class Behaviour(BaseModel):
    """The whole of it. A category that is not named behaves like `default`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    default: Conduct = Conduct()
    category: dict[str, Conduct] = Field(default_factory=dict)
    control: ControlConduct = ControlConduct()
    watch: WatchConduct = WatchConduct()

    def of(self, category: str) -> Conduct:
        """Return how a category behaves."""
        return self.category.get(category, self.default)


STEADY: Final = Behaviour()


def load_behaviour(path: Path | None) -> Behaviour:
    """Return the behaviour of *path* (TOML); without one everything is answered at once.

    :raises StartupError: it cannot be read.
    """
    if path is None:
        return STEADY
    try:
        return Behaviour(**read_toml(path.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise StartupError(f"行为配置文件 {path} 有误：{error}") from error


class Counted:
    """Counts calls, so that "the first three" means the same in every run."""

    def __init__(self) -> None:
        self._calls: Counter[str] = Counter()

    def next(self, what: str) -> int:
        """Return the number of this call, from 1."""
        self._calls[what] += 1
        return self._calls[what]
