"""A request of any method, with something in every field, about one matter."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from xiezhi.v1 import document_pb2, export_service_pb2, instruction_pb2

_MOST_LEVELS: Final = 4
_WORDS: Final[Mapping[str, str]] = {
    "receiver": "苏0508",
    "court": "苏0508",
    "purpose": "核对测试事项",
    "kind": "FIND",
    "page_token": "",
    "base_event_id": "",
    "seen_hash": "",
}
_CHOICES: Final[Mapping[str, int]] = {
    "xiezhi.v1.Action": instruction_pb2.ACTION_SIGN,
    "xiezhi.v1.ListFormat": export_service_pb2.LIST_FORMAT_CSV,
    "xiezhi.v1.PaperType": document_pb2.PAPER_TYPE_STOP_LETTER,
}
"""What choices are made where the first one would be refused likewise."""
_ONE_OF_TWO: Final = "xiezhi.v1.GetDistributionRequest.distribution_id"
_DAY: Final = "2027-01-01"
_DAYS: Final = ("_on", "_from", "_until", "_day", "day")
"""What fields of these names say, where any text would be refused before anybody looks for the matter."""


@dataclass(frozen=True)
class Matter:
    """A matter, by everything that names it: it, one of its events, its case, one of its papers.

    `account` is somebody of the court that asks.
    """

    instruction: str
    event: str
    case_number: str
    sha256: bytes
    account: str

    def named(self, field: FieldDescriptor) -> Any:
        """What a field that names a matter, or something of it, says; None for any other."""
        if field.name == "request_id":
            return None
        if field.type == FieldDescriptor.TYPE_BYTES:
            return self.sha256 if field.name.startswith("sha256") or field.name.endswith("sha256") else None
        if field.type != FieldDescriptor.TYPE_STRING or field.name in _WORDS:
            return None
        if field.name.endswith("case_number") or field.name.endswith("case_numbers"):
            return self.case_number
        if field.name in _OF_PEOPLE:
            return self.account
        if field.name in {"event_id", "upload_id"}:
            return self.event
        return self.instruction if field.name.endswith(("_id", "_ids", "matter")) else None


def names_a_matter(message: Any, levels: int = 2) -> bool:
    """Whether requests of this type name a matter, an event, a case or a paper that may be another court's."""
    probe = Matter("m", "e", "c", b"s", "a")
    for field in message.fields:
        if field.name not in _OF_PEOPLE and probe.named(field) is not None:
            return True
        if levels and field.message_type is not None and names_a_matter(field.message_type, levels - 1):
            return True
    return False


_OF_PEOPLE: Final = frozenset(
    {
        *(
            "account_id",
            "approver_account_id",
            "assignee_account_id",
            "successor_account_id",
            "officer_account_id",
        ),
        *("substitute_id", "successor_id", "token_id", "view_id", "leave_id", "notification_id", "key_id"),
        *("after_id",),
    }
)
"""Ids of the own court's accounts, sessions and settings."""


def about(matter: Matter, request: Any, request_id: str) -> Message:
    """A request of the type *request* about *matter*."""
    message: Message = GetMessageClass(request)()
    _fill(message, matter, _MOST_LEVELS)
    if "request_id" in request.fields_by_name:
        message.request_id = request_id
    return message


def _fill(message: Any, matter: Matter, levels: int) -> None:
    for field in message.DESCRIPTOR.fields:
        is_other = field.containing_oneof is not None and field.containing_oneof.fields[0] is not field
        if is_other or field.full_name == _ONE_OF_TWO:
            continue
        value = matter.named(field)
        if field.message_type is not None:
            is_map = field.message_type.GetOptions().map_entry
            if levels and not is_map and field.message_type.full_name != message.DESCRIPTOR.full_name:
                part = getattr(message, field.name)
                _fill(part.add() if field.is_repeated else part, matter, levels - 1)
            continue
        value = _plain(field) if value is None else value
        if field.is_repeated:
            getattr(message, field.name).append(value)
        else:
            setattr(message, field.name, value)


def _plain(field: FieldDescriptor) -> Any:
    if field.type == FieldDescriptor.TYPE_STRING:
        return _WORDS.get(field.name, _DAY if field.name.endswith(_DAYS) else "测试")
    if field.type == FieldDescriptor.TYPE_BYTES:
        return b"%PDF-1.7 test"
    if field.enum_type is not None:
        return _CHOICES.get(field.enum_type.full_name, field.enum_type.values[-1].number and 1)
    if field.type == FieldDescriptor.TYPE_BOOL:
        return True
    return 1
