"""Common options and what is printed of text from elsewhere."""

from datetime import UTC, datetime

import pytest

from xiezhi_client.cli.root import _split
from xiezhi_client.cli.screen import cell, printable
from xiezhi_client.typed.words import find, word
from xiezhi_domain.spreadsheet_text import safe_cell
from xiezhi_domain.terms import State


@pytest.mark.parametrize(
    ("args", "common", "own"),
    [
        (["show", "x", "--json"], ["--json"], ["show", "x"]),
        (["show", "--profile", "p", "x"], ["--profile", "p"], ["show", "x"]),
        (["--profile=p", "show"], ["--profile=p"], ["show"]),
        (["show", "--", "--json"], [], ["show", "--", "--json"]),
        (["show", "--profile"], ["--profile"], ["show"]),
    ],
)
def test_common_options_stand_anywhere(args: list[str], common: list[str], own: list[str]) -> None:
    assert _split(args) == (common, own)


@pytest.mark.parametrize("text", ["=1+1", "+86", "-1", "@SUM", "＝1", "\t=1", "\r=1", " =1", "\n=1"])
def test_nothing_exported_starts_a_formula(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "0591", "（2026）苏0591执1号", "a=b", "'=1"])
def test_ordinary_text_is_exported_as_it_is(text: str) -> None:
    assert safe_cell(text) == text


def test_text_from_elsewhere_cannot_steer_the_terminal() -> None:
    assert printable("\x1b[2J清屏\x07\n二") == "�[2J清屏�\n二"


def test_cells_are_court_time_and_chinese() -> None:
    assert cell(datetime(2026, 1, 5, 1, 30, tzinfo=UTC)) == "2026-01-05 09:30"
    assert [cell(None), cell(True), cell(0)] == ["", "是", "0"]


def test_words_go_both_ways_and_unknown_ones_stay() -> None:
    assert word(State, "DRAFT") == "草稿"
    assert word(State, "99") == "99"
    assert find(State, " 草稿 ") == find(State, "DRAFT") == "DRAFT"
    assert find(State, "草") is None
