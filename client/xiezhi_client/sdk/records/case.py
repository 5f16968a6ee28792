"""Cases as far as a matter needs them."""

from dataclasses import dataclass

from xiezhi.v1 import case_pb2, case_service_pb2
from xiezhi_client.sdk.record import Record
from xiezhi_client.sdk.records.court import Officer
from xiezhi_client.sdk.records.party import Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class Case(Record[case_pb2.Case]):
    """A case; the case-management system is its master. Amounts in fen."""

    case_number: str = ""
    court: str = ""
    cause: str = ""
    stage: str = ""
    enforceable_document: str = ""
    claimed_fen: int = 0
    received_fen: int = 0
    outstanding_fen: int = 0
    judge: Officer | None = None
    clerk: Officer | None = None
    centre_phone: str = ""
    subjects: tuple[Subject, ...] = ()
    related_case_numbers: tuple[str, ...] = ()
    live_measures: tuple[str, ...] = ()
    costs_fen: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSummary(Record[case_service_pb2.CaseSummary]):
    """One case in a list, without personal data of parties."""

    case_number: str = ""
    cause: str = ""
    stage: str = ""
    judge: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredCase(Record[case_service_pb2.PutCaseResponse]):
    """A case was stored: its number as normalised, and Chinese warnings."""

    case_number: str = ""
    warnings: tuple[str, ...] = ()
