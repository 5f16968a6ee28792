"""Records mirror the contract: every field, every name, there and back."""

import importlib
import pkgutil
import string
from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, datetime, timedelta, timezone
from types import ModuleType
from typing import Any, get_args

import pytest
from google.protobuf.descriptor import EnumDescriptor, FieldDescriptor
from google.protobuf.message import Message

import xiezhi.v1
from xiezhi.v1 import item_pb2
from xiezhi_client import sdk
from xiezhi_client.sdk import records, vocabulary
from xiezhi_client.sdk.errors import InvalidInput
from xiezhi_client.sdk.record import Record, _shape
from xiezhi_client.sdk.records.find import FindOrder
from xiezhi_client.sdk.records.item import Finding, Item, ItemOutcome, PersonFinding
from xiezhi_client.sdk.records.property import Property, Vehicle


def modules(package: ModuleType) -> Iterator[ModuleType]:
    for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        yield importlib.import_module(module.name)


ALL = sorted(
    {
        each
        for module in modules(records)
        for each in vars(module).values()
        if isinstance(each, type) and issubclass(each, Record) and each is not Record
    },
    key=lambda each: each.__name__,
)


def full(message: type[Message], depth: int = 0) -> Message:
    """A message with every field set, the last member of each oneof, nested ones too."""
    made = message()
    for field in message.DESCRIPTOR.fields:
        values = [value(field, depth)]
        if isinstance(getattr(made, field.name), Message):
            getattr(made, field.name).CopyFrom(values[0])
        elif hasattr(getattr(made, field.name), "extend"):
            getattr(made, field.name).extend(values)
        else:
            setattr(made, field.name, values[0])
    return made


def value(field: FieldDescriptor, depth: int) -> Any:
    if field.message_type is not None:
        if field.message_type.name == "Timestamp":
            return field.message_type._concrete_class(seconds=1_767_600_000 + depth, nanos=5_000)
        return full(field.message_type._concrete_class, depth + 1)
    if field.enum_type is not None:
        return field.enum_type.values[-1].number
    kinds = {
        FieldDescriptor.TYPE_STRING: f"文{field.number}",
        FieldDescriptor.TYPE_BYTES: bytes([field.number]) * 32,
        FieldDescriptor.TYPE_BOOL: True,
    }
    return kinds.get(field.type, field.number)


@pytest.mark.parametrize("record", ALL)
def test_a_record_has_the_fields_of_its_message(record: type) -> None:
    described = [field.name for field in _shape(record).message.DESCRIPTOR.fields]
    assert [field.name for field in fields(record)] == described


@pytest.mark.parametrize("record", ALL)
def test_a_message_survives_the_way_through_its_record_and_json(record: Any) -> None:
    message = full(_shape(record).message)
    made = record.from_proto(message)
    assert made.to_proto() == message
    assert record.from_plain(made.to_plain()) == made
    empty = record()
    assert record.from_proto(empty.to_proto()) == empty
    assert empty.to_proto() == _shape(record).message()


def test_every_record_can_be_imported_from_the_sdk() -> None:
    hidden = {"Body", "BodyPart"}
    assert {record.__name__ for record in ALL} - hidden <= set(sdk.__all__)
    assert all(hasattr(sdk, name) for name in sdk.__all__)


def enums() -> dict[str, EnumDescriptor]:
    return {
        name: enum
        for module in modules(xiezhi.v1)
        if hasattr(module, "DESCRIPTOR")
        for name, enum in module.DESCRIPTOR.enum_types_by_name.items()
    }


def test_the_vocabulary_is_that_of_the_contract() -> None:
    between_machines = {"Lane"}
    known = enums()
    written = {
        name: get_args(alias) for name, alias in vars(vocabulary).items() if name[0] in string.ascii_uppercase
    }
    written.pop("Literal")
    assert set(written) == set(known) - between_machines
    for name, words in written.items():
        values = known[name].values
        prefix = values[0].name.removesuffix("UNSPECIFIED")
        assert list(words) == ["", *(value.name.removeprefix(prefix) for value in values[1:])]


def test_hashes_are_hex_and_times_are_aware() -> None:
    at = datetime(2026, 1, 5, 9, 30, tzinfo=timezone(timedelta(hours=8)))
    outcome = ItemOutcome(number=1, done_at=at, document_sha256s=("ab" * 32,))
    message = outcome.to_proto()
    assert message.document_sha256s[0] == b"\xab" * 32
    back = ItemOutcome.from_proto(message)
    assert back.done_at == at
    assert back.done_at.tzinfo is UTC
    with pytest.raises(ValueError, match="time zone"):
        ItemOutcome(done_at=datetime(2026, 1, 5)).to_proto()  # noqa: DTZ001  what is refused


def test_a_name_of_a_newer_server_is_kept() -> None:
    item = Item.from_proto(item_pb2.Item(act=99))
    assert item.act == "99"
    assert item.to_proto().act == 99
    with pytest.raises(ValueError, match="LOCATE_PERSON"):
        Item(act="FIND_PERSON").to_proto()  # type: ignore[arg-type]


def test_only_the_member_of_a_oneof_that_was_found_is_set() -> None:
    finding = Finding(property=Property(category="VEHICLE", vehicle=Vehicle(plate="苏E00000")))
    back = Finding.from_proto(finding.to_proto())
    assert back == finding
    assert back.person is None
    assert Finding.from_proto(Finding(person=PersonFinding()).to_proto()).person == PersonFinding()


@pytest.mark.parametrize(
    ("plain", "field"),
    [
        ({"case_nr": "x"}, "case_nr"),
        ({"limit_days": "7"}, "limit_days"),
        ({"limit_days": True}, "limit_days"),
        ({"items": {"number": 1}}, "items"),
        ({"items": [{"number": 1}, {"act": "STEAL"}]}, "items[1].act"),
        ({"items": [{"property": {"category": "HOUSE", "plate": "x"}}]}, "items[0].property.plate"),
        ({"items": ["x"]}, "items[0]"),
        ({"documents": [{"sha256": "zz"}]}, "documents[0].sha256"),
        ({"documents": [{"stored_at": "2026-01-05 09:30"}]}, "documents[0].stored_at"),
        ({"subject_numbers": ["1"]}, "subject_numbers[0]"),
    ],
)
def test_what_is_wrong_in_a_file_is_named(plain: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        FindOrder.from_plain(plain)
    assert refused.value.fields[0].field == field
    assert refused.value.message
