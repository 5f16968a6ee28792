"""Every fen of the proceeds is accounted for."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.unit.ladder.model import HUB_COURT, ORIGIN, RULES
from tests.unit.ladder.orders import COURTS
from tests.unit.ladder.ways import START, Order

from xiezhi_domain.calendar import shipped_calendar
from xiezhi_domain.events.header import Base, Header, Seen
from xiezhi_domain.handover.proceeds import proceeds_of
from xiezhi_domain.ladder import Footing, Instruction, Standing, Step, decide, fold
from xiezhi_domain.terms import EventKind, State

FEN = st.integers(0, 10**14)


def history(*, disposed, costs, shares, reserved, remainder, distributed="2026-11-22"):
    facts = {
        "disposed": disposed,
        "costs": costs,
        "shares": [[n, fen] for n, fen in enumerate(shares, 1)],
        "reserved": reserved,
        "remainder": remainder,
        "distributed": distributed,
    }
    return [(EventKind.PROCEEDS_DISTRIBUTED, facts)]


@given(FEN, st.lists(FEN, max_size=6), FEN, FEN, st.data())
def test_what_was_distributed_makes_up_what_came_in(costs, shares, reserved, remainder, data) -> None:
    disposed = costs + sum(shares) + reserved + remainder
    events = history(disposed=disposed, costs=costs, shares=shares, reserved=reserved, remainder=remainder)
    proceeds = proceeds_of(events)
    assert proceeds.is_balanced
    assert (proceeds.distributed, proceeds.held) == (sum(shares), reserved)
    released = data.draw(st.integers(0, reserved))
    facts = {
        "reserved": reserved,
        "released": released,
        "returned": reserved - released,
        "decided": "2026-12-01",
    }
    after = proceeds_of([*events, (EventKind.RESERVE_RELEASED, facts)])
    assert after.is_balanced
    assert after.held == 0
    assert after.released + after.returned == reserved


def a_header(kind: str, facts: dict, base: Base, **more: str) -> Header:
    return Header(
        id=f"event-{kind}",
        instruction="matter",
        kind=kind,
        sender=COURTS[0],
        to=COURTS[1],
        base=base,
        seen=Seen(ORIGIN),
        at=START,
        key="key",
        body="",
        facts=facts,
        **more,
    )


def disposed_of(fen: int) -> Instruction:
    """A matter whose property was sold for *fen*."""
    order = Order(COURTS[0], COURTS[1])
    facts = order.facts(RULES.rules("HANDOVER", *COURTS[:2]), START)
    header = a_header("Issued", facts, Base(), hub=ORIGIN, rulebook=RULES.hash)
    view = fold(None, header, Step(1, "event-Issued"), START, RULES)
    return replace(view, state=State.DISPOSED, told={"DisposalReported.disposed": fen})


@given(FEN, FEN, FEN, FEN, st.integers(-3, 3))
def test_a_distribution_that_loses_or_makes_a_fen_is_refused(costs, share, reserved, remainder, off) -> None:
    total = costs + share + reserved + remainder
    [(kind, facts)] = history(
        disposed=max(0, total + off), costs=costs, shares=[share], reserved=reserved, remainder=remainder
    )
    header = a_header(kind, {**facts, "role": "JUDGE"}, Base("event-Issued", 1))
    refusal = decide(
        disposed_of(max(0, total + off)),
        header,
        Footing(Standing.HEAD, 1),
        RULES,
        HUB_COURT,
        shipped_calendar(),
    )
    assert (refusal is None) == (max(0, total + off) == total)
