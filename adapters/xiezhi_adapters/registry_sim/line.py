"""The seizures on one property in their line: the first stands, the others wait behind it (轮候).

What waits takes effect by itself when the one before it ends, and its period begins then (查封规定 第26条).
"""

from datetime import date, timedelta

from xiezhi.v1 import registry_pb2

Seizures = list[registry_pb2.Seizure]


def join(line: Seizures, seizure: registry_pb2.Seizure) -> None:
    """Put a seizure at the end of the line; behind others it waits."""
    if line:
        seizure.kind = registry_pb2.SEIZURE_KIND_WAITING
    line.append(seizure)
    seizure.rank = len(line)


def leave(line: Seizures, seizure: registry_pb2.Seizure, day: str) -> None:
    """Take a seizure out of the line on *day*; those behind it move up."""
    line[:] = [each for each in line if each is not seizure]
    _move_up(line, day)


def lapse(line: Seizures, day: str) -> None:
    """Take out what has run out before *day*. What waits does not run out: its period has not begun."""
    while line and line[0].expires_on and line[0].expires_on < day:
        leave(line, line[0], str(date.fromisoformat(line[0].expires_on) + timedelta(1)))


def _move_up(line: Seizures, day: str) -> None:
    for rank, each in enumerate(line, 1):
        each.rank = rank
    if line and line[0].kind == registry_pb2.SEIZURE_KIND_WAITING:
        first = line[0]
        first.kind = registry_pb2.SEIZURE_KIND_SEALED
        if first.expires_on:
            ordered = date.fromisoformat(first.expires_on) - date.fromisoformat(first.starts_on)
            first.expires_on = str(date.fromisoformat(day) + ordered)
        first.starts_on = day
