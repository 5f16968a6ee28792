"""What cannot go over with its case, and why: told with the article, for every kind that a court sends."""

import pytest
from msgspec.structs import replace
from tests.unit.ladder.model import HUB_COURT, ORIGIN, RULES
from tests.unit.ladder.orders import COURTS, facts_of_order, grounds_of

from xiezhi_domain.events.header import Base, Header, Seen
from xiezhi_domain.ladder import Instruction, Step, fold
from xiezhi_domain.rulebook import Side
from xiezhi_domain.terms import EventKind, Kind, State
from xiezhi_hub.orders.staying import goes_by, goes_with_its_case, why_kept

OLD, RECEIVER, NEW = COURTS
AT = 1_767_225_600_000
RULEBOOKS = {RULES.hash: RULES}
STAYS = {Kind.CASE_DELEGATION, "ORDER_REQUEST", "COORDINATION_DISPUTE"}
SENT = [kind for kind, rules in RULES.kinds.items() if rules.start.sides == {Side.SENDER} and rules.papers]


def sent(kind: str, state: State = State.IN_PROGRESS) -> Instruction:
    rules = RULES.rules(kind, OLD, RECEIVER)
    facts = facts_of_order(rules, OLD, AT, **grounds_of(rules, OLD, RECEIVER, AT))
    header = Header(
        "e", "matter", "Issued", OLD, RECEIVER, Base(), Seen(ORIGIN), AT, "key", "", facts, ORIGIN, RULES.hash
    )
    return replace(fold(None, header, Step(1, "e"), AT, RULES), state=state)


@pytest.mark.parametrize("kind", sorted(set(SENT) - STAYS))
def test_what_a_court_has_sent_goes_over(kind: str) -> None:
    assert why_kept(sent(kind), RULEBOOKS, NEW) == ""
    assert goes_with_its_case(sent(kind), OLD)


@pytest.mark.parametrize("kind", sorted(set(SENT) - STAYS - {Kind.DISTRIBUTION}))
def test_what_the_new_court_was_asked_itself_ends_in_its_case(kind: str) -> None:
    assert goes_by(sent(kind), RECEIVER) is EventKind.MERGED
    assert goes_by(sent(kind), NEW) is EventKind.SENDER_TRANSFERRED
    assert why_kept(sent(kind), RULEBOOKS, RECEIVER) == ""


def test_what_was_done_already_is_the_new_courts_own() -> None:
    assert "无需移转" in why_kept(sent(Kind.FIND, State.CONFIRMED), RULEBOOKS, RECEIVER)
    assert "请由该院办结" in why_kept(sent(Kind.HANDOVER, State.DISPOSING), RULEBOOKS, RECEIVER)


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        (Kind.DISTRIBUTION, "列为本院债权"),
        (Kind.CASE_DELEGATION, "原案应销案"),
        ("ORDER_REQUEST", "不能并入受托法院案件"),
    ],
)
def test_what_would_be_lost_with_its_matter_stays(kind: str, told: str) -> None:
    assert told in why_kept(sent(kind), RULEBOOKS, RECEIVER)


def test_a_whole_case_that_was_delegated_stays_by_its_article() -> None:
    assert "委托执行规定 第2条、第9条" in why_kept(sent(Kind.CASE_DELEGATION), RULEBOOKS, NEW)


@pytest.mark.parametrize("state", [State.SUSPENDED, State.AWAITING_SIGNATURE])
def test_it_goes_in_every_state_at_work(state: State) -> None:
    assert why_kept(sent(Kind.FIND, state), RULEBOOKS, HUB_COURT) == ""


def test_what_has_ended_goes_for_its_live_measures_alone() -> None:
    ended = sent(Kind.FIND, State.CONFIRMED)
    assert not goes_with_its_case(ended, OLD)
    assert goes_with_its_case(replace(ended, controlled={1: 5}), OLD)
    assert not goes_with_its_case(replace(ended, controlled={1: 5}, sender=NEW), OLD)
    assert not goes_with_its_case(sent(Kind.FIND, State.WITHDRAWN), OLD)
