"""Asking for a one-time code in the middle of an action that demands one, whatever page the action stands on.

The desk refuses an approval or a seal until a code was shown; the client then asks here. What was sent is shown once
more with a field for the code beside it (`page`), and comes back with the code, which is taken and the action with it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from xiezhi_client.sdk import XiezhiError

FIELD: Final = "one_time_code"
_typed: ContextVar[str] = ContextVar("xiezhi_workbench_code", default="")


# No XiezhiError, because pages catch those and show their own forms.
class CodeNeededError(Exception):
    """The action waits for a code; `refused` is what the desk said of one that was typed."""

    def __init__(self, refused: XiezhiError | None) -> None:
        super().__init__(refused)
        self.refused = refused


@contextmanager
def typed(code: str) -> Iterator[None]:
    """Have *code* be what was typed with the present request, inside the block."""
    token = _typed.set(code)
    try:
        yield
    finally:
        _typed.reset(token)


async def give_code(refused: XiezhiError | None) -> str:
    """Give the code that was typed with the present request. Raise `CodeNeededError`: none was, or it was wrong."""
    code = _typed.get()
    if refused is not None or not code:
        raise CodeNeededError(refused)
    return code
