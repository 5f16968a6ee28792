from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from tests.integration.link.events import A, B
from tests.integration.link.house import House
from tests.integration.link.memory_hub import MemoryHub
from tests.integration.link.memory_node import MemoryNode
from tests.integration.wire.pki import Pki

from xiezhi_link.settings import HubEndSettings

HubWith = Callable[[HubEndSettings], Awaitable[House]]


@pytest.fixture
def pki(tmp_path: Path) -> Pki:
    return Pki(tmp_path / "pki")


@pytest.fixture
async def hub_with(pki: Pki) -> AsyncIterator[HubWith]:
    started: list[House] = []

    async def start(settings: HubEndSettings) -> House:
        house = House(pki, MemoryHub(), settings)
        await house.start()
        started.append(house)
        return house

    yield start
    for house in started:
        await house.kill()


@pytest.fixture
async def house(hub_with: HubWith) -> House:
    return await hub_with(HubEndSettings(poll_s=0.05, notice_every_s=0.0))


@pytest.fixture
def node_a() -> MemoryNode:
    return MemoryNode(A)


@pytest.fixture
def node_b() -> MemoryNode:
    return MemoryNode(B)
