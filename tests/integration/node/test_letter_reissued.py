"""The letter made anew after 改派 (practice.md §6)."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.integration.journal.scene import THIRD
from tests.integration.node.pair import new_id
from tests.integration.node.remedies import offered, take, timeline
from tests.integration.node.trio import Trio, open_trio

from xiezhi.v1 import superior_service_pb2
from xiezhi.v1.superior_service_pb2_grpc import SuperiorServiceStub


@pytest.fixture
async def trio(tmp_path: Path) -> AsyncIterator[Trio]:
    """Three courts on SQLite."""
    urls = [f"sqlite:///{tmp_path / name}.db" for name in ("hub", "sender", "receiver")]
    async with open_trio(urls, tmp_path) as trio:
        yield trio


async def test_the_sender_confirms_the_letter_to_the_new_court(trio: Trio) -> None:
    identifier = await trio.issued()
    rerouted = superior_service_pb2.RerouteMatterRequest(
        request_id=new_id(trio.clock), instruction_id=identifier, court=THIRD, text="财产在该院辖区"
    )
    await trio.desk.stub(SuperiorServiceStub, "officer").RerouteMatter(rerouted)
    await trio.exchange()
    assert "CONFIRM_LETTER" in await offered(trio.sender, "centre", identifier)
    letter = await trio.sender.has_document(identifier, "致新受托法院的委托函")
    await take(
        trio, trio.sender, "centre", "ConfirmLetter", identifier, documents=[letter], text="已重新制作"
    )
    assert (await timeline(trio.third, identifier))[-1] == ("确认新函", "已重新制作")
    assert "CONFIRM_LETTER" not in await offered(trio.sender, "centre", identifier)
