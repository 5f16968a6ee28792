"""What a later step says of an earlier one is held against what that one said, whoever says it and whatever is due."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.ladder.model import CALENDAR, HUB_COURT, ORIGIN, RULES
from tests.unit.ladder.orders import COURTS, DAY, content_of, facts_of_order, grounds_of

from xiezhi_domain.errors import Reason
from xiezhi_domain.events.header import Base, Header, Seen
from xiezhi_domain.ladder import Footing, Standing, Step, decide, fold
from xiezhi_domain.ladder.instruction import decode_instruction, encode_instruction
from xiezhi_domain.terms import Kind

ASKING, FIRST = COURTS[0], COURTS[1]
START = 1_767_225_600_000
FEN = st.integers(0, 10**13)


def an_id(number: int) -> str:
    return f"00000000-0000-7000-8000-{number:012d}"


class Handover:
    """One handover; each step as the rulebook lets a court fill it in, but for what a test says."""

    def __init__(self) -> None:
        self.now, self.view = START, None
        rules = RULES.rules(Kind.HANDOVER, ASKING, FIRST)
        facts = facts_of_order(rules, ASKING, START, **grounds_of(rules, ASKING, FIRST, START))
        days = rules.limits["handle"].amount
        self.take(self.header("Issued", ASKING, FIRST, {**facts, "due": START + days * DAY}))

    def header(self, kind: str, sender: str, to: str, facts: dict) -> Header:
        seq = self.view.head.seq if self.view else 0
        base = Base(self.view.head.id, seq, "") if self.view else Base()
        more = {} if self.view else {"hub": ORIGIN, "rulebook": RULES.hash}
        identifier = an_id(seq + 1)
        return Header(
            identifier, "matter", kind, sender, to, base, Seen(ORIGIN), self.now, "key", "", facts, **more
        )

    def judge(self, header: Header):
        standing = Footing(Standing.HEAD, self.view.head.seq if self.view else 0)
        return decide(self.view, header, standing, RULES, HUB_COURT, CALENDAR)

    def take(self, header: Header) -> None:
        assert self.judge(header) is None, (header.kind, self.judge(header))
        seq = self.view.head.seq + 1 if self.view else 1
        self.view = fold(self.view, header, Step(seq, header.id), self.now, RULES)

    def draft(self, kind: str, **facts: object) -> Header:
        move = RULES.rules(Kind.HANDOVER, ASKING, FIRST).moves[kind]
        side = ASKING if "sender" in {str(each) for each in move.sides} else FIRST
        court = HUB_COURT if "superior" in {str(each) for each in move.sides} else side
        to, filled = content_of(self.view, court, move, self.now)
        return self.header(kind, court, to, {**filled, **facts})

    def tell(self, kind: str, **facts: object) -> "Handover":
        self.now += DAY
        self.take(self.draft(kind, **facts))
        return self

    def refused(self, kind: str, **facts: object):
        refusal = self.judge(self.draft(kind, **facts))
        return refusal and (refusal.reason, refusal.detail, bool(refusal.source))


def disposed(fen: int) -> Handover:
    handover = Handover().tell("Delivered").tell("Signed").tell("HandoverAgreed")
    return handover.tell("HandedOver").tell("RegistryChanged").tell("DisposalReported", disposed=fen)


@given(FEN, FEN)
def test_what_is_distributed_is_what_the_disposal_brought(reported: int, distributed: int) -> None:
    sums = {"disposed": distributed, "costs": 0, "shares": [], "reserved": 0, "remainder": distributed}
    refused = disposed(reported).refused("ProceedsDistributed", **sums)
    assert refused == (None if reported == distributed else (Reason.INVALID_FIELD, "disposed", True))


@given(FEN, FEN)
def test_what_is_released_is_what_was_reserved(reserved: int, told: int) -> None:
    sums = {"disposed": reserved, "costs": 0, "shares": [], "reserved": reserved, "remainder": 0}
    handover = disposed(reserved).tell("ProceedsDistributed", **sums)
    refused = handover.refused("ReserveReleased", reserved=told, released=told, returned=0)
    assert refused == (None if reserved == told else (Reason.INVALID_FIELD, "reserved", True))


@pytest.mark.parametrize("number", [1, 3, 999])
def test_the_proof_of_arrival_is_the_arrival(number: int) -> None:
    handover = Handover().tell("Delivered")
    handover.now += 30 * DAY
    assert handover.refused("HandoverEscalated", arrival=an_id(number)) == (
        Reason.INVALID_FIELD,
        "arrival",
        True,
    )
    assert handover.refused("HandoverEscalated", arrival=an_id(2)) is None


def test_what_has_to_be_repeated_is_kept_with_the_state() -> None:
    view = disposed(5).view
    assert view.told == {"Delivered": an_id(2), "DisposalReported.disposed": 5}
    assert decode_instruction(encode_instruction(view)) == view


def test_an_elevated_handover_waits_for_its_ruling_once() -> None:
    handover = Handover().tell("Delivered")
    handover.now += 30 * DAY
    handover.tell("HandoverEscalated").tell("DisposalElevated")
    assert handover.view.open.keys() == {"ruling"}
    handover.tell("DisposalOrderIssued", orders=[an_id(77)])
    assert not handover.view.open
    assert handover.refused("DisposalOrderIssued", orders=[an_id(77)])[0] is Reason.WRONG_STATE
