"""The golden test of the definitions, and one small month for each indicator, counted by hand."""

from fractions import Fraction

from tests.unit.indicators.matters import (
    DAY,
    OTHER,
    RECEIVER,
    SENDER,
    at,
    done,
    figure,
    matter,
    ratio,
    whole,
)

from xiezhi_domain.indicators import Measure
from xiezhi_domain.indicators.display import shown
from xiezhi_domain.indicators.record import Judgement, Pause, Return, Work
from xiezhi_domain.terms import Channel, Indicator, Variant

GOLDEN = [
    *(done(number) for number in range(9)),
    done(9, day=12),
    matter(10),
    matter(11),
    matter(12, returned=Return(at(6), "WRONG_DISTRICT")),
]


def test_golden_ten_finished_nine_in_time_two_overdue_one_returned() -> None:
    in_time = figure(GOLDEN, Indicator.COMPLETED_IN_TIME)
    assert (ratio(in_time), shown(in_time.measure, in_time.value)) == ((9, 12), "75.00%")
    finished = figure(GOLDEN, Indicator.COMPLETED_IN_TIME, Variant.FINISHED_ONLY)
    assert (ratio(finished), shown(finished.measure, finished.value)) == ((9, 10), "90.00%")
    returned = figure(GOLDEN, Indicator.RETURNED_RECEIVED)
    assert (ratio(returned), shown(returned.measure, returned.value)) == ((1, 11), "9.09%")
    assert returned.reasons == {"WRONG_DISTRICT": 1}


def test_the_published_return_rate_of_jiulongpo() -> None:
    assert shown(Measure.RATE, Fraction(321, 4124 + 321)) == "7.22%"


def test_nothing_counted_is_a_dash_and_never_a_hundred_per_cent() -> None:
    for indicator in Indicator:
        made = figure([], indicator)
        expected = "0件" if indicator is Indicator.WRONGLY_RETURNED else "—"
        assert shown(made.measure, made.value) == expected


def test_the_matters_behind_a_figure_are_named() -> None:
    counted = figure(GOLDEN, Indicator.COMPLETED_IN_TIME).counted
    assert [each.number for each in counted if not each.unit.amount] == [
        f"苏0591委〔2026〕{number}号" for number in (9, 10, 11)
    ]


def test_days_are_measured_from_the_start_of_the_clock_without_pauses() -> None:
    paused = done(1, day=8, signed_at=at(3), pauses=(Pause(at(4), at(6)), Pause(at(7))))
    records = [paused, done(2, day=3)]
    standard = figure(records, Indicator.HANDLING_DAYS)
    assert (standard.value, standard.median, standard.p90) == (2, 2, 3)
    assert figure(records, Indicator.HANDLING_DAYS, Variant.FROM_SIGNING).value == Fraction(3, 2)
    assert figure(records, Indicator.HANDLING_DAYS, Variant.PAUSES_COUNTED).value == Fraction(7, 2)


def test_median_and_ninth_decile_are_exact() -> None:
    records = [done(number, day=2 + number) for number in range(1, 11)]
    made = figure(records, Indicator.HANDLING_DAYS)
    assert (made.median, made.p90, made.numerator) == (Fraction(11, 2), 9, 55 * DAY)


def test_a_paused_matter_is_not_overdue() -> None:
    assert ratio(figure([matter(due=None)], Indicator.COMPLETED_IN_TIME)) == (0, 0)
    assert ratio(figure([done(due=None)], Indicator.COMPLETED_IN_TIME)) == (1, 1)


def test_what_is_due_with_the_last_moment_of_the_period_is_overdue_at_its_end() -> None:
    assert ratio(figure([matter(due=at(31) - 1)], Indicator.COMPLETED_IN_TIME)) == (0, 1)
    assert ratio(figure([matter(due=at(31))], Indicator.COMPLETED_IN_TIME)) == (0, 0)


def test_what_was_finished_or_returned_after_the_period_was_open_at_its_end() -> None:
    records = [done(1, day=33), matter(2, returned=Return(at(33), "OTHER")), done(3, day=1, due=at(0.5))]
    assert ratio(figure(records, Indicator.COMPLETED_IN_TIME)) == (0, 3)


