"""What has to be done, item by item, and what came of it."""

from dataclasses import dataclass
from datetime import datetime

from xiezhi.v1 import item_pb2
from xiezhi_client.sdk.record import Record
from xiezhi_client.sdk.records.court import Officer
from xiezhi_client.sdk.records.property import Property
from xiezhi_client.sdk.vocabulary import Act, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class AssistingBody(Record[item_pb2.AssistingBody]):
    """A bank, a registry, a police station that has to help (协助单位)."""

    name: str = ""
    branch: str = ""
    address: str = ""
    phone: str = ""
    category: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item(Record[item_pb2.Item]):
    """One act on one object at one assisting body (办理项); `expires_on` is YYYY-MM-DD, empty if the act has none."""

    number: int = 0
    act: Act = ""
    subject_number: int = 0
    property: Property | None = None
    scope: str = ""
    clue: str = ""
    assisting_body: AssistingBody | None = None
    amount_fen: int = 0
    expires_on: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFinding(Record[item_pb2.PersonFinding]):
    """What was learned about a person."""

    subject_number: int = 0
    seen: bool = False
    seen_at: datetime | None = None
    place: str = ""
    identity_check: str = ""
    statement: str = ""
    measure: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding(Record[item_pb2.Finding]):
    """Something found (查找结果): one of `person`, `property` and `site`."""

    person: PersonFinding | None = None
    property: Property | None = None
    site: str | None = None
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemOutcome(Record[item_pb2.ItemOutcome]):
    """The outcome of one item as the receiver reports it; `document_sha256s` are hex."""

    number: int = 0
    outcome: Outcome = ""
    reason: str = ""
    done_at: datetime | None = None
    officers: tuple[Officer, ...] = ()
    amount_obtained_fen: int = 0
    rank_obtained: str = ""
    expires_on: str = ""
    deviation: str = ""
    note: str = ""
    findings: tuple[Finding, ...] = ()
    document_sha256s: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRejection(Record[item_pb2.ItemRejection]):
    """A result that the sender does not accept; `reason` is a code of the rulebook."""

    number: int = 0
    reason: str = ""
    note: str = ""
