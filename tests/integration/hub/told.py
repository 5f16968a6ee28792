"""What a failed call told its caller."""

from collections.abc import Awaitable
from typing import Any

import grpc
import pytest
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo
from google.rpc.status_pb2 import Status


async def refusal(call: Awaitable[Any]) -> tuple[grpc.StatusCode, str, list[str]]:
    """Code, reason and wrong fields with which *call* failed."""
    with pytest.raises(grpc.aio.AioRpcError) as failed:
        await call
    error = failed.value
    status = Status.FromString(dict(error.trailing_metadata() or ())["grpc-status-details-bin"])
    reason, fields = "", []
    for packed in status.details:
        info, bad = ErrorInfo(), BadRequest()
        if packed.Unpack(info):
            reason = info.reason
        elif packed.Unpack(bad):
            fields = [violation.field for violation in bad.field_violations]
    return error.code(), reason, fields
