"""Addresses of lists: what they say is read, written again, and kept as a view, without loss."""

import pytest
from starlette.datastructures import QueryParams

from xiezhi_client.sdk import SavedView
from xiezhi_workbench.lists import ALL, RECEIVED, SENT, Wanted, as_view, tabs


@pytest.mark.parametrize(
    "query",
    [
        "",
        "state=SIGNED&state=REWORK&kind=FIND&open=1&overdue=1&mine=1",
        "text=1187&case=0591&person=%E5%BC%A0&from=2026-01-01&until=2026-02-01&channel=PAPER",
    ],
)
def test_an_address_is_written_as_it_was_read(query: str) -> None:
    wanted = Wanted.of(QueryParams(query), "RECEIVED")
    assert wanted.query() == query
    assert Wanted.kept(as_view(wanted, "甲", is_default=False)).query() == query
    assert wanted.narrows is bool(query)


def test_what_no_vocabulary_has_is_left_out() -> None:
    wanted = Wanted.of(QueryParams("state=NONE&kind=NONE&channel=NONE&page=x&other=1"), "SENT")
    assert not wanted.narrows
    assert wanted.page_token == "x"
    assert wanted.address(SENT) == "/sent?all=1"


def test_the_platform_is_the_channel_that_needs_no_word() -> None:
    assert Wanted.of(QueryParams("channel=PLATFORM"), "SENT").query() == ""


def test_a_court_is_found_by_a_piece_of_its_name() -> None:
    assert Wanted.of(QueryParams({"court": "姑苏"}), "SENT").filter.other_court == "苏0508"
    assert Wanted.of(QueryParams({"court": "北京"}), "SENT").filter.other_court == "北京"


def test_tabs_are_those_of_the_list_and_the_open_one_is_known() -> None:
    mine = as_view(Wanted.of(QueryParams("mine=1"), "RECEIVED"), "我的", is_default=True)
    late = as_view(Wanted.of(QueryParams("overdue=1"), "RECEIVED"), "超期", is_default=False)
    sent = as_view(Wanted.of(QueryParams("mine=1"), "SENT"), "发出的", is_default=False)
    found = tabs(
        (mine, late, sent, SavedView(name="空")), RECEIVED, Wanted.of(QueryParams("mine=1"), "RECEIVED")
    )
    assert [(tab.view.name, tab.address, tab.is_open) for tab in found] == [
        ("我的", "/received?mine=1", True),
        ("超期", "/received?overdue=1", False),
    ]
    assert tabs((mine,), ALL, Wanted.of(QueryParams(""), "")) == []
