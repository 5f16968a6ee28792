"""Asking the desk for as much as a page has room for, and for what its reader may not be allowed to see."""

from collections.abc import AsyncIterable, Awaitable, Callable
from typing import TypeVar

from xiezhi_client.sdk import Client, Deadline, NotAllowed

Answer = TypeVar("Answer")
Row = TypeVar("Row")


async def if_allowed(asked: Awaitable[Answer]) -> Answer | None:
    """Give the answer, or None where it is not for this person to see."""
    try:
        return await asked
    except NotAllowed:
        return None


async def first(
    rows: AsyncIterable[Row], most: int, wanted: Callable[[Row], bool] = lambda _: True
) -> list[Row]:
    """Give the first rows that are *wanted*, at most so many."""
    found = []
    async for row in rows:
        if wanted(row):
            found.append(row)
        if len(found) == most:
            break
    return found


async def due_today(client: Client, most: int) -> list[Deadline]:
    """Give the first period that ends today of each matter, of at most so many matters."""
    found: dict[str, Deadline] = {}
    async for deadline in client.deadlines.open(today_only=True, page_size=most):
        found.setdefault(deadline.instruction_id, deadline)
        if len(found) == most:
            break
    return list(found.values())
