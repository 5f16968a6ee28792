import time

import pytest
from tests.bench.figures import Spread, latency, percentile, spread, throughput
from tests.bench.load import Load
from tests.bench.report import summary, table
from tests.bench.scenario import Measurement


def test_spread_gives_the_median_between_the_quartiles():
    assert spread([5, 1, 4, 2, 3]) == Spread(3, 2, 4)


def test_the_spread_of_one_round_is_that_round():
    assert spread([7.5]) == Spread(7.5, 7.5, 7.5)


@pytest.mark.parametrize(("share", "expected"), [(0.5, 50), (0.99, 99), (1, 100), (0.001, 1)])
def test_percentile_is_the_nearest_rank(share, expected):
    assert percentile(range(1, 101), share) == expected


def test_percentile_of_a_single_value_is_that_value():
    assert percentile([4.2], 0.99) == 4.2


def test_ratios_are_taken_within_each_round():
    # The machine was ten times slower in the second round; the ratio of medians would be 4, not 2.
    rates = [(200, 100), (20, 10), (400, 100)]
    rounds = [{"fast": Measurement(per_second=f), "slow": Measurement(per_second=s)} for f, s in rates]
    assert throughput("fast / slow", "fast", "slow").over(rounds) == Spread(2, 2, 3)


def test_a_ratio_of_a_case_that_was_left_out_is_none():
    assert latency("a / b", "a", "b").over([{"a": Measurement(p50_ms=1)}]) is None


def test_a_load_ends_after_its_operations():
    load = Load(in_flight=1, seconds=60, operations=3)
    assert [load.admits() for _ in range(5)] == [True, True, True, False, False]


def test_a_load_without_time_still_replaces_what_is_in_flight_three_times():
    load, rounds = Load(in_flight=2, seconds=0, operations=100), 0
    while load.admits(2):
        load.finished(time.perf_counter(), 2)
        rounds += 1
    assert rounds == 3
    assert load.answer(latencies=False)["total"] == 6


def test_a_load_does_not_count_its_warm_up():
    load = Load(in_flight=4, seconds=60, operations=10)
    load.finished(time.perf_counter(), 4)
    with pytest.raises(RuntimeError, match="nothing was finished after the warm-up"):
        load.answer()


def test_the_table_leaves_out_what_a_case_does_not_have():
    rounds = [{"idle": Measurement(rss_mib_by_program={"hub": 80, "node": 40.0})}]
    assert summary(rounds) == {"idle": {"rss_mib": Spread(120, 120, 120)}}
    assert "idle" in list(table(rounds, []))[1]
