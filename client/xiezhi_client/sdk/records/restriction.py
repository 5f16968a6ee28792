"""Restricting who reads a matter that has ended: what is ordered."""

from dataclasses import dataclass
from datetime import datetime

from xiezhi.v1 import restriction_service_pb2 as pb
from xiezhi_client.sdk.record import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class RestrictionOrder(Record[pb.RestrictionOrder]):
    """Whether the reading of a matter is restricted from now on, or no more.

    `reason` and `legal_ground` are required and stay for ever: personal data does not belong in them.
    """

    instruction_id: str = ""
    restricted: bool = False
    reason: str = ""
    legal_ground: str = ""
    ordered_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restriction(Record[pb.Restriction]):
    """The last order about a matter, as it stands in the log."""

    order_id: str = ""
    order: RestrictionOrder | None = None
    matter_number: str = ""
    ordered_at: datetime | None = None
    log_index: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RestrictionPage(Record[pb.ListRestrictionsResponse]):
    """A page of them, newest first."""

    restrictions: tuple[Restriction, ...] = ()
    next_page_token: str = ""
