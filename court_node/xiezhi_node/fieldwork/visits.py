"""Items that need a visit: what is ordered where, read from the accepted orders of matters worked on here."""

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import Connection, Row, and_, exists, select

from xiezhi.v1 import field_service_pb2 as pb
from xiezhi.v1 import item_pb2, party_pb2
from xiezhi_desk import bodies
from xiezhi_desk.terms import ACTS
from xiezhi_desk.timestamps import to_timestamp
from xiezhi_domain.areas import area_of, visit_key
from xiezhi_domain.errors import DomainError
from xiezhi_domain.terms import Act, State
from xiezhi_journal import tables
from xiezhi_journal.matter import from_row
from xiezhi_node.confidentiality import unmasked
from xiezhi_node.papers.matter_facts import order_of
from xiezhi_node.seat import Seat
from xiezhi_wire.caller import Caller

MOST_MATTERS: Final = 500
ON_SITE: Final = frozenset(
    {Act.SITE_CHECK, Act.LOCATE_PERSON, Act.CONTROL_PERSON, Act.INVESTIGATE, Act.SERVE}
)
"""Acts that need a visit; items of other acts are put on a sheet where somebody asks for it."""
_matter = tables.instruction.c
_visit = tables.field_visit.c


def waiting_visits(
    connection: Connection, caller: Caller, seat: Seat, area: str, due_before: int
) -> list[pb.FieldVisit]:
    """Return the items that wait for a visit, in the order in which they would be visited.

    :param area: text that the area contains; empty for all.
    :param due_before: only matters due before this time (ms); 0 for all.
    """
    worked_on = and_(
        _matter.receiver == seat.court, _matter.state == str(State.IN_PROGRESS), unmasked(caller)
    )
    query = select(tables.instruction).where(worked_on).order_by(_matter.due_at).limit(MOST_MATTERS)
    if due_before:
        query = query.where(_matter.due_at < due_before)
    found = [
        visit
        for row in connection.execute(query).all()
        for visit in visits_of(connection, seat, row)
        if ACTS.from_proto(visit.act, "act") in ON_SITE and area in visit.area
    ]
    return in_order(visit for visit in found if not _is_on_a_sheet(connection, visit))


def in_order(visits: Iterator[pb.FieldVisit]) -> list[pb.FieldVisit]:
    """Return visits in the order of a round: urgent ones of an area first, then along the roads."""

    def key(visit: pb.FieldVisit) -> tuple[Any, ...]:
        area, road = visit_key(visit.address)
        return visit.area or area, not visit.urgent, road, visit.instruction_id, visit.item_number

    return sorted(visits, key=key)


def visits_of(connection: Connection, seat: Seat, row: Row[Any]) -> Iterator[pb.FieldVisit]:
    """Give the items of a matter that have no outcome yet, as visits."""
    view = from_row(row, ()).view
    order = order_of(connection, row.instruction)
    subjects = {subject.number: subject for subject in bodies.subjects_of(order)}
    for item in bodies.items_of(order):
        if view is None or item.number in view.outcomes or not item.act:
            continue
        subject = subjects.get(item.subject_number, party_pb2.Subject())
        address = _address(item, subject)
        visit = pb.FieldVisit(
            instruction_id=row.instruction,
            matter_number=row.number,
            item_number=item.number,
            act=item.act,
            area=area_of(address),
            address=address,
            subject_name=subject.person.name or subject.organisation.name,
            scope=item.scope,
            clue=item.clue,
            risk_note=subject.person.risk_note,
            urgent=row.urgent,
            sender=_court_name(seat, row.sender),
        )
        if row.due_at:
            visit.due_at.CopyFrom(to_timestamp(row.due_at))
        yield visit


def _address(item: item_pb2.Item, subject: party_pb2.Subject) -> str:
    """Return where the visit goes: to the property, the place of service, the body that helps, or the subject."""
    person, company = subject.person, subject.organisation
    known = (
        item.property.immovable.location,
        item.property.place,
        item.service.address,
        item.assisting_body.address,
        person.residence,
        person.registered_address,
        company.business_address,
        company.registered_address,
    )
    return next((address.strip() for address in known if address.strip()), "")


def _is_on_a_sheet(connection: Connection, visit: pb.FieldVisit) -> bool:
    same = _visit.instruction == visit.instruction_id, _visit.item == visit.item_number
    return bool(connection.scalar(select(exists().where(*same, _visit.open))))


def _court_name(seat: Seat, code: str) -> str:
    try:
        return seat.courts.get(code).name
    except DomainError:
        return code
