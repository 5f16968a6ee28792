"""What ended a stream, and how the node's operator is told."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import grpc

from xiezhi_domain.errors import DomainError, Reason
from xiezhi_wire.errors import DETAILS_KEY
from xiezhi_wire.startup import StartupError

_TOLD: Final = {
    grpc.StatusCode.UNAVAILABLE: "连不上枢纽，请检查网络、枢纽地址和双方证书",
    grpc.StatusCode.UNIMPLEMENTED: "所连地址不是枢纽的节点接入端口，请检查配置",
    grpc.StatusCode.UNAUTHENTICATED: Reason.CERTIFICATE_INVALID.zh,
    grpc.StatusCode.RESOURCE_EXHAUSTED: Reason.TOO_LARGE.zh,
}


class HubLeft(Exception):  # noqa: N818  # the name says what happened
    """The hub ended the stream without an error."""


@contextmanager
def first_error() -> Iterator[None]:
    """Raise what failed first in a task group, plain, instead of the group of everything that then failed."""
    try:
        yield
    except BaseExceptionGroup as group:
        error: BaseException = group
        while isinstance(error, BaseExceptionGroup):
            error = error.exceptions[0]
        raise error from None


def explain(error: Exception) -> str:
    """Return what ended a stream, in Chinese, for the node's operator."""
    match error:
        case grpc.aio.AioRpcError():
            return _explain_status(error)
        case DomainError():
            return error.message
        case TimeoutError():
            return "枢纽没有按时应答，请检查网络"
        case StartupError():
            return "证书文件无法使用，请检查配置"
        case HubLeft():
            return "枢纽已断开连接"
        case _:
            return Reason.INTERNAL.zh


def _explain_status(error: grpc.aio.AioRpcError) -> str:
    # With details it comes from the hub itself, in Chinese.
    if DETAILS_KEY in dict(error.trailing_metadata() or ()):
        return error.details() or Reason.INTERNAL.zh
    return _TOLD.get(error.code(), f"与枢纽的连接中断（{error.code().name}）")
