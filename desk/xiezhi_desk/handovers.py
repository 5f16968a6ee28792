"""The register of a property, its money and the proof of arrival, read from the events of a handover.

The same at node and hub: both hold the whole history, and the fold is pure (`xiezhi_domain.handover`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from xiezhi.v1 import event_pb2, handover_pb2
from xiezhi_desk.terms import SEIZURE_PURPOSES
from xiezhi_desk.timestamps import to_timestamp
from xiezhi_domain.court_time import to_date
from xiezhi_domain.events.canonical_json import JsonObject
from xiezhi_domain.events.header import decode_header
from xiezhi_domain.handover.proceeds import Proceeds, proceeds_of
from xiezhi_domain.handover.register import Register, Seizure, register_of
from xiezhi_domain.terms import EventKind, SeizurePurpose
from xiezhi_journal.proofs import part_content
from xiezhi_journal.reading import history

SEIZURES_PART: Final = "seizures"
SHARES_PART: Final = "shares"
FIRST_CLAIM_PART: Final = "first_claim"


@dataclass(frozen=True, slots=True)
class HandoverEvent:
    """An event of a handover that holds, or that this court has made and the hub has not ruled on yet.

    `log_index` is -1 while it is pending; `body` is empty where it was not read.
    """

    id: str
    kind: str
    facts: JsonObject
    body: event_pb2.Body
    log_index: int
    ruled_at: int


def handover_events(connection: Connection, instruction: str, *, bodies: bool = False) -> list[HandoverEvent]:
    """Return the events of a matter in their order, refused ones left out."""
    return [
        HandoverEvent(
            row.event_id,
            row.kind,
            decode_header(row.header).facts,
            event_pb2.Body.FromString(row.body or b""),
            row.log_index,
            row.ruled_at,
        )
        for row in history(connection, instruction, bodies=bodies)
        if row.accepted is not False
    ]


def register_from(events: Sequence[HandoverEvent]) -> Register:
    """Return the register that the events have made."""
    return register_of((event.kind, event.facts) for event in events)


def proceeds_from(events: Sequence[HandoverEvent]) -> Proceeds:
    """Return what the events say of the money."""
    return proceeds_of((event.kind, event.facts) for event in events)


def arrival_of(events: Sequence[HandoverEvent]) -> HandoverEvent | None:
    """Return the event that states that the request arrived; None where it has not, or the hub has not ruled on it."""
    arrived = (event for event in events if event.kind == EventKind.DELIVERED and event.log_index >= 0)
    return next(arrived, None)


def to_record(
    events: Sequence[HandoverEvent], now: int, answer_until: int = 0
) -> handover_pb2.HandoverRecord:
    """Return the record as it stands at *now*; names and cases as far as bodies were read.

    *answer_until* is the end of the time to answer, 0 where it does not run. Both are ms since 1970.
    """
    record = handover_pb2.HandoverRecord(
        register=_register(events, now), proceeds=_proceeds(events), first_claim=_first_claim(events)
    )
    arrived = arrival_of(events)
    if arrived is not None:
        record.arrival.event_id, record.arrival.log_index = arrived.id, arrived.log_index
        record.arrival.arrived_at.CopyFrom(to_timestamp(arrived.ruled_at))
        record.arrival.answer_until = str(to_date(answer_until)) if answer_until else ""
    return record


def _register(events: Sequence[HandoverEvent], now: int) -> list[handover_pb2.RegisteredSeizure]:
    register, cases = register_from(events), _cases(events)
    ranks = register.ranks(str(to_date(now)))
    return [
        _seizure(each, ranks.get(each.number, 0), cases.get(each.number, "")) for each in register.seizures
    ]


def _seizure(seizure: Seizure, rank: int, case_number: str) -> handover_pb2.RegisteredSeizure:
    stated = seizure.stated
    return handover_pb2.RegisteredSeizure(
        seizure=handover_pb2.HandoverSeizure(
            number=stated.number,
            court=stated.court,
            purpose=SEIZURE_PURPOSES.to_proto(SeizurePurpose(stated.purpose)),
            seized_on=stated.seized_on,
            expires_on=stated.expires_on,
            case_number=case_number,
        ),
        rank=rank,
        expires_on=seizure.expires_on,
        renewals=[
            handover_pb2.HandoverRenewal(renewed_on=each.renewed_on, expires_on=each.expires_on)
            for each in seizure.renewals
        ],
        lifted_on=seizure.lifted_on,
    )


def _cases(events: Sequence[HandoverEvent]) -> dict[int, str]:
    """Return the case of each seizure, as it was stated first."""
    found: dict[int, str] = {}
    for event in events:
        listed = handover_pb2.HandoverSeizureList.FromString(part_content(event.body, SEIZURES_PART))
        for each in listed.seizures:
            found.setdefault(each.number, each.case_number)
    return found


def _proceeds(events: Sequence[HandoverEvent]) -> handover_pb2.HandoverProceeds:
    proceeds, claimants = proceeds_from(events), _claimants(events)
    return handover_pb2.HandoverProceeds(
        disposed_fen=proceeds.disposed,
        costs_fen=proceeds.costs,
        shares=[
            handover_pb2.ClaimShare(number=number, amount_fen=fen, claimant=claimants.get(number, ""))
            for number, fen in proceeds.shares
        ],
        reserved_fen=proceeds.reserved,
        remainder_fen=proceeds.remainder,
        released_fen=proceeds.released,
        returned_fen=proceeds.returned,
        held_fen=proceeds.held,
    )


def _claimants(events: Sequence[HandoverEvent]) -> dict[int, str]:
    listed = (
        handover_pb2.ClaimShareList.FromString(part_content(event.body, SHARES_PART)) for event in events
    )
    return {each.number: each.claimant for shares in listed for each in shares.shares}


def _first_claim(events: Sequence[HandoverEvent]) -> handover_pb2.FirstClaim | None:
    handed = [event for event in events if event.kind == EventKind.HANDED_OVER]
    if not handed:
        return None
    return handover_pb2.FirstClaim.FromString(part_content(handed[-1].body, FIRST_CLAIM_PART))
