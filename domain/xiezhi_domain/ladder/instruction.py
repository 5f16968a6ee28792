"""An instruction as its history has made it."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

import msgspec

from xiezhi_domain.terms import Outcome, State

FINAL_STATES = frozenset(
    {
        State.CONFIRMED,
        State.RETURNED,
        State.WITHDRAWN,
        State.TERMINATED,
        State.CLOSED,
        State.SUPERVISION_DONE,
        State.REVOKED,
        State.DECIDED,
        State.CASE_CLOSED,
        State.PARTICIPATION_REFUSED,
        State.DISCARDED,
    }
)
"""States after which no work is done. Overlays such as a complaint may follow; an upheld objection reopens."""


class Result(StrEnum):
    """The result of a matter, folded from the outcomes of its items."""

    ALL_DONE = "ALL_DONE"
    PARTLY_DONE = "PARTLY_DONE"
    NOT_DONE = "NOT_DONE"


class Step(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """An event of the history: its number, its id, and what later events and entries refer to it by.

    `hash` is the hex hash of its header; `leaf` the hex leaf hash of its log entry, empty while pending.
    """

    seq: int = 0
    id: str = ""
    hash: str = ""
    leaf: str = ""


class Instruction(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """State of an instruction after `head`. Every event makes the next one of it (`msgspec.structs.replace`).

    `binding` is the last event that others may not ignore (every move that does not commute). `times` says
    when each kind of event last happened (ms since 1970: the hub's time, while pending the court's own).

    `resume` is the stack of states to be taken up again, the last left first, separated by blanks. `open` are the
    overlays that await an answer, such as a complaint, and since when. `ordered` and `controlled` are sums in fen by
    item. `due` moves with an extension (`asked_due` is what the receiver asked for) and after a pause; while the
    matter is suspended, `suspended_since` and `suspended_by` say since when and by which court, `suspended_ms` sums
    up the pauses that are over; `suspended_until` is the end that the suspension was given, 0 where it has none.
    `former` are the courts that were a party before; they read until then. `told` is what later moves have to repeat
    of earlier ones: `Event` → its id, `Event.fact` → what it said.
    """

    id: str
    kind: str
    number: str
    sender: str
    receiver: str
    hub: str
    rulebook: str
    lane: int
    urgent: bool
    limit_days: int
    due: int
    items: Mapping[int, str]
    state: State
    head: Step
    binding: Step
    outcomes: Mapping[int, tuple[str, str]] = MappingProxyType({})
    times: Mapping[str, int] = MappingProxyType({})
    resume: str = ""
    reworks: int = 0
    open: Mapping[str, int] = MappingProxyType({})
    ordered: Mapping[int, int] = MappingProxyType({})
    controlled: Mapping[int, int] = MappingProxyType({})
    asked_due: int = 0
    extensions: int = 0
    suspended_since: int = 0
    suspended_by: str = ""
    suspended_ms: int = 0
    phone_first: bool = False
    oral_consent: bool = False
    former: tuple[str, ...] = ()
    suspended_until: int = 0
    told: Mapping[str, int | str] = MappingProxyType({})

    @property
    def is_open(self) -> bool:
        """Whether anything can still happen."""
        return self.state not in FINAL_STATES

    @property
    def items_without_outcome(self) -> list[int]:
        """Numbers of the items whose outcome is not reported yet."""
        return [number for number in self.items if number not in self.outcomes]

    @property
    def result(self) -> Result | None:
        """The result, once every item has an outcome; a matter without items, such as a 督办, has none."""
        if not self.items or self.items_without_outcome:
            return None
        found = {outcome for outcome, _ in self.outcomes.values() if outcome != Outcome.NOT_NEEDED}
        if found <= {Outcome.DONE}:
            return Result.ALL_DONE
        return Result.NOT_DONE if found == {Outcome.NOT_DONE} else Result.PARTLY_DONE

    @property
    def is_sum_reached(self) -> bool:
        """Whether as much was controlled as was ordered; never where the order names no sums."""
        return bool(self.ordered) and sum(self.controlled.values()) >= sum(self.ordered.values())

    def other_court(self, court: str) -> str:
        """Return the party that is not *court*."""
        return self.receiver if court == self.sender else self.sender


def encode_instruction(instruction: Instruction) -> str:
    """Return the state as JSON text, for keeping beside the history that it was folded from."""
    return _encode(instruction).decode()


def decode_instruction(text: str) -> Instruction:
    """Return the state that `encode_instruction` wrote."""
    return _decode(text)


# A mapping that is shared because it is empty is no dict.
_encode = msgspec.json.Encoder(enc_hook=dict).encode
_decode = msgspec.json.Decoder(Instruction).decode
