import pytest
from msgspec.structs import replace
from tests.unit.ladder.histories import AT, RECEIVER, SENDER, header, matter, step, with_facts
from tests.unit.ladder.model import ORIGIN, RULES
from tests.unit.ladder.moves import CHANGES_NOTHING, MOVES

from xiezhi_domain.errors import FormatError, NotFound
from xiezhi_domain.ladder import FINAL_STATES, Result, fold
from xiezhi_domain.ladder.instruction import decode_instruction, encode_instruction
from xiezhi_domain.terms import State


def after(before, made, seq=2, at=AT + 1):
    return fold(before, made, step(seq), at, RULES)


def test_issued_begins_a_matter():
    begun = after(None, header("Issued", role="CENTRE_OFFICER"), seq=1, at=AT)
    assert (begun.id, begun.kind, begun.state) == ("matter", "FIND", State.IN_TRANSIT)
    assert begun.number == "苏0591委〔2026〕1187号"
    assert (begun.sender, begun.receiver, begun.hub, begun.rulebook) == (SENDER, RECEIVER, ORIGIN, RULES.hash)
    assert (begun.lane, begun.urgent, begun.limit_days, begun.due) == (2, False, 7, 1_767_887_999_999)
    assert begun.items == {1: "LOCATE_PERSON", 2: "QUERY"}
    assert (begun.head, begun.binding, begun.times) == (step(1), step(1), {"Issued": AT})
    assert begun.is_open
    assert (begun.other_court(SENDER), begun.other_court(RECEIVER)) == (RECEIVER, SENDER)


@pytest.mark.parametrize("kind", MOVES)
def test_each_move_from_every_state(kind):
    sides, roles, ways = MOVES[kind]
    for origin, target in ways.items():
        before = matter(origin, head=step(1), binding=step(1))
        folded = after(before, header(kind, min(sides), min(roles, default="")))
        assert folded.state == target
        assert folded.head == step(2)
        assert folded.binding == (step(1) if kind in CHANGES_NOTHING else step(2))
        assert folded.times == {**before.times, kind: AT + 1}
        assert folded.is_open == (target not in FINAL_STATES)
        assert decode_instruction(encode_instruction(folded)) == folded


@pytest.mark.parametrize("state", State)
def test_an_unknown_kind_changes_the_head_only(state):
    before = matter(state)
    folded = after(before, with_facts(header("FromALaterVersion"), outcomes=[[1, "DONE", ""]]))
    times = {**before.times, "FromALaterVersion": AT + 1}
    assert folded == replace(before, head=step(2), times=times)


@pytest.mark.parametrize("origin", [State.AWAITING_SIGNATURE, State.SIGNED, State.IN_PROGRESS])
def test_a_refused_return_resumes_what_was_left(origin):
    proposed = after(matter(origin), header("ReturnProposed", "receiver", "JUDGE"))
    talked = after(proposed, header("ContactLogged", "sender", "JUDGE"), 3)
    assert (talked.state, talked.resume) == (State.RETURN_PROPOSED, origin)
    resumed = after(talked, header("ReturnRefused", "receiver", "BUREAU_CHIEF"), 4)
    assert (resumed.state, resumed.resume, resumed.binding) == (origin, "", step(4))


def test_a_refused_return_that_was_overtaken_changes_no_state():
    before = matter(State.SIGNED, resume="")
    assert after(before, header("ReturnRefused", "receiver", "BUREAU_CHIEF")).state == State.SIGNED


def test_outcomes_are_gathered_taken_back_and_reported_anew():
    worked = after(
        matter(State.IN_PROGRESS),
        with_facts(header("ProgressReported", "receiver", "JUDGE"), outcomes=[[1, "DONE", ""]]),
    )
    assert (worked.items_without_outcome, worked.result) == ([2], None)
    reported = after(
        worked, with_facts(header("Completed", "receiver"), outcomes=[[2, "NOT_DONE", "OTHER"]]), 3
    )
    assert reported.outcomes == {1: ("DONE", ""), 2: ("NOT_DONE", "OTHER")}
    rejected = after(reported, header("ResultRejected", "sender", "JUDGE"), 4)
    assert (rejected.outcomes, rejected.reworks) == ({2: ("NOT_DONE", "OTHER")}, 1)
    again = after(rejected, with_facts(header("Completed", "receiver"), outcomes=[[1, "PARTLY_DONE", ""]]), 5)
    assert (again.state, again.reworks, again.outcomes[1]) == (State.REPORTED, 1, ("PARTLY_DONE", ""))


@pytest.mark.parametrize("kind", sorted(MOVES.keys() - {"Completed", "ProgressReported"}))
def test_no_other_event_changes_outcomes(kind):
    before = matter(State.REPORTED, outcomes={2: ("DONE", "")})
    folded = after(before, with_facts(header(kind), outcomes=[[1, "DONE", ""], [2, "NOT_DONE", "OTHER"]]))
    assert folded.outcomes == before.outcomes


@pytest.mark.parametrize(
    ("first", "second", "result"),
    [
        ("DONE", "DONE", Result.ALL_DONE),
        ("DONE", "NOT_NEEDED", Result.ALL_DONE),
        ("NOT_NEEDED", "NOT_NEEDED", Result.ALL_DONE),
        ("DONE", "NOT_DONE", Result.PARTLY_DONE),
        ("PARTLY_DONE", "DONE", Result.PARTLY_DONE),
        ("PARTLY_DONE", "NOT_NEEDED", Result.PARTLY_DONE),
        ("NOT_DONE", "NOT_NEEDED", Result.NOT_DONE),
        ("NOT_DONE", "NOT_DONE", Result.NOT_DONE),
    ],
)
def test_result(first, second, result):
    assert matter(outcomes={1: (first, ""), 2: (second, "")}).result == result


def test_a_matter_without_items_has_no_result():
    assert matter(items={}).result is None


@pytest.mark.parametrize("kind", [*MOVES, "FromALaterVersion"])
def test_no_history_begins_otherwise(kind):
    issued = header("Issued", role="CENTRE_OFFICER")
    with pytest.raises(FormatError, match=kind):
        after(None, replace(issued, kind=kind))


def test_histories_that_cannot_be_read():
    issued = header("Issued", role="CENTRE_OFFICER")
    with pytest.raises(FormatError, match="事实项"):
        after(None, replace(issued, facts={}))
    with pytest.raises(NotFound):
        after(None, with_facts(issued, kind="NO_SUCH_KIND"))
