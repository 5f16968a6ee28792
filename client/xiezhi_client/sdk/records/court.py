"""Courts, their staff and their keys."""

from dataclasses import dataclass
from datetime import datetime

from xiezhi.v1 import court_pb2, key_pb2
from xiezhi_client.sdk.record import Record
from xiezhi_client.sdk.vocabulary import CourtLevel, KeyPurpose, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Court(Record[court_pb2.Court]):
    """One court of the directory; `code` (法院代字), such as 苏0591, is its identity everywhere."""

    code: str = ""
    name: str = ""
    level: CourtLevel = ""
    superior: str = ""
    joined: bool = False
    last_heard: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Officer(Record[court_pb2.Officer]):
    """A member of a court's staff as the other court has to know him; `certificates_valid_until` is YYYY-MM-DD."""

    name: str = ""
    role: Role = ""
    phone: str = ""
    mobile: str = ""
    work_certificate: str = ""
    duty_certificate: str = ""
    certificates_valid_until: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CourtKey(Record[key_pb2.CourtKey]):
    """A key of a court as the log shows it; valid between two log indexes, `ended_at_index` -1 while valid."""

    court: str = ""
    key_id: str = ""
    purpose: KeyPurpose = ""
    public_key: bytes = b""
    added_at_index: int = 0
    ended_at_index: int = 0
