"""Freezing figures, and telling later what has changed."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from tests.unit.indicators.matters import (
    COURTS,
    EDITION,
    MONTH,
    OTHER,
    RECEIVER,
    SENDER,
    at,
    done,
    matter,
    random_matters,
)

from xiezhi_domain.errors import FormatError, InvalidInput
from xiezhi_domain.indicators import ALL_COURTS, FigureKey, Period
from xiezhi_domain.indicators.bulletin import choices, corrections, draw_up
from xiezhi_domain.indicators.comparison import ranked_courts
from xiezhi_domain.indicators.frozen import decode_bulletin, encode_bulletin
from xiezhi_domain.indicators.period import ranked_after
from xiezhi_domain.indicators.record import Return
from xiezhi_domain.terms import Channel, Indicator, Variant

CHOSEN = choices(EDITION, MONTH.last)


def drawn(records, chosen=CHOSEN, rivals=COURTS, period=MONTH):
    return draw_up(records, period, EDITION, chosen, COURTS, rivals=rivals, publisher="苏05", log_size=1000)


def line(bulletin, indicator, court=RECEIVER, variant=Variant.STANDARD):
    key = FigureKey(indicator, variant, court, Channel.PLATFORM)
    [found] = [each for each in bulletin.lines if each.key == key]
    return found


@given(random_matters)
def test_what_is_frozen_is_read_back_equal(records) -> None:
    bulletin = drawn(records)
    assert decode_bulletin(encode_bulletin(bulletin)) == bulletin


def test_bytes_that_are_no_bulletin_are_refused() -> None:
    data = encode_bulletin(drawn([done()]))
    for broken in (
        b"{}",
        data.replace(b'"v":1', b'"v":2'),
        data.replace(b"2026-11-01", b"2026-11-41"),
        data.replace(b"COMPLETED_IN_TIME", b"COMPLETED_SOMEHOW"),
    ):
        with pytest.raises(FormatError):
            decode_bulletin(broken)


def test_changes_are_against_the_month_before_and_the_year_before() -> None:
    before = [done(number, day=-3, due=at(-10 if number < 2 else 0)) for number in range(4)]
    found = line(drawn([*before, done(10), done(11)]), Indicator.COMPLETED_IN_TIME)
    assert (found.change_on(found.previous), found.change_on(found.year_before)) == (Fraction(1, 2), None)


def test_fewer_than_ten_are_shown_and_not_ranked() -> None:
    many = [done(number, day=12 if number else 5) for number in range(10)]
    others = [done(20 + number, receiver=OTHER) for number in range(10)]
    bulletin = drawn([*many, *others])
    places = [line(bulletin, Indicator.COMPLETED_IN_TIME, court).place for court in (OTHER, RECEIVER)]
    assert places == [1, 2]
    assert line(bulletin, Indicator.HANDLING_DAYS, OTHER).place == 1
    few = drawn([*many, *others[:9]])
    assert [line(few, Indicator.COMPLETED_IN_TIME, court).place for court in (OTHER, RECEIVER)] == [0, 1]
    assert line(few, Indicator.COMPLETED_IN_TIME, OTHER).numbers.denominator == 9
    assert line(few, Indicator.COMPLETED_IN_TIME, ALL_COURTS).place == 0


def test_equal_courts_share_a_place() -> None:
    records = [done(number, receiver=court) for court in (OTHER, RECEIVER) for number in range(10)]
    bulletin = drawn(records)
    assert [line(bulletin, Indicator.COMPLETED_IN_TIME, court).place for court in (OTHER, RECEIVER)] == [1, 1]


def test_backfilled_matters_are_counted_and_not_ranked_in_their_first_period() -> None:
    # Taken over on 5 November, received long before.
    since = ranked_after(at(5))
    assert since == Period.month(2026, 12).start_ms
    taken_over = [done(number, ranked_from=since, accepted_at=at(-60)) for number in range(10)]
    found = line(drawn(taken_over), Indicator.COMPLETED_IN_TIME)
    assert (found.numbers.denominator, found.place) == (10, 0)
    # A period that begins before is still the first one, however long it goes on.
    quarter = drawn(taken_over, period=Period(date(2026, 10, 1), date(2026, 12, 31)))
    assert line(quarter, Indicator.COMPLETED_IN_TIME).place == 0
    older = drawn([done(number, ranked_from=ranked_after(at(-1))) for number in range(10)])
    assert line(older, Indicator.COMPLETED_IN_TIME).place == 1


def test_a_court_is_not_ranked_in_the_period_in_which_it_joined() -> None:
    joined_at = {SENDER: 0, RECEIVER: at(-3), OTHER: at(1)}
    assert ranked_courts(joined_at, MONTH) == {RECEIVER, OTHER}
    rivals = ranked_courts(joined_at | {OTHER: at(1) + 1}, MONTH)
    assert rivals == {RECEIVER}
    records = [done(number, receiver=court) for court in (OTHER, RECEIVER) for number in range(10)]
    bulletin = drawn(records, rivals=rivals)
    shown = [line(bulletin, Indicator.COMPLETED_IN_TIME, court) for court in (OTHER, RECEIVER)]
    assert [(each.numbers.denominator, each.place) for each in shown] == [(10, 0), (10, 1)]


def test_nothing_is_corrected_where_nothing_changed() -> None:
    records = [done(), matter(2)]
    assert corrections(drawn(records), EDITION, records, records) == []


def test_a_later_event_makes_a_correction_that_names_its_matters() -> None:
    returned = matter(2, returned=Return(at(6), "OTHER"))
    then = [done(1), returned]
    now = [done(1), replace(returned, returned=None, overturned=(Return(at(6), "OTHER"),))]
    found = {
        each.line.key.indicator: each
        for each in corrections(drawn(then), EDITION, then, now)
        if each.line.key.court == RECEIVER
    }
    assert set(found) == {
        Indicator.RETURNED_RECEIVED,
        Indicator.WRONGLY_RETURNED,
        Indicator.COMPLETED_IN_TIME,
        Indicator.SIGNED_IN_TIME,
    }
    rate = found[Indicator.RETURNED_RECEIVED]
    assert (rate.line.value, rate.value) == (Fraction(1, 2), 0)
    assert ([each.id for each in rate.left], rate.entered) == ([returned.id], ())


def test_a_court_sees_its_own_lines_alone() -> None:
    own = drawn([done(), done(2, receiver=OTHER)]).of_court(OTHER)
    assert {each.key.court for each in own.lines} == {OTHER}


def test_the_variant_picked_is_the_one_printed() -> None:
    chosen = choices(EDITION, MONTH.last, {Indicator.COMPLETED_IN_TIME: Variant.FINISHED_ONLY})
    found = line(
        drawn([done(), matter(2)], chosen), Indicator.COMPLETED_IN_TIME, variant=Variant.FINISHED_ONLY
    )
    assert found.value == 1
    with pytest.raises(InvalidInput):
        choices(EDITION, MONTH.last, {Indicator.COMPLETED_IN_TIME: Variant.FROM_SIGNING})
