"""Parts of the bodies of actions."""

from google.protobuf.message import Message

from xiezhi.v1 import court_pb2, event_pb2
from xiezhi_node.acting.compose import PartContent


def part(name: str, content: Message) -> PartContent:
    """Return a part of a body."""
    return name, content.SerializeToString()


def prose(text: str, contact: court_pb2.Officer | None = None) -> list[PartContent]:
    """Return what people wrote as a part; none where they wrote nothing."""
    if not text.strip() and contact is None:
        return []
    return [part("prose", event_pb2.Prose(text=text.strip(), contact=contact))]
