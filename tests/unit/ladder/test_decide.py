import itertools

import pytest
from msgspec.structs import replace
from tests.unit.ladder.histories import (
    AT,
    RECEIVER,
    SENDER,
    STRANGER,
    header,
    judged,
    matter,
    reason,
    step,
    with_facts,
)
from tests.unit.ladder.model import HUB_COURT, RULES
from tests.unit.ladder.moves import BOTH, CHANGES_NOTHING, EVERY_OUTCOME, EXACT, ISSUERS, MOVES, facts_of
from tests.unit.ladder.remedies import REMEDIES

from xiezhi_domain.errors import Reason
from xiezhi_domain.events.header import Base
from xiezhi_domain.ladder import FINAL_STATES, Footing, Refusal, Standing
from xiezhi_domain.terms import Role, State

SIDES = ("sender", "receiver", "hub")
BY_KIND = [(kind, *move) for kind, move in MOVES.items()]
DAY = 86_400_000
ON_HEAD = Footing(Standing.HEAD, 3)


def allowed(kind):
    """A header of *kind* that is right in every respect, and a state in which it is."""
    sides, roles, ways = MOVES[kind]
    return header(kind, min(sides), min(roles, default="")), min(ways)


def test_the_table_is_the_whole_rulebook():
    moves = RULES.kind("FIND").moves
    assert moves.keys() == MOVES.keys() | REMEDIES.keys() | {"Issued"}
    assert {kind for kind in MOVES if moves[kind].exact} == EXACT
    assert {kind for kind in MOVES if moves[kind].commutes} == CHANGES_NOTHING


@pytest.mark.parametrize("kind", REMEDIES)
def test_the_table_of_remedies(kind):
    move = RULES.kind("FIND").moves[kind]
    sides, origins, to = REMEDIES[kind]
    assert (move.sides, move.origins, move.to) == (sides, origins, to)
    assert move.citation.source


@pytest.mark.parametrize("kind", MOVES)
def test_each_move_by_every_side_role_and_state(kind):
    sides, roles, ways = MOVES[kind]
    for side, role, state in itertools.product(SIDES, ["", *Role], State):
        expected = None
        if side not in sides:
            expected = Reason.WRONG_COURT
        elif role not in (roles or {""}):
            expected = Reason.WRONG_ROLE
        elif state not in ways:
            expected = Reason.WRONG_STATE
        assert reason(matter(state), header(kind, side, role)) == expected, (side, role, state)


@pytest.mark.parametrize("role", ["", *Role])
def test_who_may_issue(role):
    expected = None if role in ISSUERS else Reason.WRONG_ROLE
    assert reason(None, header("Issued", role=role)) == expected


@pytest.mark.parametrize("kind", MOVES)
def test_courts_that_are_no_party(kind):
    made, state = allowed(kind)
    assert reason(matter(state), replace(made, sender=STRANGER)) == Reason.WRONG_COURT
    assert reason(matter(state), replace(made, to=STRANGER)) == Reason.WRONG_COURT
    if made.sender != HUB_COURT:
        assert reason(matter(state), replace(made, to=made.sender)) == Reason.WRONG_COURT


def test_a_hub_court_that_is_a_party_makes_its_own_moves_too():
    made = replace(header("Withdrawn", role="JUDGE"), sender=HUB_COURT)
    assert reason(matter(sender=HUB_COURT), made) is None
    undelivered = replace(header("Undelivered"), sender=HUB_COURT)
    assert reason(matter(sender=HUB_COURT), undelivered) is None


def test_a_role_that_is_no_text_is_no_role():
    made = with_facts(header("Confirmed"), role=["JUDGE"])
    assert reason(matter(State.REPORTED), made) == Reason.WRONG_ROLE


@pytest.mark.parametrize("kind", [*MOVES, "Issued", "FromALaterVersion"])
@pytest.mark.parametrize("state", sorted(FINAL_STATES))
def test_nothing_happens_after_a_final_state(kind, state):
    sides, roles, _ = MOVES.get(kind, (BOTH, ISSUERS, {}))
    made = header(kind, min(sides), min(roles, default=""))
    assert judged(matter(state, seq=4), made) == Refusal(Reason.WRONG_STATE, "event-4")


@pytest.mark.parametrize("kind", [*MOVES, "FromALaterVersion"])
def test_nothing_happens_before_the_matter_begins(kind):
    made = header(kind, role="JUDGE", rulebook=RULES.hash)
    assert reason(None, replace(made, facts=facts_of("Issued", "JUDGE"))) == Reason.WRONG_STATE


def test_a_matter_begins_once():
    again = header("Issued", role="CENTRE_OFFICER")
    assert reason(matter(), again) == Reason.WRONG_STATE


