"""Registries: what they are asked, what they answer and do, persons seen."""

from dataclasses import dataclass
from datetime import datetime

from xiezhi.v1 import query_service_pb2, registry_connector_pb2, registry_pb2
from xiezhi_client.sdk.record import Record
from xiezhi_client.sdk.records.instruction import ActionReceipt
from xiezhi_client.sdk.records.property import Property
from xiezhi_client.sdk.vocabulary import AnswerState, ControlAction, IdentityDocument, SeizureKind


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistryCategory(Record[query_service_pb2.RegistryCategory]):
    """A category, whether a court has confirmed it, and who serves it; one that rests has failed several times."""

    code: str = ""
    name: str = ""
    confirmed: bool = False
    connector: str = ""
    resting: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistryHolder(Record[registry_pb2.RegistryHolder]):
    """Who a registry is asked about, or speaks of."""

    name: str = ""
    identity_document: IdentityDocument = ""
    identity_number: str = ""
    credit_code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seizure(Record[registry_pb2.Seizure]):
    """A seizure as a register has it; rank 1 is the first. Days are YYYY-MM-DD."""

    kind: SeizureKind = ""
    rank: int = 0
    court: str = ""
    case_number: str = ""
    document: str = ""
    starts_on: str = ""
    expires_on: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistryFact(Record[registry_pb2.RegistryFact]):
    """One line of a record that is no property."""

    label: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistryRecord(Record[registry_pb2.RegistryRecord]):
    """One record: a property, or facts, with the seizures on it."""

    record_id: str = ""
    holder: RegistryHolder | None = None
    property: Property | None = None
    facts: tuple[RegistryFact, ...] = ()
    seizures: tuple[Seizure, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistryAnswer(Record[query_service_pb2.RegistryAnswer]):
    """What one category has answered; `next_at` says when it is asked again, `event_id` which event reported it."""

    category: str = ""
    name: str = ""
    connector: str = ""
    state: AnswerState = ""
    problem: str = ""
    attempts: int = 0
    answered_at: datetime | None = None
    next_at: datetime | None = None
    record_count: int = 0
    records: tuple[RegistryRecord, ...] = ()
    reply_number: str = ""
    as_of: str = ""
    event_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistryQuery(Record[query_service_pb2.RegistryQuery]):
    """A query: who asked about whom, for which item, and what became of each category."""

    query_id: str = ""
    instruction_id: str = ""
    item_number: int = 0
    case_number: str = ""
    subject_number: int = 0
    subject_name: str = ""
    region: str = ""
    purpose: str = ""
    account_id: str = ""
    account_name: str = ""
    asked_at: datetime | None = None
    answers: tuple[RegistryAnswer, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryTold(Record[query_service_pb2.RunQueryResponse]):
    """What a running query tells: first itself, then each category that is answered or put off."""

    query: RegistryQuery | None = None
    answer: RegistryAnswer | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistryResponse(Record[registry_connector_pb2.RegistryConnectorControlResponse]):
    """What a registry did; `receipt_number` is its 回执编号, `refusal` says why it did nothing."""

    request_number: str = ""
    done: bool = False
    refusal: str = ""
    kind: SeizureKind = ""
    rank: int = 0
    starts_on: str = ""
    expires_on: str = ""
    receipt_number: str = ""
    seizures: tuple[Seizure, ...] = ()
    done_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistryAct(Record[query_service_pb2.RegistryAct]):
    """What a registry was asked to do for an item, and its answer."""

    request_number: str = ""
    item_number: int = 0
    connector: str = ""
    action: ControlAction = ""
    response: RegistryResponse | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemControlled(Record[query_service_pb2.ControlItemResponse]):
    """An act, and the report of the item's outcome; no receipt where there is nothing to report."""

    act: RegistryAct | None = None
    receipt: ActionReceipt | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistryHit(Record[registry_pb2.RegistryHit]):
    """A person under watch was seen."""

    hit_id: str = ""
    request_number: str = ""
    holder: RegistryHolder | None = None
    seen_at: datetime | None = None
    place: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HitTold(Record[query_service_pb2.WatchHitsResponse]):
    """A hit at its matter; `cursor` is where to go on."""

    cursor: int = 0
    instruction_id: str = ""
    matter_number: str = ""
    item_number: int = 0
    connector: str = ""
    learned_at: datetime | None = None
    hit: RegistryHit | None = None
