"""What moves do beyond leading to a state: overlays, parties, pauses, deadlines."""

from typing import cast

from msgspec.structs import replace

from xiezhi_domain.events.header import Header
from xiezhi_domain.ladder.instruction import Instruction
from xiezhi_domain.rulebook.model import Move, NewDue, Party


def with_effects(after: Instruction, header: Header, move: Move, at: int) -> Instruction:
    """Return the instruction with the effects of *move*, which happened at *at* (ms)."""
    if move.opens or move.closes:
        after = replace(after, open=_overlays(after, move, at))
    if move.keeps:
        after = replace(after, told={**after.told, **_told(header, move)})
    if move.pauses:
        after = replace(after, suspended_since=at, suspended_by=header.sender)
    elif move.unpauses:
        paused = after.suspended_ms + at - after.suspended_since
        after = replace(after, suspended_since=0, suspended_by="", suspended_until=0, suspended_ms=paused)
    if move.lasts:
        after = replace(after, suspended_until=cast("int", header.facts.get("until", 0)))
    if move.forgets:
        times = {kind: when for kind, when in after.times.items() if kind not in move.forgets}
        after = replace(after, times=times)
    if move.changes is not None:
        after = _with_party(after, header, move, at)
    if move.makes_ordinary:
        after = replace(after, urgent=False)
    return _with_due(after, header, move) if "due" in header.facts else after


def _told(header: Header, move: Move) -> dict[str, int | str]:
    """Return what later moves have to repeat of this one."""
    named = {kept: kept.partition(".")[2] for kept in move.keeps}
    return {
        kept: cast("int | str", header.facts[fact]) if fact else header.id for kept, fact in named.items()
    }


def _overlays(after: Instruction, move: Move, at: int) -> dict[str, int]:
    still = {name: since for name, since in after.open.items() if name not in move.closes}
    return {**still, move.opens: at} if move.opens else still


def _with_party(after: Instruction, header: Header, move: Move, at: int) -> Instruction:
    """Put the addressed court in a party's place. A new receiver begins afresh, as if it had just been issued.

    What the former court has suspended is its successor's to lift: nobody waits for a court that is no party any more.
    """
    leaving = after.sender if move.changes is Party.SENDER else after.receiver
    if after.suspended_by == leaving:
        after = replace(after, suspended_by=header.to)
    if move.changes is Party.SENDER:
        return replace(after, sender=header.to, former=(*after.former, after.sender))
    first = min(after.times, key=after.times.__getitem__)
    return replace(
        after,
        receiver=header.to,
        former=(*after.former, after.receiver),
        times={first: after.times[first], move.kind: at},
        resume="",
    )


def _with_due(after: Instruction, header: Header, move: Move) -> Instruction:
    due = cast("int", header.facts["due"])
    if move.due is None:
        return replace(after, asked_due=due)
    return replace(after, due=due, extensions=after.extensions + (move.due is NewDue.EXTEND))