@pytest.mark.parametrize("kind", MOVES)
def test_standing_of_the_base(kind):
    made, state = allowed(kind)
    before = matter(state, seq=3)
    assert judged(before, made, Footing(Standing.REFUSED, winner="w")) == Refusal(Reason.BASE_REFUSED, "w")
    assert judged(before, made, Footing(Standing.UNKNOWN)) == Refusal(Reason.BASE_UNKNOWN)
    assert reason(before, replace(made, base=replace(made.base, id=""))) == Reason.BASE_UNKNOWN
    expected = Refusal(Reason.STALE_BASE, "event-3") if kind in EXACT else None
    assert judged(before, made, Footing(Standing.BEHIND, 2)) == expected


@pytest.mark.parametrize("kind", sorted(EXACT))
def test_an_exact_move_ignores_what_commutes(kind):
    made, state = allowed(kind)
    before = matter(state, head=step(5), binding=step(2))
    assert reason(before, made, Footing(Standing.BEHIND, 2)) is None
    assert reason(before, made, Footing(Standing.BEHIND, 4)) is None
    assert judged(before, made, Footing(Standing.BEHIND, 1)) == Refusal(Reason.STALE_BASE, "event-2")


def test_a_wrong_state_is_told_before_a_stale_base():
    made, _ = allowed("Confirmed")
    assert reason(matter(State.REWORK, seq=3), made, Footing(Standing.BEHIND, 1)) == Reason.WRONG_STATE


def test_a_return_needs_contact_first():
    made, state = allowed("Returned")
    silent = matter(state, times={"Issued": 1})
    refused = judged(silent, made)
    assert refused == Refusal(Reason.WRONG_STATE, detail="after")
    assert (refused.text, refused.source) == ("此前应先进行“记录沟通”", "法发〔2017〕27号 第9条、第10条")


def test_a_completion_needs_every_outcome():
    made, state = allowed("Completed")
    half = with_facts(made, outcomes=[[2, "NOT_NEEDED", ""]])
    assert reason(matter(state), half) == Reason.OUTCOMES_MISSING
    assert reason(matter(state, outcomes={1: ("DONE", "")}), half) is None
    assert reason(matter(state), with_facts(made, outcomes=[])) == Reason.OUTCOMES_MISSING


def test_progress_may_state_some_outcomes():
    made, state = allowed("ProgressReported")
    assert reason(matter(state), with_facts(made, outcomes=[[1, "DONE", ""]])) is None


@pytest.mark.parametrize("kind", sorted(MOVES.keys() - {"Completed", "ProgressReported"}))
def test_no_other_move_states_outcomes(kind):
    made, state = allowed(kind)
    told = with_facts(made, outcomes=EVERY_OUTCOME)
    assert reason(matter(state), told) == Reason.MALFORMED


@pytest.mark.parametrize("kind", sorted(MOVES.keys() - {"ResultRejected"}))
def test_no_other_move_rejects_results(kind):
    made, state = allowed(kind)
    told = with_facts(made, rejections=[[1, "NOT_AS_ORDERED"]])
    assert reason(matter(state), told) == Reason.MALFORMED


@pytest.mark.parametrize(
    ("kind", "facts", "detail"),
    [
        ("Completed", {"outcomes": [*EVERY_OUTCOME, [3, "DONE", ""]]}, "items"),
        ("Completed", {"outcomes": [[1, "DONE", ""], [2, "NOT_DONE", ""]]}, "reason"),
        ("ProgressReported", {"outcomes": [[2, "NOT_DONE", ""]]}, "reason"),
        ("ResultRejected", {"rejections": []}, "rejections"),
        ("ResultRejected", {"rejections": [[3, "NOT_AS_ORDERED"]]}, "items"),
    ],
)
def test_items_of_a_report(kind, facts, detail):
    made, state = allowed(kind)
    assert judged(matter(state), with_facts(made, **facts)) == Refusal(Reason.INVALID_FIELD, detail=detail)


NO_OUTCOMES = [1, "x", [], [1], [1, "DONE"], [1, "DONE", "", ""], ["1", "DONE", ""], [True, "DONE", ""]]
NO_OUTCOMES += [[-1, "DONE", ""], [1, "ENDED", ""], [1, 1, ""], [1, "DONE", 1]]
NO_REJECTIONS = [1, "x", [], [1], [1, "OTHER", ""], ["1", "OTHER"], [True, "OTHER"], [-1, "OTHER"], [1, 1]]


@pytest.mark.parametrize("row", NO_OUTCOMES)
def test_malformed_outcome(row):
    made, state = allowed("Completed")
    assert reason(matter(state), with_facts(made, outcomes=[row])) == Reason.MALFORMED


@pytest.mark.parametrize("row", NO_REJECTIONS)
def test_malformed_rejection(row):
    made, state = allowed("ResultRejected")
    assert reason(matter(state), with_facts(made, rejections=[row])) == Reason.MALFORMED


