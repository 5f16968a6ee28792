"""The deadlines of a whole history, however its events came in."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from xiezhi_domain.clocks.deadline import Clocks, Deadline
from xiezhi_domain.clocks.moment import Setting, moment_of
from xiezhi_domain.clocks.plan import plan_of
from xiezhi_domain.clocks.run import advance
from xiezhi_domain.events.header import Header
from xiezhi_domain.ladder import Instruction, Step, fold
from xiezhi_domain.rulebook.model import Rulebook


class Accepted(NamedTuple):
    """An accepted event: its number in the matter, its header, the hub's time of the ruling (ms)."""

    seq: int
    header: Header
    at: int


class Stage(NamedTuple):
    """What a matter and its deadlines were from one event (at `at`, ms) to the next."""

    at: int
    after: Instruction
    clocks: Clocks


def stages_of(
    history: Iterable[Accepted], rulebooks: Mapping[str, Rulebook], setting: Setting
) -> Iterator[Stage]:
    """Yield what each event made of a matter and its deadlines.

    The events may come in any order and more than once; they count in the order of their numbers.

    :raises FormatError: the events are no history.
    :raises KeyError: the rulebook that the matter pins is not among *rulebooks*.
    """
    events = sorted({event.seq: event for event in history}.values())
    after: Instruction | None = None
    clocks: Clocks | None = None
    for seq, header, at in events:
        rulebook = rulebooks[after.rulebook if after else header.rulebook]
        after = fold(after, header, Step(seq, header.id), at, rulebook)
        plan = plan_of(rulebook.rules(after.kind, after.sender, after.receiver))
        clocks = advance(clocks, moment_of(header, at, after), plan, setting)
        yield Stage(at, after, clocks)


def deadlines_of(
    history: Iterable[Accepted], rulebooks: Mapping[str, Rulebook], setting: Setting
) -> tuple[Deadline, ...]:
    """Return the deadlines that a history has made: duties only, by clock in the order of their rounds.

    :raises FormatError: as `stages_of`.
    """
    last: Stage | None = None
    for stage in stages_of(history, rulebooks, setting):
        last = stage
    if last is None:
        return ()
    after = last.after
    rules = rulebooks[after.rulebook].rules(after.kind, after.sender, after.receiver)
    duties = plan_of(rules).duties
    return tuple(each for each in last.clocks.deadlines if each.clock in duties)
