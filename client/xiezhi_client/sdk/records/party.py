"""Who a matter is about."""

from dataclasses import dataclass

from xiezhi.v1 import party_pb2
from xiezhi_client.sdk.record import Record
from xiezhi_client.sdk.vocabulary import IdentityDocument, SubjectRole


@dataclass(frozen=True, slots=True, kw_only=True)
class Person(Record[party_pb2.Person]):
    """A natural person; `identity_number` comes masked to those who do not work on the matter."""

    name: str = ""
    aliases: tuple[str, ...] = ()
    identity_document: IdentityDocument = ""
    identity_number: str = ""
    identity_override_reason: str = ""
    phones: tuple[str, ...] = ()
    registered_address: str = ""
    residence: str = ""
    workplace: str = ""
    vehicle_plates: tuple[str, ...] = ()
    relatives_clue: str = ""
    risk_note: str = ""
    photo_sha256: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation(Record[party_pb2.Organisation]):
    """A legal person or other organisation."""

    name: str = ""
    credit_code: str = ""
    registered_address: str = ""
    business_address: str = ""
    representative: str = ""
    phones: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject(Record[party_pb2.Subject]):
    """Somebody in the sender's case: one of `person` and `organisation`; items refer to its `number`, from 1."""

    number: int = 0
    role: SubjectRole = ""
    person: Person | None = None
    organisation: Organisation | None = None
    role_ground: str = ""
