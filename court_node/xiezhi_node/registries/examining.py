"""Whether the registries of the configuration are there and serve what it says, for `xiezhi-node doctor`."""

import asyncio
from collections.abc import Iterator
from typing import Final, NamedTuple

from xiezhi.v1 import registry_connector_pb2 as pb
from xiezhi_domain.errors import DomainError
from xiezhi_journal.journal import system_clock
from xiezhi_node.registries.connector import Connector
from xiezhi_node.registries.settings import ConnectorTable, RegistrySettings

DESCRIBE_S: Final = 10.0
_ACTING: Final = frozenset({pb.CONTROL_ACTION_SEAL, pb.CONTROL_ACTION_RENEW, pb.CONTROL_ACTION_RELEASE})


class Examined(NamedTuple):
    """One registry: whether it is in order, and what a person should know."""

    name: str
    good: bool
    text: str


def examine_registries(settings: RegistrySettings) -> list[Examined]:
    """Return what each registry says of itself, held against the configuration."""
    return asyncio.run(_examine(settings))


async def _examine(settings: RegistrySettings) -> list[Examined]:
    return [await _examine_one(table) for table in settings.connectors.values()]


async def _examine_one(table: ConnectorTable) -> Examined:
    connector = Connector(table, system_clock)
    try:
        told = await connector.describe(DESCRIBE_S)
    except DomainError as error:
        return Examined(table.name, False, error.message)
    finally:
        await connector.close()
    if missing := list(_missing(table, told)):
        return Examined(table.name, False, f"配置与登记机构不符：{'、'.join(missing)}")
    return Examined(table.name, True, f"可连接：{told.name}，提供 {len(told.categories)} 类查询")


def _missing(table: ConnectorTable, told: pb.RegistryConnectorDescribeResponse) -> Iterator[str]:
    """Give what the configuration expects and the registry does not serve."""
    yield from sorted(set(table.categories) - set(told.categories))
    if table.controls and not set(told.actions) >= _ACTING:
        yield "controls"
    if table.watch and not told.watches:
        yield "watch"
