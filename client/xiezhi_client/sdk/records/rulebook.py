"""Rulebooks as they are published: documents that are brought, what they change, what was published when."""

from dataclasses import dataclass
from datetime import datetime

from xiezhi.v1 import directory_service_pb2 as pb
from xiezhi_client.sdk.record import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class RulebookDocument(Record[pb.RulebookDocument]):
    """A document of a rulebook: its name, and its TOML."""

    name: str = ""
    content: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RulebookDifference(Record[pb.RulebookDifference]):
    """A value of the rules that is another: its key, before and after; empty where it does not stand."""

    path: str = ""
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedRulebook(Record[pb.PublishedRulebook]):
    """A rulebook without its content; without `event_id` it is not published. `valid_from` is YYYY-MM-DD."""

    hash: str = ""
    version: str = ""
    valid_from: str = ""
    grace_days: int = 0
    published_at: datetime | None = None
    event_id: str = ""
    in_force: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RulebookChange(Record[pb.PublishRulebookResponse]):
    """A rulebook, the hash of the one before it, and what it changes in that; `more_differences` are not shown."""

    rulebook: PublishedRulebook | None = None
    newest: str = ""
    differences: tuple[RulebookDifference, ...] = ()
    more_differences: int = 0
