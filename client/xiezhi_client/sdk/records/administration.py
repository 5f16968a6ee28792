"""What is looked after: links of courts, the program itself, who looked at whose data, programs beside a node."""

from dataclasses import dataclass
from datetime import datetime

from xiezhi.v1 import administration_service_pb2, admission_service_pb2, connector_service_pb2
from xiezhi_client.sdk.record import Record
from xiezhi_client.sdk.vocabulary import ConnectorKind


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkStream(Record[admission_service_pb2.LinkStream]):
    """The last stream of a court's node, as the hub measured it; `clock_offset_ms`: how far the node was ahead."""

    opened_at: datetime | None = None
    program_version: str = ""
    clock_offset_ms: int = 0
    certificate_serial: str = ""
    certificate_ends_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CourtLink(Record[admission_service_pb2.CourtLink]):
    """The link of one court; `stream` is None where it has not connected since the hub has started.

    `waiting_items` of its feed were not acknowledged, the oldest since `waiting_since`.
    """

    court: str = ""
    joined_at: datetime | None = None
    last_heard: datetime | None = None
    connected: bool = False
    stream: LinkStream | None = None
    waiting_items: int = 0
    waiting_since: datetime | None = None
    in_transit: int = 0
    undelivered: int = 0
    certificate_ends_at: datetime | None = None
    disabled: bool = False
    invited_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Links(Record[admission_service_pb2.ListLinksResponse]):
    """The links of all courts, and whether the hub itself is open."""

    links: tuple[CourtLink, ...] = ()
    recovering: bool = False
    problem: str = ""
    read_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CourtInvitation(Record[admission_service_pb2.InviteCourtResponse]):
    """A join token, shown this once: empty where the same request was answered before."""

    token: str = ""
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemFinding(Record[administration_service_pb2.SystemFinding]):
    """One thing that was looked at in a program."""

    subject: str = ""
    good: bool = False
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemStatus(Record[administration_service_pb2.GetSystemStatusResponse]):
    """How a program is; sizes in bytes, `log_size` in entries."""

    findings: tuple[SystemFinding, ...] = ()
    program_version: str = ""
    python_version: str = ""
    database_version: str = ""
    schema_version: str = ""
    disk_free: int = 0
    disk_total: int = 0
    log_size: int = 0
    document_count: int = 0
    document_bytes: int = 0
    rulebook_hash: str = ""
    started_at: datetime | None = None
    read_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Look(Record[administration_service_pb2.Look]):
    """One look at personal data; `account_id` is a court's code where its node looked."""

    at: datetime | None = None
    account_id: str = ""
    account_name: str = ""
    method: str = ""
    object: str = ""
    matter_number: str = ""
    purpose: str = ""
    unmasked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LookPage(Record[administration_service_pb2.ListLooksResponse]):
    """Looks, the last first, and the token of the next page, empty at the end."""

    looks: tuple[Look, ...] = ()
    next_page_token: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectorStatus(Record[connector_service_pb2.ConnectorStatus]):
    """A program beside the node, and how it has answered since the node has started."""

    name: str = ""
    kind: ConnectorKind = ""
    address: str = ""
    categories: tuple[str, ...] = ()
    answered_at: datetime | None = None
    failed_at: datetime | None = None
    problem: str = ""
    failures: int = 0
    resting: bool = False
    waiting: int = 0
