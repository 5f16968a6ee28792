from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.integration.client.fake_node import LOGIN, PASSWORD, Running, running

from xiezhi_client.sdk import Client, RetryPolicy, connect

# Short pauses: what is tested is what is repeated, not how long a person would wait.
PATIENCE = RetryPolicy(attempts=5, first_wait=0.01, longest_wait=1.0)


@pytest.fixture
async def fake(tmp_path: Path) -> AsyncIterator[Running]:
    async with running(tmp_path) as started:
        yield started


@pytest.fixture
async def client(fake: Running) -> AsyncIterator[Client]:
    async with connect(fake.address, fake.ca_file, retry=PATIENCE) as connected:
        await connected.sign_in(LOGIN, PASSWORD)
        yield connected
