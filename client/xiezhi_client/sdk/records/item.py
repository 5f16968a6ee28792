"""What has to be done, item by item, and what came of it."""

from dataclasses import dataclass
from datetime import datetime

from xiezhi.v1 import item_pb2
from xiezhi_client.sdk.record import Record
from xiezhi_client.sdk.records.court import Officer
from xiezhi_client.sdk.records.property import Property
from xiezhi_client.sdk.vocabulary import Act, Outcome, ServiceResult


@dataclass(frozen=True, slots=True, kw_only=True)
class AssistingBody(Record[item_pb2.AssistingBody]):
    """A bank, a registry, a police station that has to help (协助单位)."""

    name: str = ""
    branch: str = ""
    address: str = ""
    phone: str = ""
    category: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierMeasure(Record[item_pb2.EarlierMeasure]):
    """The measure that an item renews, releases or deducts from; `expires_on` is YYYY-MM-DD."""

    case_number: str = ""
    document: str = ""
    request_number: str = ""
    expires_on: str = ""
    instruction_id: str = ""
    item_number: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CourtAccount(Record[item_pb2.CourtAccount]):
    """The account of the sender's court that money goes to (执行款专户)."""

    holder: str = ""
    bank: str = ""
    bank_number: str = ""
    account: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceOrder(Record[item_pb2.ServiceOrder]):
    """The papers to serve, each by its title, and where and how."""

    papers: tuple[str, ...] = ()
    address: str = ""
    method: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkQuery(Record[item_pb2.NetworkQuery]):
    """The last query of the national network system (总对总); `queried_on` is YYYY-MM-DD."""

    queried_on: str = ""
    result: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item(Record[item_pb2.Item]):
    """One act on one object at one assisting body (办理项); days are YYYY-MM-DD, empty if the act has none."""

    number: int = 0
    act: Act = ""
    subject_number: int = 0
    property: Property | None = None
    scope: str = ""
    clue: str = ""
    assisting_body: AssistingBody | None = None
    amount_fen: int = 0
    expires_on: str = ""
    starts_on: str = ""
    earlier: EarlierMeasure | None = None
    pay_to: CourtAccount | None = None
    service: ServiceOrder | None = None
    network_query: NetworkQuery | None = None


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
class ServiceOutcome(Record[item_pb2.ServiceOutcome]):
    """How papers were served."""

    result: ServiceResult = ""
    served_at: datetime | None = None
    taken_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemOutcome(Record[item_pb2.ItemOutcome]):
    """The outcome of one item as the receiver reports it; `document_sha256s` are hex, days YYYY-MM-DD.

    `act_done` is the act actually done, where it is not the one ordered.
    """

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
    act_done: Act = ""
    starts_on: str = ""
    occupation: str = ""
    credited_on: str = ""
    service: ServiceOutcome | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRejection(Record[item_pb2.ItemRejection]):
    """A result that the sender does not accept; `reason` is a code of the rulebook."""

    number: int = 0
    reason: str = ""
    note: str = ""
