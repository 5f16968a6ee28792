"""One matter as the superior decides on it: where it stands, what may be done in it, what the courts wrote."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection

from xiezhi.v1 import event_pb2, instruction_pb2
from xiezhi.v1 import superior_service_pb2 as pb
from xiezhi_desk.terms import ACTIONS, APPEALS
from xiezhi_desk.timelines import to_entry
from xiezhi_domain.errors import NotFound, Reason
from xiezhi_domain.ladder import Instruction
from xiezhi_domain.ladder.offering import Stand, why_not
from xiezhi_domain.rulebook import Rulebook
from xiezhi_hub.confidentiality import Reader, find_matter
from xiezhi_hub.ruling.rule import Seat
from xiezhi_hub.supervision.summary import to_summary
from xiezhi_journal.clockwork import read_published_calendar
from xiezhi_journal.matter import Rulebooks
from xiezhi_journal.reading import history, is_overdue, read_accepted, read_summary


@dataclass(frozen=True, slots=True)
class Looking:
    """Who looks, at the hub, and when (ms)."""

    seat: Seat
    rulebooks: Rulebooks
    reader: Reader
    now: int


def read_matter(connection: Connection, looking: Looking, wanted: str) -> pb.GetMatterResponse:
    """Return the matter of this id or number, without names and words.

    :raises NotFound: UNKNOWN_INSTRUCTION.
    """
    instruction = find_matter(connection, wanted, looking.reader)
    row = read_summary(connection, instruction)
    accepted = read_accepted(connection, instruction)
    if row is None or accepted is None:
        raise NotFound(Reason.UNKNOWN_INSTRUCTION)
    calendar = read_published_calendar(connection).calendar
    court, origin = looking.seat.court, looking.seat.origin
    stand = Stand(court, court, origin, looking.reader.roles, calendar, looking.now)
    return pb.GetMatterResponse(
        matter=instruction_pb2.Instruction(
            summary=to_summary(row, late=is_overdue(row, looking.now)),
            rulebook=accepted.rulebook,
            hub_origin=accepted.hub,
            limit_days=accepted.limit_days,
            actions=offers(accepted, looking.rulebooks[accepted.rulebook], stand),
        ),
        timeline=timeline(connection, instruction, looking.rulebooks, bodies=False),
        appeals=APPEALS.all_to_proto(row.appeals),
    )


def offers(matter: Instruction, rulebook: Rulebook, stand: Stand) -> Iterator[instruction_pb2.ActionOffer]:
    """Give each action that people of the superior have in a matter once, in the order of the rulebook.

    Where the state chooses between several moves of one action, any that is possible will do.
    """
    found: dict[int, instruction_pb2.ActionOffer] = {}
    for move in rulebook.rules(matter.kind, matter.sender, matter.receiver).moves.values():
        if move.action is None or move.starts or not stand.is_side_of(move, matter):
            continue
        why = why_not(move, matter, rulebook, stand)
        number = ACTIONS.to_proto(move.action)
        if not why or number not in found:
            found[number] = instruction_pb2.ActionOffer(action=number, allowed=not why, why_not=why)
    yield from found.values()


def timeline(
    connection: Connection, instruction: str, rulebooks: Rulebooks, *, bodies: bool
) -> list[event_pb2.TimelineEntry]:
    """Return what happened, in the order of the log; without *bodies* neither who did it nor what was written."""
    matter = read_accepted(connection, instruction)
    rules = None
    if matter is not None and matter.rulebook in rulebooks:
        rules = rulebooks[matter.rulebook].rules(matter.kind, matter.sender, matter.receiver)
    entries = [to_entry(row, rules) for row in history(connection, instruction, bodies=bodies)]
    if not bodies:
        for entry in entries:
            entry.ClearField("text")
    return entries
