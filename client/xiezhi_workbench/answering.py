"""What scripts of our pages send and are answered: JSON, with the same Chinese messages that forms show."""

from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse

from xiezhi_client.sdk import InvalidInput, XiezhiError
from xiezhi_domain.plain_values import read_json
from xiezhi_workbench.page import Problem, status_of

_PLACE_LOST: Final = frozenset({"OFFSET_OUT_OF_RANGE", "UNKNOWN_DOCUMENT"})
"""Reasons which mean that the browser is to ask again where its upload goes on."""
_MOVED_ON: Final = frozenset({"STALE_BASE", "BASE_UNKNOWN"})
"""Reasons which mean that something came in between: sent again, it goes on from where the matter is then."""
_NOT_NOW: Final = frozenset(
    {
        "RULEBOOK_UNKNOWN",
        "HUB_UNREACHABLE",
        "DISK_FULL",
        "SIGNER_AWAY",
        "RECOVERING",
        "STOPPING",
        "RATE_LIMITED",
    }
)
"""Reasons that wait for a server; a sheet of visits gives them for one matter, without the error's class."""
_AGAIN: Final = _PLACE_LOST | _MOVED_ON | _NOT_NOW


def refused(error: XiezhiError) -> JSONResponse:
    """Tell a script what is wrong, and whether the same may succeed a little later (`again`).

    Everything else never will as it is: another content under a used request id, a visit that was reported before.
    """
    problem = Problem.of(error)
    content = {
        "message": problem.message,
        "fields": problem.fields,
        "again": error.transient or error.reason in _AGAIN,
        "retry_after": problem.retry_after,
    }
    return JSONResponse(content, status_of(error))


async def sent_object(request: Request) -> dict[str, Any]:
    """Give the JSON object that a script sent. Raise `InvalidInput`."""
    try:
        value = read_json(await request.body())
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise InvalidInput("INVALID_FIELD", "提交的内容无法识别，请刷新页面后再试")
    return value


def text_of(sent: dict[str, Any], name: str) -> str:
    """Give a text of an object; empty where there is none."""
    value = sent.get(name, "")
    return value.strip() if isinstance(value, str) else ""
