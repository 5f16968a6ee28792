"""What templates write."""

import time
from datetime import UTC, datetime

import pytest

from xiezhi_domain.court_time import SHANGHAI
from xiezhi_domain.terms import Kind, Mark, State
from xiezhi_workbench import words
from xiezhi_workbench.rendering import make_environment


@pytest.fixture
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """2026-11-22 12:00 in China."""
    moment = datetime(2026, 11, 22, 12, tzinfo=SHANGHAI)
    monkeypatch.setattr(time, "time_ns", lambda: int(moment.timestamp()) * 1_000_000_000)


@pytest.mark.usefixtures("noon")
@pytest.mark.parametrize(
    ("day", "hour", "said", "tone"),
    [
        (30, 9, "剩 8 天", "over"),
        (25, 0, "剩 3 天", "wait"),
        (23, 0, "剩 1 天", "wait"),
        (22, 18, "今日到期", "wait"),
        (22, 9, "今日已过时限", "wrong"),
        (21, 23, "超期 1 天", "wrong"),
        (20, 9, "超期 2 天", "wrong"),
    ],
)
def test_what_is_left_is_counted_in_days_of_china(day: int, hour: int, said: str, tone: str) -> None:
    due = datetime(2026, 11, day, hour, tzinfo=SHANGHAI).astimezone(UTC)
    assert (words.left(due), words.left_tone(due)) == (said, tone)


def test_times_are_those_of_china() -> None:
    moment = datetime(2026, 11, 29, 18, 12, tzinfo=UTC)
    assert words.moment(moment) == "2026-11-30 02:12"
    assert words.day(moment) == "2026-11-30"
    assert words.moment(None) == words.day(None) == "—"
    assert words.left(None) == ""


def test_every_word_comes_from_the_table() -> None:
    environment = make_environment()
    for name, vocabulary in words.VOCABULARIES.items():
        for member in vocabulary:
            assert environment.filters[name](member.value) == member.zh
    assert environment.filters["kind"]("A_KIND_OF_ONE_COURT") == "A_KIND_OF_ONE_COURT"
    assert environment.filters["state"]("") == "—"
    assert environment.globals["Kind"] is Kind


def test_every_state_and_mark_has_a_colour() -> None:
    tones = {"wait", "wrong", "done", "over", "work"}
    assert {words.tone(state) for state in State} == tones
    assert {words.mark_tone(mark) for mark in Mark} <= tones


def test_courts_have_names() -> None:
    assert words.court("苏0508") == "苏州市姑苏区人民法院"
    assert words.court_short("苏0508") == "苏州市姑苏区法院"
    assert words.court("苏9999") == "苏9999"
    assert words.court("") == "—"


@pytest.mark.parametrize(
    ("count", "said"),
    [(0, "0 B"), (812, "812 B"), (1024, "1.0 KB"), (1_300_000, "1.2 MB"), (3 << 30, "3.0 GB")],
)
def test_sizes(count: int, said: str) -> None:
    assert words.size(count) == said


def test_templates_escape_and_know_every_name() -> None:
    environment = make_environment()
    assert environment.from_string("{{ name }}").render(name="<b>") == "&lt;b&gt;"
    for template in environment.list_templates():
        environment.get_template(template)
