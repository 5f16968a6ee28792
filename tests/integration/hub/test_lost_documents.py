"""A hub that lost entries has lost their documents as well: it opens when it has both (protocol §8)."""

import asyncio
import hashlib
import shutil
from pathlib import Path

import pytest
from tests.integration.hub.court import RECEIVER, SENDER, Court, Link, instruction_of, upload
from tests.integration.hub.stand import Serving, new_hub, serving
from tests.integration.hub.story import HUB_DIR, Story, answer_recall, collect

from xiezhi.v1.document_service_pb2 import DownloadDocumentRequest
from xiezhi.v1.document_service_pb2_grpc import DocumentServiceStub
from xiezhi_hub.recovery.gate import Phase

CONTENT = b"%PDF-1.7 test"


class PapersStory(Story):
    """After the backup an order comes that names a document; all of it is lost."""

    async def play(self) -> None:
        async with new_hub(self.directory / HUB_DIR) as hub:
            self.sender = await hub.joined(SENDER, self.directory)
            self.receiver = await hub.joined(RECEIVER, self.directory)
            await asyncio.to_thread(self._back_up)
            self.order = self.sender.issue(RECEIVER, documents=[hashlib.sha256(CONTENT).digest()])
            await self.bring(hub, self.sender)
            await self._rule(hub, self.sender, self.order)
            self.checkpoint = await hub.parts.link._hub.checkpoint()
            for court in (self.sender, self.receiver):
                self.held[court.code] = await collect(hub, court)
        await asyncio.to_thread(self.restore)
        shutil.rmtree(self.settings.data_dir / "documents")

    async def bring(self, hub: Serving, court: Court) -> None:
        async with hub.connect(court) as channel:
            await upload(channel, instruction_of(self.order), CONTENT)

    async def give_back(self, hub: Serving, court: Court) -> None:
        """What a node does that is asked for the lost entries."""
        async with hub.connect(court) as channel:
            link = Link(channel)
            await link.hello(last_checkpoint=self.checkpoint)
            await answer_recall(link, self.held[court.code])
            await link.leave()


@pytest.fixture
async def story(tmp_path: Path) -> PapersStory:
    story = PapersStory(tmp_path)
    await story.play()
    return story


@pytest.mark.parametrize("who", ["sender", "receiver"])
async def test_it_stays_closed_until_a_node_has_brought_them(story: PapersStory, who: str) -> None:
    first, second = story.sender, story.receiver
    if who == "sender":
        first, second = second, first
    async with serving(story.settings) as hub:
        await story.give_back(hub, first)
        assert hub.parts.gate.phase is Phase.RECOVERING
        assert "文书" in hub.parts.gate.why
        # Whose the lost matter is, nobody here knows: each of its courts may bring what it holds.
        await story.bring(hub, second)
        await story.give_back(hub, second)
        assert hub.parts.gate.is_open
        sha256 = hashlib.sha256(CONTENT).digest()
        wanted = DownloadDocumentRequest(instruction_id=instruction_of(story.order), sha256=sha256)
        async with hub.connect(story.receiver) as channel:
            pieces = [piece.data async for piece in DocumentServiceStub(channel).DownloadDocument(wanted)]
        assert b"".join(pieces) == CONTENT


async def test_what_neither_party_has_any_more_keeps_nobody_out(story: PapersStory) -> None:
    async with serving(story.settings) as hub:
        await story.give_back(hub, story.receiver)
        assert hub.parts.gate.phase is Phase.RECOVERING
        await story.give_back(hub, story.sender)
        assert hub.parts.gate.is_open
