"""Who is registered with what: read once, never changed."""

import copy
import tomllib
from collections.abc import Mapping, Sequence
from importlib import resources
from typing import Final

from google.protobuf.json_format import ParseDict

from xiezhi.v1 import property_pb2, registry_pb2

Register = Mapping[str, Sequence[registry_pb2.RegistryRecord]]
"""Records of one holder by category."""

_HOLDER_FIELDS: Final = ("name", "identity_document", "identity_number", "credit_code")


class World:
    """The people and companies of the simulator, by number."""

    def __init__(self, text: str) -> None:
        self._registers: dict[str, Register] = {}
        for table in tomllib.loads(text)["holder"]:
            holder = ParseDict(
                {name: table[name] for name in _HOLDER_FIELDS if name in table}, registry_pb2.RegistryHolder()
            )
            found: dict[str, list[registry_pb2.RegistryRecord]] = {}
            for each in table.get("records", ()):
                values = dict(each)
                category = values.pop("category")
                record = ParseDict(values, registry_pb2.RegistryRecord(holder=holder))
                found.setdefault(category, []).append(record)
            self._registers[number_of(holder)] = found

    def records(
        self, holder: registry_pb2.RegistryHolder, category: str
    ) -> Sequence[registry_pb2.RegistryRecord]:
        """Return what *category* has about somebody; nothing about those that it does not know."""
        return self._registers.get(number_of(holder), {}).get(category, ())

    def seizures(self, wanted: property_pb2.Property) -> list[registry_pb2.Seizure]:
        """Return the seizures that stood on a property in the beginning."""
        for register in self._registers.values():
            for record in (record for records in register.values() for record in records):
                if record.HasField("property") and key_of(record.property) == key_of(wanted):
                    return list(copy.deepcopy(record).seizures)
        return []


def shipped_world() -> World:
    """Return the world that ships."""
    return World(resources.files("xiezhi_adapters.registry_sim").joinpath("world.toml").read_text("utf-8"))


def number_of(holder: registry_pb2.RegistryHolder) -> str:
    """Return the number that tells somebody apart."""
    return (holder.credit_code or holder.identity_number).strip().upper()


def key_of(wanted: property_pb2.Property) -> str:
    """Return what tells a property apart in a register."""
    match wanted.WhichOneof("detail"):
        case "immovable":
            return wanted.immovable.certificate or wanted.description
        case "vehicle":
            return wanted.vehicle.vin or wanted.vehicle.plate or wanted.description
    return wanted.description
