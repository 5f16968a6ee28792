from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import grpc
import pytest
from tests.integration.journal.scene import RECEIVER
from tests.integration.node.conftest import pytest_collection_finish, workshop
from tests.integration.node.pair import Court, Pair, open_pair

from xiezhi.v1.field_service_pb2_grpc import add_FieldServiceServicer_to_server
from xiezhi_node.fieldwork.service import FieldService
from xiezhi_node.sheets.printing import Press
from xiezhi_papers.workshop import Workshop

__all__ = ["pytest_collection_finish", "workshop"]


@pytest.fixture
async def pair(journal_url: str, tmp_path: Path, workshop: Workshop) -> AsyncIterator[Pair]:
    """A hub and two courts; the receiver, who goes out, stands on the database under test."""
    urls = [f"sqlite:///{tmp_path / 'hub.db'}", f"sqlite:///{tmp_path / 'sender.db'}", journal_url]
    async with open_pair(urls, more=partial(_add, workshop=workshop)) as pair:
        yield pair


def _add(court: Court, server: grpc.aio.Server, *, workshop: Workshop) -> None:
    if court.code == RECEIVER:
        service = FieldService(court.node.journal, court.node.seat, Press("", workshop))
        add_FieldServiceServicer_to_server(service, server)
