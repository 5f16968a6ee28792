"""Numbers of a request: what the contract has no room for is refused in words, wherever it is typed."""

import pytest
from starlette.datastructures import FormData
from starlette.requests import Request

from xiezhi_client.sdk import InvalidInput
from xiezhi_workbench.numbers import LARGEST_INT32, LARGEST_INT64, whole
from xiezhi_workbench.pages.calendar import _arrangement
from xiezhi_workbench.pages.queries import _number
from xiezhi_workbench.pages.rules import _carried
from xiezhi_workbench.pages.uploads import _document, _offset

NO_NUMBERS = ["-1", "1.0", "1e3", "²", "١", " 1", "9" * 20, "9" * 5_000]


@pytest.mark.parametrize("text", [*NO_NUMBERS, "", str(LARGEST_INT32 + 1)])
def test_what_is_no_number_within_bounds_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="请核对"):
        whole(text, "item", "请核对")


def test_numbers_within_bounds_are_given() -> None:
    assert whole("0", "item", "") == 0
    assert whole("007", "item", "") == 7
    assert whole(str(LARGEST_INT64), "item", "", most=LARGEST_INT64) == LARGEST_INT64
    with pytest.raises(InvalidInput):
        whole("1999", "year", "", least=2000)


@pytest.mark.parametrize("text", [*NO_NUMBERS, str(LARGEST_INT64 + 1)])
def test_requests_with_such_numbers_are_refused(text: str) -> None:
    scope = {"type": "http", "method": "PUT", "path": "/", "headers": [], "query_string": b""}
    scope["query_string"] = f"offset={text}".encode()
    for read in (lambda: _number(text, "item", LARGEST_INT64), lambda: _offset(Request(scope))):
        with pytest.raises(InvalidInput):
            read()


def test_a_number_that_was_not_sent_is_none() -> None:
    assert _number("", "item") == 0


@pytest.mark.parametrize("size", [-1, 2**63, True, "1", None])
def test_a_size_that_no_file_has_is_refused(size: object) -> None:
    with pytest.raises(InvalidInput, match="文件大小"):
        _document({"sha256": "00", "name": "甲.pdf", "size": size, "paper_type": "RULING"})


@pytest.mark.parametrize("year", ["0", "10000", "99999999999999999999", "inf", "true"])
def test_an_arrangement_of_no_year_is_refused(year: str) -> None:
    with pytest.raises(InvalidInput, match="year"):
        _arrangement(f'year = {year}\nsource = "通知"\nfree = []\nwork = []\n')


def test_documents_whose_names_are_missing_are_refused() -> None:
    assert _carried(FormData([("name", "a.toml"), ("content", "x\r\n")])) == [("a.toml", "x\n")]
    with pytest.raises(InvalidInput, match="刷新"):
        _carried(FormData([("name", "a.toml"), ("content", "x"), ("content", "y")]))
