"""Which requests come from our own pages."""

import pytest
from starlette.datastructures import Headers

from xiezhi_workbench.security import CONTENT_SECURITY_POLICY, from_own_page, same_token


@pytest.mark.parametrize(
    ("headers", "own"),
    [
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "none"}, True),
        ({"sec-fetch-site": "same-site"}, False),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "cross-site", "origin": "https://court.example"}, False),
        ({"origin": "https://court.example"}, True),
        ({"origin": "https://court.example:8443"}, False),
        ({"origin": "https://evil.example"}, False),
        ({"origin": "null"}, False),
        ({}, True),
    ],
)
def test_a_request_of_another_site_is_told(headers: dict[str, str], *, own: bool) -> None:
    assert from_own_page(Headers({"host": "court.example", **headers})) is own


def test_tokens_are_equal_or_not() -> None:
    assert same_token("a-token", "a-token")
    assert not same_token("", "a-token")
    assert not same_token("令牌", "a-token")


def test_the_policy_lets_nothing_inline_run() -> None:
    rules = dict(rule.split(" ", 1) for rule in CONTENT_SECURITY_POLICY.split("; "))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == "'self'"
    assert "unsafe" not in CONTENT_SECURITY_POLICY
