"""Tokens of pages come back from whoever had the page before, and from others."""

import pytest

from xiezhi_domain.errors import InvalidInput
from xiezhi_journal.reading.paging import Page, token_after


def test_a_token_leads_behind_the_row_that_it_names() -> None:
    assert Page.of(0, token_after("苏0508", 3)).after(str, int) == ("苏0508", 3)
    assert Page.of(0, "").after(str, int) is None


@pytest.mark.parametrize(
    "token",
    [
        token_after("苏0508"),
        token_after(3, "苏0508"),
        token_after("苏0508", 1 << 63),
        token_after("苏\x000508", 3),
        token_after("\ud800", 3),
        "W" * 50_000,
        "W1tb" * 4_000,
        "号",
        "-",
    ],
)
def test_what_no_page_gave_is_refused_before_a_database_is_asked(token: str) -> None:
    with pytest.raises(InvalidInput, match="翻页标记无效"):
        Page.of(0, token).after(str, int)
