from collections.abc import Iterator

import pytest
from tests.integration.desk.desk import Clock, open_journal

from xiezhi_journal.journal import Journal


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def journal(journal_url: str, clock: Clock) -> Iterator[Journal]:
    with open_journal(journal_url, clock) as journal:
        yield journal
