"""Cases proposed for 交叉执行 from what the hub has: keyed hashes of debtors, headers of matters; no names."""

import hashlib
from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection, select

from xiezhi.v1 import order_pb2
from xiezhi.v1 import order_service_pb2 as pb
from xiezhi_domain.errors import NotFound, Reason
from xiezhi_domain.events.header import decode_header
from xiezhi_domain.orders.candidates import (
    OpenCase,
    Selector,
    busiest_court,
    is_idle,
    same_debtors,
    shipped_selectors,
    standing_of,
)
from xiezhi_domain.rulebook.describe import source_of
from xiezhi_domain.terms import EventKind, Kind
from xiezhi_hub.confidentiality import Reader
from xiezhi_hub.ruling.rule import Seat
from xiezhi_journal import tables
from xiezhi_journal.reading import history, read_summary

MOST: Final = 200
_mark = tables.party_mark.c


def list_candidates(
    connection: Connection, seat: Seat, reader: Reader, now: int, wanted: int = 0
) -> list[pb.Candidate]:
    """Return candidates as they stand at *now* (ms), of the selector *wanted*, or of any; at most 200.

    None comes of a matter that *reader* may not know of.
    """
    found: list[pb.Candidate] = []
    if wanted in (0, pb.SELECTOR_SAME_DEBTOR):
        found += _same_debtors(connection)
    if wanted in (0, pb.SELECTOR_IDLE_PROPERTY):
        found += _idle_property(connection, seat, reader, now)
    return found[:MOST]


def get_candidate(
    connection: Connection, seat: Seat, reader: Reader, now: int, candidate_id: str
) -> pb.Candidate:
    """Return one of them.

    :raises NotFound: there is none of this id any more.
    """
    for candidate in list_candidates(connection, seat, reader, now):
        if candidate.candidate_id == candidate_id:
            return candidate
    raise NotFound(Reason.UNKNOWN_INSTRUCTION, "该候选案件已有变化，请刷新列表")


def drafted(candidate: pb.Candidate, new_court: str) -> order_pb2.CourtOrder:
    """Return the order that *candidate* suggests, to be completed by people."""
    court = new_court or candidate.suggested_court
    same_debtor = candidate.selector == pb.SELECTOR_SAME_DEBTOR
    # A court keeps what it has already: the order is about the cases of the others.
    cases = [case for case in candidate.cases if case.court != court]
    return order_pb2.CourtOrder(
        kind=Kind.ORDER_CONCENTRATE if same_debtor and len(cases) > 1 else Kind.ORDER_CROSS,
        subject="关于同一被执行人系列案件集中执行的决定" if same_debtor else "关于交叉执行的决定",
        about="RELATED_CASES" if same_debtor else "PASSIVE",
        ground=candidate.reason,
        cases=[order_pb2.OrderedCase(court=each.court, case_number=each.case_number) for each in cases],
        new_court=court,
    )


def _same_debtors(connection: Connection) -> Iterator[pb.Candidate]:
    selector = shipped_selectors()["same_debtor"]
    query = select(_mark.mark, _mark.court, _mark.case_number).where(_mark.debtor)
    rows = ((row.mark, OpenCase(row.court, row.case_number)) for row in connection.execute(query))
    for cases in same_debtors(rows, selector):
        courts = len({case.court for case in cases})
        yield _candidate(
            pb.SELECTOR_SAME_DEBTOR,
            cases,
            f"同一被执行人在 {courts} 个法院有 {len(cases)} 件未结案件（{_threshold(selector)}）",
            suggested_court=busiest_court(cases),
        )


def _idle_property(connection: Connection, seat: Seat, reader: Reader, now: int) -> Iterator[pb.Candidate]:
    selectors = shipped_selectors()
    idle, quiet = selectors["idle_property"], selectors["no_progress"]
    event = tables.event.c
    urged = select(event.instruction).where(event.kind == EventKind.SUPERVISED).distinct()
    for instruction in sorted(reader.known(connection, set(connection.scalars(urged)))):
        rows = [row for row in history(connection, instruction) if row.accepted]
        headers = [decode_header(row.header) for row in rows]
        standing = standing_of((each.kind, each.at, each.facts) for each in headers)
        row = read_summary(connection, instruction)
        if row is None or not is_idle(standing, now, idle, quiet) or row.sender == seat.court:
            continue
        yield _candidate(
            pb.SELECTOR_IDLE_PROPERTY,
            (OpenCase(row.sender, row.case_number),),
            f"财产控制后超过 {idle.days} 日未处置，督办后 {quiet.days} 日没有进展（{_threshold(idle)}）",
            matter_number=row.number,
        )


def _threshold(selector: Selector) -> str:
    return f"依据：{source_of(selector.citation)}"


def _candidate(
    selector: pb.Selector.ValueType, cases: tuple[OpenCase, ...], reason: str, **more: str
) -> pb.Candidate:
    named = "\n".join(f"{case.court} {case.number}" for case in cases)
    digest = hashlib.sha256(f"{selector}\n{named}\n{more.get('matter_number', '')}".encode()).hexdigest()
    return pb.Candidate(
        candidate_id=digest[:32],
        selector=selector,
        reason=reason,
        cases=[pb.CandidateCase(court=case.court, case_number=case.number) for case in cases],
        **more,
    )
