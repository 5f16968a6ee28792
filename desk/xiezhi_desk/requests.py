"""Who a request is counted against, and what makes two requests the same (protocol §12)."""

from collections.abc import Sequence
from typing import Final

from google.protobuf.message import Message

from xiezhi_domain.errors import InvalidInput
from xiezhi_journal import journal
from xiezhi_journal.ledger import RequestKey
from xiezhi_wire.caller import Caller
from xiezhi_wire.peer import PeerCertificate

LONGEST_REQUEST_ID: Final = 128


def principal(caller: Caller | PeerCertificate) -> str:
    """Return who acts, as tables name him: the account's id, or the code of the court whose node calls.

    The two cannot be mistaken for each other: account ids are UUIDs.
    """
    return caller.account_id if isinstance(caller, Caller) else caller.court


def request_key(
    caller: Caller | PeerCertificate, method: str, request: Message, *, secrets: Sequence[str] = ()
) -> RequestKey:
    """Return the idempotency key of *request*, a message with a field ``request_id``.

    The fields named in *secrets* do not count as content: a quick hash of a password, kept for thirty days,
    would undo the slow one.

    :raises InvalidInput: it has no request id, or a very long one.
    """
    request_id: str = getattr(request, "request_id")  # noqa: B009  # of no common type
    if not 0 < len(request_id) <= LONGEST_REQUEST_ID:
        raise InvalidInput.in_field("request_id", f"请求编号必填，最长 {LONGEST_REQUEST_ID} 个字符")
    content = type(request)()
    content.CopyFrom(request)
    for name in ("request_id", *secrets):
        content.ClearField(name)
    return journal.request_key(
        principal(caller), method, request_id, content.SerializeToString(deterministic=True)
    )
