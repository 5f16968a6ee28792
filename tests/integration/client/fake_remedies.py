"""Remedies and consents at the fake node: each is an event whose text says what arrived, for tests to compare."""

from typing import Any

from google.protobuf.json_format import MessageToJson

from xiezhi.v1 import instruction_service_pb2, remedy_pb2

_MESSAGES = {
    name.removesuffix("Request"): remedy_pb2
    for name in remedy_pb2.DESCRIPTOR.message_types_by_name
    if name.endswith("Request")
} | dict.fromkeys(("RecordConsent", "WriteConsent"), instruction_service_pb2)
"""The modules of the messages, by method."""
METHODS = sorted(_MESSAGES)
_COMMON = ("request_id", "instruction_id", "base_event_id")


def arrived(request: Any) -> str:
    """What a request says beside its first three fields, as JSON."""
    content = type(request)()
    content.CopyFrom(request)
    for name in _COMMON:
        if name in content.DESCRIPTOR.fields_by_name:
            content.ClearField(name)
    return MessageToJson(content, preserving_proto_field_name=True, ensure_ascii=False, sort_keys=True)


def remedy(name: str) -> Any:
    """The method *name*, before it is served."""

    def take(self: Any, request: Any) -> Any:
        matter = self.node.matter(request.instruction_id)
        event_id = self.node.record(matter, name, arrived(request))
        return getattr(_MESSAGES[name], f"{name}Response")(receipt=self.node.receipt(matter, event_id))

    take.__name__ = name
    return take
