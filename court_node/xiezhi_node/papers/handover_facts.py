"""What letters about a handover can say: the property, the ground with its tests, the register of seizures."""

from typing import Final

from sqlalchemy import Connection

from xiezhi.v1 import handover_pb2
from xiezhi_desk.handovers import handover_events, to_record
from xiezhi_desk.terms import SEIZURE_PURPOSES
from xiezhi_node.ordering.order_type import OrderMessage
from xiezhi_node.papers.matter_facts import Facts
from xiezhi_node.seat import Seat
from xiezhi_papers.letters.rows import SeizureLine
from xiezhi_papers.letters.words import listed, money

_NOTHING: Final[Facts] = {}


def handover_facts(
    connection: Connection, order: OrderMessage, instruction: str, seat: Seat, now: int
) -> Facts:
    """Return what letters about a handover can say beside what all can; nothing for another kind.

    Before it is sent the request itself states the seizures, afterwards the register of the property does.
    """
    if not isinstance(order, handover_pb2.HandoverOrder):
        return _NOTHING
    events = handover_events(connection, instruction, bodies=True)
    register = list(to_record(events, now).register)
    if not register:
        stated = sorted(order.seizures, key=lambda each: each.seized_on)
        register = [
            handover_pb2.RegisteredSeizure(seizure=each, rank=rank, expires_on=each.expires_on)
            for rank, each in enumerate(stated, 1)
        ]
    ground = seat.rulebook.kind("HANDOVER").grounds.get(order.basis)
    right = order.right
    return {
        "property": listed([order.property.description, order.property.place]),
        "effective_document": order.effective_document,
        "claim": money(order.claim_fen) if order.claim_fen else "",
        "right": listed([right.kind, right.registration_number, right.rank]),
        "basis": ground.citation.source if ground else "",
        "tests": tuple(test.title for test in ground.tests) if ground else (),
        "seizures": tuple(_line(each, seat) for each in register),
    }


def _line(each: handover_pb2.RegisteredSeizure, seat: Seat) -> SeizureLine:
    stated = each.seizure
    waits = f"轮候第{each.rank - 1}位" if each.rank > 1 else "已失效"
    return SeizureLine(
        rank="首封" if each.rank == 1 else waits,
        court=seat.courts.get(stated.court).name if stated.court in seat.courts else stated.court,
        purpose=SEIZURE_PURPOSES.from_proto(stated.purpose, "purpose").zh if stated.purpose else "",
        case_number=stated.case_number,
        seized_on=stated.seized_on,
        expires_on=f"{each.lifted_on}解封" if each.lifted_on else each.expires_on or "自生效起算",
    )