def test_signing_counts_signatures_and_first_requests_for_papers() -> None:
    records = [
        done(1),
        matter(2, answered_at=at(2.5), papers_asked=True),
        matter(3, answered_at=at(4), signed_at=at(4)),
        matter(4),
        matter(5, left_at=at(2.5)),
        matter(6, left_at=at(10)),
        done(7, left_at=at(10)),
        matter(8, returned=Return(at(4), "OTHER")),
    ]
    assert ratio(figure(records, Indicator.SIGNED_IN_TIME)) == (2, 5)


def test_confirmations_are_charged_to_the_sender_each_time() -> None:
    first = Judgement(SENDER, at(4), at(7), at(6))
    records = [
        done(1, judgements=(first, Judgement(SENDER, at(8), at(11), at(20)))),
        done(2, judgements=(Judgement(OTHER, at(8), at(11)),)),
        done(3, judgements=(Judgement(SENDER, at(29), at(33)),)),
    ]
    assert ratio(figure(records, Indicator.CONFIRMED_IN_TIME, court=SENDER)) == (1, 2)
    assert ratio(figure(records, Indicator.CONFIRMED_IN_TIME, court=OTHER)) == (0, 1)
    assert ratio(whole(records, Indicator.CONFIRMED_IN_TIME)) == (1, 3)


def test_papers_asked_for_are_the_senders_fault() -> None:
    back = matter(3, signed_at=at(3), returned=Return(at(4), "PAPERS_MISSING"))
    elsewhere = matter(4, signed_at=at(3), returned=Return(at(4), "WRONG_DISTRICT"))
    records = [done(1), done(2, papers_asked=True), back, elsewhere]
    assert ratio(figure(records, Indicator.PASSED_AT_ONCE, court=SENDER)) == (2, 4)


def test_returns_are_charged_to_both_sides_and_overturned_ones_to_the_receiver() -> None:
    overturned = done(3, overturned=(Return(at(4), "OTHER"), Return(at(40), "OTHER")))
    records = [done(1), matter(2, returned=Return(at(4), "PAPERS_WRONG")), overturned]
    assert ratio(figure(records, Indicator.RETURNED_RECEIVED)) == (1, 3)
    assert ratio(figure(records, Indicator.RETURNED_SENT, court=SENDER)) == (1, 3)
    assert figure(records, Indicator.WRONGLY_RETURNED).value == 1


def test_supervision_counts_the_accepted_reply_and_provisionally_one_under_review() -> None:
    records = [
        done(1, work=Work.SUPERVISION),
        done(2, work=Work.SUPERVISION, under_review=True),
        done(3, work=Work.SUPERVISION, day=12),
        matter(4, work=Work.SUPERVISION),
        matter(5, work=Work.SUPERVISION, left_at=at(20)),
        done(6),
    ]
    made = figure(records, Indicator.SUPERVISION_IN_TIME)
    assert (ratio(made), made.provisional) == ((2, 4), 1)
    assert ratio(figure(records, Indicator.COMPLETED_IN_TIME)) == (1, 1)


def test_arrival_shows_how_long_a_court_was_unplugged() -> None:
    records = [matter(1, arrived_at=at(3)), matter(2, arrived_at=None), matter(3)]
    assert figure(records, Indicator.ARRIVAL_DAYS).value == Fraction(1, 2)


def test_channels_are_never_mixed() -> None:
    records = [done(1), done(2, channel=Channel.PAPER), done(3, day=12, channel=Channel.PAPER)]
    assert ratio(figure(records, Indicator.COMPLETED_IN_TIME)) == (1, 1)
    assert ratio(figure(records, Indicator.COMPLETED_IN_TIME, channel=Channel.PAPER)) == (1, 2)


def test_only_the_courts_asked_for_are_counted() -> None:
    assert figure([done(receiver="苏0505")], Indicator.COMPLETED_IN_TIME, court=RECEIVER).denominator == 0
    assert whole([done(receiver="苏0505")], Indicator.COMPLETED_IN_TIME).denominator == 0
