"""Page tokens: where a list went on to, opaque to whoever holds one."""

import base64
import json
from typing import Final

from xiezhi_domain.errors import InvalidInput

USUAL_PAGE: Final = 50
LARGEST_PAGE: Final = 500


def page_size(wanted: int) -> int:
    """Return how many rows a page has.

    :raises InvalidInput: below zero or over the limit.
    """
    if not 0 <= wanted <= LARGEST_PAGE:
        raise InvalidInput.in_field("page_size", f"每页条数应为 1 至 {LARGEST_PAGE}")
    return wanted or USUAL_PAGE


def encode_token(*key: str | int) -> str:
    """Return the token of the page after the row with this *key*."""
    return base64.urlsafe_b64encode(json.dumps(key, separators=(",", ":")).encode()).decode()


def decode_token(token: str, *shape: type[str] | type[int]) -> tuple[str | int, ...] | None:
    """Return the key in *token*, None for the first page.

    :raises InvalidInput: it is not one of this list's tokens.
    """
    if not token:
        return None
    try:
        key = json.loads(base64.urlsafe_b64decode(token.encode()))
    except ValueError:
        key = None
    if not isinstance(key, list) or [type(part) for part in key] != list(shape):
        raise InvalidInput.in_field("page_token", "翻页标记无效，请从第一页重新查询")
    return tuple(key)
