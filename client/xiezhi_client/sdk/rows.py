"""Lists of the hub that leave out what their reader may not know of, and say how much that is."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from typing import Any, Generic, TypeVar

Row = TypeVar("Row")


class Rows(AsyncIterator[Row], Generic[Row]):
    """The rows of a list, page after page.

    `withheld` is how many matters more there are, confidential or restricted ones; known once a row was asked for.
    """

    def __init__(self, ask: Callable[[str], Awaitable[Any]], read: Callable[[Any], Iterable[Row]]) -> None:
        """Take how to ask for the page of a token, and how to read the rows of an answer."""
        self.withheld = 0
        self._rows = self._all(ask, read)

    async def __anext__(self) -> Row:
        """Give the next row."""
        return await anext(self._rows)

    async def _all(
        self, ask: Callable[[str], Awaitable[Any]], read: Callable[[Any], Iterable[Row]]
    ) -> AsyncIterator[Row]:
        token = ""
        while True:
            page = await ask(token)
            self.withheld += page.withheld
            for row in read(page):
                yield row
            token = page.next_page_token
            if not token:
                return
