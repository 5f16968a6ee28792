"""Many letters: each told as soon as it is made, one that fails beside those that do not."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Final

import structlog

from xiezhi.v1 import paper_service_pb2 as pb
from xiezhi_desk.requests import LONGEST_REQUEST_ID, request_key
from xiezhi_domain.errors import DomainError, InvalidInput, Reason
from xiezhi_node.papers.letters import Asked, Letters
from xiezhi_wire.caller import Caller

_log = structlog.get_logger(__name__)

MOST_ROWS: Final = 500
AT_ONCE: Final = 2
"""As many as there are helpers; the others of the court want to print, too."""
_METHOD: Final = "MakeLetters"


async def make_letters(
    letters: Letters, request: pb.MakeLettersRequest, caller: Caller
) -> AsyncIterator[pb.MakeLettersResponse]:
    """Give what became of each row, in the order in which they are done.

    :raises InvalidInput: no rows or too many, or a row twice.
    """
    _check(request)
    room = asyncio.Semaphore(AT_ONCE)
    tasks = [asyncio.create_task(_row(letters, request, row, caller, room)) for row in request.rows]
    try:
        for done, finished in enumerate(asyncio.as_completed(tasks), 1):
            answer = await finished
            answer.done, answer.total = done, len(tasks)
            yield answer
    finally:
        # Nobody listens any more.
        for task in tasks:
            task.cancel()


def _check(request: pb.MakeLettersRequest) -> None:
    rows: Sequence[str] = [row.row for row in request.rows]
    if not 0 < len(rows) <= MOST_ROWS:
        raise InvalidInput.in_field("rows", f"每批 1 至 {MOST_ROWS} 份")
    if len(set(rows)) < len(rows):
        raise InvalidInput.in_field("rows", "行号不能重复")
    if not 0 < len(request.request_id) <= LONGEST_REQUEST_ID // 2 or any(
        not 0 < len(row) < LONGEST_REQUEST_ID // 2 for row in rows
    ):
        raise InvalidInput.in_field(
            "request_id", f"请求编号和行号必填，最长 {LONGEST_REQUEST_ID // 2 - 1} 个字符"
        )


async def _row(
    letters: Letters,
    request: pb.MakeLettersRequest,
    row: pb.LetterRow,
    caller: Caller,
    room: asyncio.Semaphore,
) -> pb.MakeLettersResponse:
    single = pb.MakeLetterRequest(request_id=f"{request.request_id}/{row.row}", letter=row.letter)
    asked = Asked(caller, _METHOD, request.purpose, request_key(caller, _METHOD, single))
    async with room:
        try:
            made = await letters.make(row.letter, asked)
        except DomainError as error:
            field = error.fields[0].field if error.fields else ""
            return pb.MakeLettersResponse(
                row=row.row, reason=error.reason, message=error.message, field=field
            )
        except Exception:  # noqa: BLE001  # one that fails must not stop the others
            _log.exception("letter_failed", paper_type=row.letter.paper_type)
            return pb.MakeLettersResponse(row=row.row, reason=Reason.INTERNAL, message=Reason.INTERNAL.zh)
    return pb.MakeLettersResponse(row=row.row, made=made.made)
