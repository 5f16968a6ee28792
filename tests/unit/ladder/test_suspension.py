"""暂缓执行: three months at most by a superior's decision (执行规定 第77条), a year on a guarantee, what follows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.ladder.model import CALENDAR, HUB_COURT
from tests.unit.ladder.orders import DAY
from tests.unit.ladder.test_remedies import TO_WORK, Story, told

from xiezhi_domain.calendar import end_of_day_ms
from xiezhi_domain.court_time import to_date
from xiezhi_domain.errors import Reason
from xiezhi_domain.terms import State

MONTHS = {"superior": 3, "sender": 12}


def longest(start: int, months: int) -> int:
    return end_of_day_ms(CALENDAR.add_months_rolled(to_date(start), months))


def deferred(days: int = 30, side: str = "superior") -> Story:
    story = told(*TO_WORK)
    until = story.at + days * DAY
    return story.tell(("Suspended", side, {"reason": "DEFERRED", "until": until}))


@pytest.mark.parametrize("side", sorted(MONTHS))
@given(offset=st.integers(-500 * DAY, 500 * DAY))
def test_no_deferral_is_longer_than_its_side_may_order(side: str, offset: int) -> None:
    story = told(*TO_WORK)
    end = longest(story.at, MONTHS[side])
    until = max(0, end + offset)
    refused = story.refused("Suspended", side, {"reason": "DEFERRED", "until": until})
    if until <= story.at:
        assert refused == (Reason.INVALID_FIELD, "until")
    else:
        assert refused == (None if until <= end else (Reason.TOO_LATE, "until"))


def test_a_superior_suspends_a_matter_of_its_own_as_its_sender() -> None:
    story = Story(sender=HUB_COURT).tell(*TO_WORK)
    end = longest(story.at, MONTHS["sender"])
    assert story.refused("Suspended", "sender", {"reason": "DEFERRED", "until": end}) is None
    refused = story.refused("Suspended", "sender", {"reason": "DEFERRED", "until": end + 1})
    assert refused == (Reason.TOO_LATE, "until")


def test_the_refusal_names_the_article() -> None:
    story = told(*TO_WORK)
    late = {"reason": "DEFERRED", "until": longest(story.at, 3) + 1}
    refusal = story.judge(story.make("Suspended", "superior", late))
    assert refusal is not None
    assert refusal.source == "执行规定 第77条"


def test_a_deferral_has_an_end_and_nothing_else_has() -> None:
    story = told(*TO_WORK)
    assert story.refused("Suspended", "superior", {"reason": "DEFERRED"}) == (Reason.INVALID_FIELD, "until")
    stated = {"reason": "STAYED", "until": story.at + DAY}
    assert story.refused("Suspended", "superior", stated) == (Reason.INVALID_FIELD, "until")
    assert story.refused("Suspended", "superior", {"reason": "STAYED"}) is None


def test_the_court_goes_on_by_itself_only_after_the_end() -> None:
    story = deferred(30)
    due = {"due": story.state.due}
    story.at += 29 * DAY
    assert story.refused("Resumed", "sender", due) == (Reason.WRONG_COURT, "")
    story.at = story.state.suspended_until + 1
    story.tell(("Resumed", "sender", due))
    assert (story.state.state, story.state.suspended_until) == (State.IN_PROGRESS, 0)


def test_what_has_no_end_the_superior_alone_lifts() -> None:
    story = told(*TO_WORK, ("Suspended", "superior", {"reason": "SUPERIOR_ORDER"}))
    story.at += 500 * DAY
    assert story.refused("Resumed", "sender", {"due": story.state.due}) == (Reason.WRONG_COURT, "")
    assert story.refused("SuspensionExtended", "superior", {"until": story.at + DAY}) == (
        Reason.WRONG_STATE,
        "until",
    )


@given(offset=st.integers(-200 * DAY, 200 * DAY))
def test_it_is_lengthened_from_where_it_ended_by_no_more_than_once_again(offset: int) -> None:
    story = deferred(30)
    before = story.state.suspended_until
    until = max(0, longest(before, 3) + offset)
    refused = story.refused("SuspensionExtended", "superior", {"until": until})
    if until <= before:
        assert refused == (Reason.INVALID_FIELD, "until")
        return
    assert refused == (None if until <= longest(before, 3) else (Reason.TOO_LATE, "until"))
    if refused is None:
        story.tell(("SuspensionExtended", "superior", {"until": until}))
        assert story.state.suspended_until == until
        assert story.state.state is State.SUSPENDED


def test_no_court_below_lengthens_it() -> None:
    story = deferred(30)
    assert (
        story.refused("SuspensionExtended", "sender", {"until": story.at + 40 * DAY})[0] is Reason.WRONG_COURT
    )
