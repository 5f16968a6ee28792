"""What scripts of our pages send and are answered: JSON, with the same Chinese messages that forms show."""

import json
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse

from xiezhi_client.sdk import Conflict, DataLoss, InvalidInput, XiezhiError
from xiezhi_workbench.page import Problem, status_of

_PLACE_LOST: Final = frozenset({"OFFSET_OUT_OF_RANGE", "UNKNOWN_DOCUMENT"})
"""Reasons which mean that the browser is to ask again where its upload goes on."""


def refused(error: XiezhiError) -> JSONResponse:
    """Tell a script what is wrong, and whether the same may succeed a little later (`again`)."""
    problem = Problem.of(error)
    again = error.transient or isinstance(error, DataLoss | Conflict) or error.reason in _PLACE_LOST
    content = {
        "message": problem.message,
        "fields": problem.fields,
        "again": again,
        "retry_after": problem.retry_after,
    }
    return JSONResponse(content, status_of(error))


async def sent_object(request: Request) -> dict[str, Any]:
    """Give the JSON object that a script sent. Raise `InvalidInput`."""
    try:
        value = json.loads(await request.body())
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise InvalidInput("INVALID_FIELD", "提交的内容无法识别，请刷新页面后再试")
    return value


def text_of(sent: dict[str, Any], name: str) -> str:
    """Give a text of an object; empty where there is none."""
    value = sent.get(name, "")
    return value.strip() if isinstance(value, str) else ""
