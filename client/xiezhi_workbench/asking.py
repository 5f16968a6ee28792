"""Asking the desk for as much as a page has room for, and for what its reader may not be allowed to see."""

from collections.abc import AsyncIterable, Awaitable, Callable
from typing import TypeVar

from xiezhi_client.sdk import Client, Deadline, InstructionSummary, NotAllowed

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


async def due_today(client: Client, most: int) -> tuple[list[Deadline], int]:
    """Give the first period that ends today of each matter, of at most so many matters.

    And how many matters more have one of which the reader may not know.
    """
    found: dict[str, Deadline] = {}
    rows = client.deadlines.open(today_only=True, page_size=most)
    async for deadline in rows:
        found.setdefault(deadline.instruction_id, deadline)
        if len(found) == most:
            break
    return list(found.values()), rows.withheld


async def longest_overdue(client: Client, most: int) -> tuple[list[InstructionSummary], int]:
    """Give the matters between the hub's courts that are late the longest.

    And how many more are late of which the reader may not know.
    """
    rows = client.supervision.overdue(page_size=most)
    return await first(rows, most), rows.withheld
