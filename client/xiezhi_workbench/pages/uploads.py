"""Papers in pieces: what a browser cuts up goes on to the desk as it comes, and is kept nowhere in between.

A browser names a paper by its hash and asks where to go on; then it sends the next piece from there. Both ends may
break off at any moment: the answer is the desk's, which knows what has arrived.
"""

from collections.abc import AsyncIterator
from typing import Any, Final, cast

from starlette.middleware import Middleware
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from xiezhi_client.sdk import Document, InvalidInput, XiezhiError
from xiezhi_client.sdk.vocabulary import PaperType as PaperName
from xiezhi_domain.terms import PaperType
from xiezhi_workbench.answering import refused, sent_object, text_of
from xiezhi_workbench.numbers import LARGEST_INT64, whole
from xiezhi_workbench.page import Page, page

_LARGEST_PIECE: Final = 32 * 1024 * 1024
_SENT_AT_ONCE: Final = 256 * 1024
"""Bytes of a piece on its way to the desk; the contract allows 1 MiB."""


@page
async def begin(page: Page) -> Response:
    """Say where the upload of a paper goes on: `upload`, `offset`, and whether it is `present` already."""
    try:
        document = _document(await sent_object(page.request))
        place = await page.client.documents.begin(page.request.path_params["id"], document)
    except XiezhiError as error:
        return refused(error)
    return JSONResponse({"upload": place.upload_id, "offset": place.offset, "present": place.present})


@page
async def piece(page: Page) -> Response:
    """Pass a piece on, from the `offset` of the address; answer with the next one and whether the paper is `done`."""
    counted = _Counted(page.request)
    try:
        offset = _offset(page.request)
        upload_id = page.request.path_params["upload"]
        document = await page.client.documents.send(upload_id, offset, counted.pieces())
    except XiezhiError as error:
        return refused(error)
    return JSONResponse({"offset": offset + counted.bytes, "done": document is not None})


class _Counted:
    """The body of a request, in pieces for the desk; counts its bytes."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self.bytes = 0

    async def pieces(self) -> AsyncIterator[bytes]:
        """Give what comes; where the browser has gone, what came until then stays at the desk."""
        try:
            async for chunk in self._request.stream():
                for start in range(0, len(chunk), _SENT_AT_ONCE):
                    data = chunk[start : start + _SENT_AT_ONCE]
                    self.bytes += len(data)
                    yield data
        except ClientDisconnect:
            return


def _document(sent: dict[str, Any]) -> Document:
    size, paper_type = sent.get("size"), text_of(sent, "paper_type")
    if paper_type not in set(PaperType):
        raise InvalidInput.in_field("paper_type", "请选择文书类型")
    if type(size) is not int or not 0 <= size <= LARGEST_INT64:
        raise InvalidInput.in_field("size", "文件大小无法识别，请重新选择文件")
    sha256 = text_of(sent, "sha256")
    try:
        bytes.fromhex(sha256)
    except ValueError:
        raise InvalidInput.in_field("sha256", "文件校验值无法识别，请重新选择文件") from None
    return Document(
        sha256=sha256, name=text_of(sent, "name"), size=size, paper_type=cast(PaperName, paper_type)
    )


def _offset(request: Request) -> int:
    offset = request.query_params.get("offset", "")
    return whole(offset, "offset", "上传位置无法识别，请刷新页面后再试", most=LARGEST_INT64)


_PIECES: Final[Any] = Middleware(RequestBodyLimitMiddleware, max_body_size=_LARGEST_PIECE)
routes: Final = [
    Route("/matters/{id}/uploads", begin, methods=["POST"]),
    Route("/matters/{id}/uploads/{upload}", piece, methods=["PUT"], middleware=[_PIECES]),
]
