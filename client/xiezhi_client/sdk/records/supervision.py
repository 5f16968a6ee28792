"""What the intermediate court sees."""

from dataclasses import dataclass
from datetime import datetime

from xiezhi.v1 import supervision_service_pb2
from xiezhi_client.sdk.record import Record
from xiezhi_client.sdk.records.instruction import InstructionSummary
from xiezhi_client.sdk.vocabulary import InstructionState


@dataclass(frozen=True, slots=True, kw_only=True)
class StateCount(Record[supervision_service_pb2.StateCount]):
    """Matters in one state."""

    state: InstructionState = ""
    count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CourtOverview(Record[supervision_service_pb2.CourtOverview]):
    """Counts of one court."""

    court: str = ""
    sent_open: int = 0
    received_open: int = 0
    received_overdue: int = 0
    received_by_state: tuple[StateCount, ...] = ()
    connected: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowCount(Record[supervision_service_pb2.FlowCount]):
    """Open matters between two courts."""

    sender: str = ""
    receiver: str = ""
    open: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class HourCount(Record[supervision_service_pb2.HourCount]):
    """Matters sent and results reported in one hour (0 to 23) of today in Asia/Shanghai."""

    hour: int = 0
    sent: int = 0
    reported: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview(Record[supervision_service_pb2.GetOverviewResponse]):
    """One row for each court of the hub's tree, the flows between them, the hours of today; at a size of the log."""

    courts: tuple[CourtOverview, ...] = ()
    log_size: int = 0
    read_at: datetime | None = None
    flows: tuple[FlowCount, ...] = ()
    today: tuple[HourCount, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterPage(Record[supervision_service_pb2.ListMattersResponse]):
    """One page of the matters between the hub's courts; `next_page_token` is empty at the end.

    `withheld`, told on the first page: how many more there are of which the reader may not know.
    """

    instructions: tuple[InstructionSummary, ...] = ()
    next_page_token: str = ""
    withheld: int = 0
