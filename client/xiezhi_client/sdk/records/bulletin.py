"""Bulletins, what courts say against them, and what was corrected."""

from dataclasses import dataclass
from datetime import datetime

from xiezhi.v1 import bulletin_service_pb2
from xiezhi_client.sdk.record import Record
from xiezhi_client.sdk.records.figure import CountedMatter, Figure, FigureNumbers, Period
from xiezhi_client.sdk.vocabulary import BulletinState, Channel, Indicator, Variant


@dataclass(frozen=True, slots=True, kw_only=True)
class BulletinSummary(Record[bulletin_service_pb2.BulletinSummary]):
    """One bulletin in a list; `content_hash` is the SHA-256 of its bytes in hex."""

    bulletin_id: str = ""
    court: str = ""
    period: Period | None = None
    state: BulletinState = ""
    log_size: int = 0
    content_hash: str = ""
    drawn_up_at: datetime | None = None
    objections_until: datetime | None = None
    published_at: datetime | None = None
    event_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureCorrection(Record[bulletin_service_pb2.FigureCorrection]):
    """A published figure that later events have changed, and the matters that made the difference."""

    indicator: Indicator = ""
    variant: Variant = ""
    court: str = ""
    channel: Channel = ""
    published: FigureNumbers | None = None
    shown_published: str = ""
    now: FigureNumbers | None = None
    shown_now: str = ""
    entered: tuple[CountedMatter, ...] = ()
    left: tuple[CountedMatter, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulletin(Record[bulletin_service_pb2.GetBulletinResponse]):
    """A bulletin with its figures as frozen, and its corrections; `content` are the frozen bytes."""

    bulletin: BulletinSummary | None = None
    figures: tuple[Figure, ...] = ()
    corrections: tuple[FigureCorrection, ...] = ()
    corrected_at_log_size: int = 0
    content: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class DataObjection(Record[bulletin_service_pb2.DataObjection]):
    """What a court says against a draft, and the answer."""

    objection_id: str = ""
    bulletin_id: str = ""
    court: str = ""
    indicator: Indicator = ""
    text: str = ""
    filed_at: datetime | None = None
    upheld: bool = False
    answer: str = ""
    answered_at: datetime | None = None
