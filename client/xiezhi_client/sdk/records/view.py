"""Saved views of lists."""

from dataclasses import dataclass

from xiezhi.v1 import instruction_service_pb2, view_service_pb2
from xiezhi_client.sdk.record import Record
from xiezhi_client.sdk.vocabulary import Box, Channel, InstructionState


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFilter(Record[instruction_service_pb2.ListInstructionsRequest]):
    """What a list is narrowed to; what is empty does not narrow it. Days are YYYY-MM-DD, both included."""

    box: Box = ""
    states: tuple[InstructionState, ...] = ()
    open_only: bool = False
    other_court: str = ""
    text: str = ""
    overdue_only: bool = False
    mine_only: bool = False
    page_size: int = 0
    page_token: str = ""
    kinds: tuple[str, ...] = ()
    case_number: str = ""
    person: str = ""
    due_from: str = ""
    due_until: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedView(Record[view_service_pb2.SavedView]):
    """A filter under a name; the list of its box opens with the one that is the default."""

    view_id: str = ""
    name: str = ""
    filter: ListFilter | None = None
    channel: Channel = ""
    is_default: bool = False
