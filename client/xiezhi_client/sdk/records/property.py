"""Property, by category."""

from dataclasses import dataclass

from xiezhi.v1 import property_pb2
from xiezhi_client.sdk.record import Record
from xiezhi_client.sdk.vocabulary import PropertyCategory


@dataclass(frozen=True, slots=True, kw_only=True)
class Deposit(Record[property_pb2.Deposit]):
    """A bank account or a financial product in one."""

    bank: str = ""
    branch: str = ""
    account: str = ""
    currency: str = ""
    balance_fen: int = 0
    earlier_freezes: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Immovable(Record[property_pb2.Immovable]):
    """Land, a house, a flat; `area` in square metres as written on the certificate."""

    certificate: str = ""
    unit: str = ""
    location: str = ""
    area: str = ""
    shares: str = ""
    mortgages: str = ""
    seizure_rank: str = ""
    occupation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vehicle(Record[property_pb2.Vehicle]):
    """A vehicle."""

    plate: str = ""
    plate_kind: str = ""
    vin: str = ""
    registry: str = ""
    model: str = ""
    seized_physically: bool = False
    mortgages: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Equity(Record[property_pb2.Equity]):
    """A share in a company."""

    company: str = ""
    credit_code: str = ""
    registry: str = ""
    share: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Property(Record[property_pb2.Property]):
    """A property: at most one of `deposit`, `immovable`, `vehicle` and `equity` has the category's fields."""

    category: PropertyCategory = ""
    description: str = ""
    value_fen: int = 0
    place: str = ""
    deposit: Deposit | None = None
    immovable: Immovable | None = None
    vehicle: Vehicle | None = None
    equity: Equity | None = None
