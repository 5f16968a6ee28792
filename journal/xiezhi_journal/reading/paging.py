"""Pages by keyset: a page begins after the last row of the page before, however deep, at the same cost."""

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Self

from xiezhi_domain.errors import InvalidInput
from xiezhi_domain.plain_values import read_json

DEFAULT_PAGE = 50
MAX_PAGE = 500


@dataclass(frozen=True, slots=True)
class Page:
    """Which page is wanted: so many rows after the row that the token names."""

    size: int = DEFAULT_PAGE
    token: str = ""

    @classmethod
    def of(cls, size: int, token: str) -> Self:
        """Return the page that a request asks for; a size of 0 is the usual one.

        :raises InvalidInput: a size below 0 or above 500.
        """
        if not 0 <= size <= MAX_PAGE:
            raise InvalidInput.in_field("page_size", f"每页应为 1 至 {MAX_PAGE} 行")
        return cls(size or DEFAULT_PAGE, token)

    def after(self, *kinds: type) -> tuple[int | str, ...] | None:
        """Return the sort key that the page begins after, values of these *kinds*; None for the first page.

        :raises InvalidInput: not a token of such a list.
        """
        if not self.token:
            return None
        try:
            key = read_json(base64.urlsafe_b64decode(self.token))
        except (binascii.Error, ValueError):
            key = None
        if not isinstance(key, list) or [type(value) for value in key] != list(kinds) or not _are_keys(key):
            raise InvalidInput.in_field("page_token", "翻页标记无效，请从第一页重新查询")
        return tuple(key)


def _are_keys(values: list[int | str]) -> bool:
    """Whether a database can be asked for *values*: 64 bits, and no NUL, which PostgreSQL refuses in text."""
    return all("\0" not in each if isinstance(each, str) else -(1 << 63) <= each < 1 << 63 for each in values)


def token_after(*key: int | str) -> str:
    """Return the token of the page after the row with this sort key."""
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode()
