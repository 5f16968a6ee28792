"""暂缓执行: three months at most by a superior's decision (执行规定 第77条), a year on a guarantee, what follows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.unit.ladder.histories import STRANGER
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


def test_who_takes_a_suspended_matter_over_lifts_what_the_former_court_suspended() -> None:
    story = told(*TO_WORK, ("Suspended", "sender", {"reason": "BANKRUPTCY"}))
    former = story.state.sender
    story.tell(("SenderTransferred", "superior", {"reason": "DESIGNATED"}, STRANGER))
    due = {"due": story.state.due}
    by_the_former = replace(story.make("Resumed", "sender", due), sender=former)
    refusal = story.judge(by_the_former)
    assert refusal is not None
    assert refusal.reason is Reason.WRONG_COURT
    story.tell(("Resumed", "sender", due))
    assert (story.state.state, story.state.sender) == (State.IN_PROGRESS, STRANGER)


def test_what_the_superior_suspended_it_still_lifts_for_whoever_takes_over() -> None:
    story = told(*TO_WORK, ("Suspended", "superior", {"reason": "SUPERIOR_ORDER"}))
    story.tell(("SenderTransferred", "superior", {"reason": "DESIGNATED"}, STRANGER))
    assert story.refused("Resumed", "sender", {"due": story.state.due}) == (Reason.WRONG_COURT, "")


SIGNED = [("Signed", "receiver"), ("Assigned", "receiver")]


@given(offset=st.integers(-100 * DAY, 100 * DAY))
def test_an_urge_is_put_off_no_longer_than_the_case_may_be(offset: int) -> None:
    story = Story("SUPERVISION").tell(*SIGNED)
    end = longest(story.at, 3)
    stated = {"reason": "DEFERRED", "until": max(0, end + offset)}
    refusal = story.judge(story.make("Suspended", "sender", stated))
    if stated["until"] > end:
        assert refusal is not None
        assert (refusal.reason, refusal.source, "督办暂缓的最长期限" in refusal.text) == (
            Reason.TOO_LATE,
            "执行规定 第77条（督办随所督办的案件暂缓）",
            True,
        )
    elif stated["until"] > story.at:
        assert refusal is None
    assert story.refused("Suspended", "sender", {"reason": "DEFERRED"}) == (Reason.INVALID_FIELD, "until")


def test_an_urged_court_goes_on_by_itself_after_the_end_that_the_president_may_move() -> None:
    story = Story("SUPERVISION").tell(*SIGNED)
    story.tell(("Suspended", "sender", {"reason": "DEFERRED", "until": story.at + 30 * DAY}))
    before = story.state.suspended_until
    longer = {"until": longest(before, 3)}
    assert story.refused("SuspensionExtended", "sender", {"until": longer["until"] + 1}) == (
        Reason.TOO_LATE,
        "until",
    )
    story.tell(("SuspensionExtended", "sender", longer))
    due = {"due": story.state.due}
    assert story.refused("Resumed", "receiver", due) == (Reason.WRONG_COURT, "")
    story.at = story.state.suspended_until + 1
    story.tell(("Resumed", "receiver", due))
    assert story.state.state is State.IN_PROGRESS