@pytest.mark.parametrize(("kind", "name"), [("Completed", "outcomes"), ("ResultRejected", "rejections")])
def test_reports_that_are_no_list_or_name_an_item_twice(kind, name):
    made, state = allowed(kind)
    assert reason(matter(state), with_facts(made, **{name: {}})) == Reason.MALFORMED
    twice = [*made.facts[name], made.facts[name][0]]
    assert reason(matter(state), with_facts(made, **{name: twice})) == Reason.MALFORMED


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"kind": "NO_SUCH_KIND"}, Refusal(Reason.UNKNOWN_KIND)),
        ({"limit_days": 0}, Refusal(Reason.INVALID_FIELD, detail="limit_days")),
        ({"limit_days": 21}, Refusal(Reason.INVALID_FIELD, detail="limit_days")),
        ({"limit_days": 1, "due": AT + DAY}, None),
        ({"limit_days": 20, "due": AT + 20 * DAY}, None),
        ({"due": AT + 7 * DAY - 1}, Refusal(Reason.INVALID_FIELD, detail="due")),
        ({"due": AT + 7 * DAY + 16 * DAY}, None),
        ({"due": AT + 7 * DAY + 16 * DAY + 1}, Refusal(Reason.INVALID_FIELD, detail="due")),
        ({"due": 2**53 - 1}, Refusal(Reason.INVALID_FIELD, detail="due")),
        ({"urgent": True}, Refusal(Reason.INVALID_FIELD, detail="due")),
        ({"urgent": True, "due": AT + 1}, Refusal(Reason.INVALID_FIELD, detail="due")),
        ({"urgent": True, "due": AT + DAY}, Refusal(Reason.INVALID_FIELD, detail="urgent_reason")),
        ({"urgent": True, "due": AT + DAY, "urgent_reason": "SAFETY"}, None),
        ({"number": "苏0591委〔2025〕1号"}, None),
        ({"number": "1187"}, Refusal(Reason.INVALID_FIELD, detail="number")),
        ({"number": "苏0508委〔2026〕1187号"}, Refusal(Reason.INVALID_FIELD, detail="number")),
        ({"number": "苏0591协〔2026〕1187号"}, Refusal(Reason.INVALID_FIELD, detail="number")),
        ({"number": "苏0591委（2026）1187号"}, Refusal(Reason.INVALID_FIELD, detail="number")),
        ({"items": [[1, "DEDUCT"]]}, Refusal(Reason.INVALID_FIELD, detail="items")),
        ({"items": [[n, "QUERY"] for n in range(1, 65)]}, None),
        ({"items": [[n, "QUERY"] for n in range(1, 66)]}, Refusal(Reason.INVALID_FIELD, detail="items")),
    ],
)
def test_orders_that_the_rulebook_bounds(facts, expected):
    assert judged(None, with_facts(header("Issued", role="CENTRE_OFFICER"), **facts)) == expected


@pytest.mark.parametrize(
    "facts",
    [
        {"items": []},
        {"items": [[0, "QUERY"]]},
        {"items": [[True, "QUERY"]]},
        {"items": [[1, "QUERY"], [1, "INVESTIGATE"]]},
        {"items": [[1, "DANCE"]]},
        {"items": [[1, "QUERY", ""]]},
        {"items": {"1": "QUERY"}},
        {"lane": 0},
        {"lane": True},
        {"due": True},
        {"due": -1},
        {"limit_days": "7"},
        {"urgent": 0},
        {"documents": -1},
        {"papers": []},
        {"papers": {"ENTRUSTMENT_LETTER": "1"}},
        {"papers": {"ENTRUSTMENT_LETTER": True}},
        {"papers": {"320500189901010016": 1}},
        {"note": "320500189901010016"},
        {"number": 1187},
    ],
)
def test_orders_that_are_malformed(facts):
    assert reason(None, with_facts(header("Issued", role="CENTRE_OFFICER"), **facts)) == Reason.MALFORMED


@pytest.mark.parametrize(
    "name", ["kind", "number", "lane", "urgent", "limit_days", "due", "items", "documents"]
)
def test_orders_without_a_fact(name):
    made = header("Issued", role="CENTRE_OFFICER")
    facts = {key: value for key, value in made.facts.items() if key != name}
    assert reason(None, replace(made, facts=facts)) == Reason.MALFORMED


def test_the_rulebook_is_pinned_and_no_court_entrusts_itself():
    made = header("Issued", role="CENTRE_OFFICER")
    assert reason(None, replace(made, rulebook="ab" * 32)) == Reason.RULEBOOK_UNKNOWN
    assert reason(None, replace(made, to=SENDER)) == Reason.WRONG_COURT
    theirs = with_facts(made, number="苏0508委〔2026〕1号")
    assert reason(None, replace(theirs, sender=RECEIVER, to=SENDER)) is None


def test_a_matter_begins_on_nothing():
    made = header("Issued", role="CENTRE_OFFICER", base=Base("event-1", 1, f"{1:064x}"))
    for footing in (Footing(Standing.HEAD), Footing(Standing.BEHIND, 1)):
        assert reason(None, made, footing) == Reason.BASE_UNKNOWN


@pytest.mark.parametrize(("kind", "side"), [("Delivered", "receiver"), ("Undelivered", "hub")])
@pytest.mark.parametrize("name", ["role", "reason"])
def test_a_machine_writes_nothing_into_facts(kind, side, name):
    made = with_facts(header(kind, side), **{name: ["320500189901010016"]})
    assert reason(matter(), made) == Reason.MALFORMED
