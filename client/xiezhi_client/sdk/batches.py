"""Batches of orders, cut into requests that the contract takes."""

from collections.abc import Iterable, Iterator
from typing import Final, Protocol, TypeVar

from google.protobuf.message import Message

from xiezhi_client.sdk.errors import InvalidInput

MAX_ISSUES: Final = 512
"""Orders in one request of a batch, by the contract."""
# A message may be 1 MiB (protocol §1); the rest is for what frames the orders.
_MAX_CHUNK_BYTES: Final = 900 * 1024

IssueT = TypeVar("IssueT", bound=Message)
IssueT_co = TypeVar("IssueT_co", bound=Message, covariant=True)


class Issue(Protocol[IssueT_co]):
    """An order of a batch, of any kind; its message has a `row`."""

    def to_proto(self) -> IssueT_co:
        """Give the message."""


def chunks(issues: Iterable[Issue[IssueT]]) -> Iterator[list[IssueT]]:
    """Give the orders as requests take them; rows left empty are numbered from 1.

    Raise `InvalidInput` for a row used twice.
    """
    chunk: list[IssueT] = []
    size = 0
    for issue in _numbered(issues):
        if chunk and (len(chunk) == MAX_ISSUES or size + issue.ByteSize() > _MAX_CHUNK_BYTES):
            yield chunk
            chunk, size = [], 0
        chunk.append(issue)
        size += issue.ByteSize()
    if chunk:
        yield chunk


def _numbered(issues: Iterable[Issue[IssueT]]) -> Iterator[IssueT]:
    seen: set[str] = set()
    for position, each in enumerate(issues, 1):
        issue = each.to_proto()
        row: str = getattr(issue, "row") or str(position)  # noqa: B009  no common base of the messages has it
        if row in seen:
            raise InvalidInput.in_field("row", f"行号重复：{row}")
        seen.add(row)
        setattr(issue, "row", row)  # noqa: B010  likewise
        yield issue
