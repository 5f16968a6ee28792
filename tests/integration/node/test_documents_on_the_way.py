"""Documents between node and hub: one that cannot be had or brought keeps no other back, and no task dies of it."""

import asyncio
import errno
import hashlib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from tests.integration.journal.scene import HUB_COURT, RECEIVER, SENDER, Clock, Hub, Node
from tests.integration.link.house import eventually
from tests.integration.node.beside import Beside, beside
from tests.integration.node.linked import HubEnd, NodeEnd

from xiezhi.v1 import document_pb2, event_pb2
from xiezhi.v1.link_service_pb2 import StoredEvent
from xiezhi_desk.documents.document import DocumentSpec
from xiezhi_desk.documents.documents import Documents
from xiezhi_desk.documents.files import FileStorage
from xiezhi_domain.terms import PaperType
from xiezhi_journal import tables
from xiezhi_journal.journal import Journal
from xiezhi_journal.reading import pending_after
from xiezhi_link.hub_channel import HubChannel
from xiezhi_link.signal import Signal
from xiezhi_node.traffic.bring import DocumentBringer
from xiezhi_node.traffic.fetch import RETRY_MS, DocumentFetcher

PAPER_OF_A_NEWER_VERSION = 99


def letter(name: str) -> bytes:
    return b"%PDF-1.7\n" + name.encode() + b"\n%%EOF\n"


def named(data: bytes, paper_type: int = document_pb2.PAPER_TYPE_ENTRUSTMENT_LETTER) -> document_pb2.Document:
    return document_pb2.Document(
        sha256=hashlib.sha256(data).digest(),
        size=len(data),
        name="委托函.pdf",
        media_type="application/pdf",
        paper_type=paper_type,  # type: ignore[arg-type]  # also one that this version does not know
    )


class Way:
    """A sender, a receiver and a hub that answers beside the link as the test says."""

    def __init__(self, urls: dict[str, str], directory: Path, services: Beside, channel: HubChannel) -> None:
        self.clock = Clock()
        self.beside, self.channel = services, channel
        self.hub = HubEnd(Hub(f"sqlite:///{directory / 'hub.db'}", self.clock))
        self.ends = {
            court: NodeEnd(self.hub, Node(url, court, self.clock), directory / court, channel)
            for court, url in urls.items()
        }
        self.sender, self.receiver = self.ends[SENDER], self.ends[RECEIVER]
        self.storage = directory / RECEIVER
        self.commits = Signal()
        self.receiver.node.journal.writer.on_commit(self.commits.notify)

    async def order(self, number: int, *documents: document_pb2.Document) -> str:
        """An order that names documents, made but not sent; returns its matter."""
        make = self.sender.node.issue(number, RECEIVER)
        listed = event_pb2.DocumentList(documents=documents).SerializeToString()
        event = replace(
            make.event,
            facts={**make.event.facts, "documents": len(documents)},
            parts=[*make.event.parts, ("documents", listed)],
        )
        await self.sender.node.journal.submit(replace(make, event=event))
        return make.instruction

    async def arrive(self) -> None:
        """The orders come to the hub, whose courts take them."""
        await self.sender.node.push_to(self.hub.hub)
        for court in (RECEIVER, HUB_COURT):
            await self.ends[court].pull()

    @asynccontextmanager
    async def fetching(self) -> AsyncIterator[asyncio.Task[None]]:
        """The receiver's task that fetches; it must still run at the end."""
        end = self.receiver
        fetcher = DocumentFetcher(self.channel, end.documents, end.node.journal, end.node.seat, self.commits)
        task = asyncio.create_task(fetcher.run())
        try:
            yield task
            assert not task.done()
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    def wanted(self, court: str = RECEIVER) -> set[str]:
        return {row.instruction for row in self.ends[court].rows(tables.wanted_document)}

    def received(self) -> set[str]:
        """The matters whose arrival the receiver has acknowledged."""
        return {row.instruction for row in self.receiver.rows(tables.event) if row.kind == "Delivered"}

    async def later(self) -> None:
        self.clock.now += RETRY_MS
        self.commits.notify()

    def close(self) -> None:
        for end in self.ends.values():
            end.node.journal.close()
        self.hub.close()


@pytest.fixture
async def way(journal_url: str, tmp_path: Path) -> AsyncIterator[Way]:
    urls = {SENDER: f"sqlite:///{tmp_path / 's.db'}", HUB_COURT: f"sqlite:///{tmp_path / 'h.db'}"}
    async with beside() as services:
        way = Way({**urls, RECEIVER: journal_url}, tmp_path, *services)
        for end in way.ends.values():
            await end.meet()
        yield way
        way.close()


async def test_what_cannot_be_fetched_keeps_no_other_back(way: Way) -> None:
    absent = [letter(f"absent {number}") for number in range(40)]
    good = letter("good")
    newer = await way.order(1, named(letter("newer"), PAPER_OF_A_NEWER_VERSION))
    late = await way.order(2, *map(named, absent))
    there = await way.order(3, named(good))
    way.beside.documents = {hashlib.sha256(good).digest(): good}
    await way.arrive()
    async with way.fetching():
        await eventually(lambda: way.received() == {there})
        assert way.wanted() == {newer, late}
        way.beside.documents |= {hashlib.sha256(data).digest(): data for data in absent}
        await way.later()
        await eventually(lambda: way.received() == {there, late})
    assert way.wanted() == {newer}


async def test_a_document_that_failed_waits_before_it_is_asked_for_again(way: Way) -> None:
    await way.order(1, named(letter("absent")))
    await way.arrive()
    async with way.fetching():
        await eventually(lambda: way.beside.asked)
        for _ in range(3):
            way.commits.notify()
            await asyncio.sleep(0.05)
        assert len(way.beside.asked) == 1
        await way.later()
        await eventually(lambda: len(way.beside.asked) == 2)


async def test_fetching_survives_a_hub_that_is_away_and_wrong_bytes(way: Way) -> None:
    data = letter("good")
    matter = await way.order(1, named(data))
    sha256 = hashlib.sha256(data).digest()
    way.beside.away = True
    await way.arrive()
    async with way.fetching():
        await eventually(lambda: way.receiver.rows(tables.upload))
        way.beside.away = False
        way.beside.documents[sha256] = letter("evil")
        while not way.beside.asked:
            await way.later()
            await asyncio.sleep(0.02)
        assert way.received() == set()
        way.beside.documents[sha256] = data
        while not way.received():
            await way.later()
            await asyncio.sleep(0.02)
    assert way.received() == {matter}


@contextmanager
def without_directory(directory: Path) -> Iterator[None]:
    """Something else lies where the directory was."""
    aside = directory.with_name("aside")
    directory.rename(aside)
    directory.touch()
    yield
    directory.unlink()
    aside.rename(directory)


async def test_fetching_survives_a_broken_directory(way: Way) -> None:
    data = letter("good")
    way.beside.documents[hashlib.sha256(data).digest()] = data
    matter = await way.order(1, named(data))
    await way.arrive()
    with without_directory(way.storage / "partial"):
        async with way.fetching():
            for _ in range(3):
                await way.later()
                await asyncio.sleep(0.05)
        assert way.received() == set()
    async with way.fetching():
        await eventually(way.received)
    assert way.received() == {matter}


async def test_only_parties_want_documents(way: Way) -> None:
    matter = await way.order(1, named(letter("letter")))
    await way.arrive()
    assert way.wanted() == {matter}
    assert [row.instruction for row in way.ends[HUB_COURT].rows(tables.instruction)] == [matter]
    assert way.wanted(HUB_COURT) == set()


# --- Bringing --------------------------------------------------------------------------------------------------------


async def stored(documents: Documents, matter: str, data: bytes) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        yield data

    sha256 = hashlib.sha256(data).digest()
    spec = DocumentSpec(matter, sha256, len(data), "委托函.pdf", PaperType.ENTRUSTMENT_LETTER)
    await documents.store_from(pieces(), spec, SENDER, SENDER)


def waiting(journal: Journal) -> list[StoredEvent]:
    return [each.event for each in journal.read_now(lambda connection: pending_after(connection, 0, 10))]


def matters_of(way: Way, records: list[StoredEvent]) -> list[str]:
    rows = {row.header: row.instruction for row in way.sender.rows(tables.event)}
    return [rows[record.header] for record in records]


async def test_a_document_that_is_lost_here_holds_back_its_matter_alone(way: Way) -> None:
    lost, good = letter("lost"), letter("good")
    first, second = await way.order(1, named(lost)), await way.order(2, named(good))
    plain = way.sender.node.issue(3, RECEIVER)
    await way.sender.node.journal.submit(plain)
    await stored(way.sender.documents, second, good)
    records = waiting(way.sender.node.journal)
    assert matters_of(way, await way.sender.port.bring_documents(records)) == [second, plain.instruction]
    assert list(way.beside.uploaded.values()) == [good]
    await stored(way.sender.documents, first, lost)
    assert len(await way.sender.port.bring_documents(records)) == 3
    assert sorted(way.beside.uploaded.values()) == sorted([good, lost])


class BadDisk(FileStorage):
    """Its documents are listed, and cannot be read."""

    def read(self, sha256: bytes, offset: int, length: int) -> bytes:
        raise OSError(errno.EIO, "bad sector")


async def test_a_document_that_cannot_be_read_holds_back_its_matter_alone(way: Way, tmp_path: Path) -> None:
    data = letter("letter")
    matter = await way.order(1, named(data))
    plain = way.sender.node.issue(2, RECEIVER)
    await way.sender.node.journal.submit(plain)
    await stored(way.sender.documents, matter, data)
    journal = way.sender.node.journal
    bringer = DocumentBringer(way.channel, Documents(journal, BadDisk(tmp_path / SENDER)))
    records = waiting(journal)
    assert matters_of(way, await bringer.bring(records)) == [plain.instruction]
    assert way.beside.uploaded == {}


async def test_a_hub_that_is_away_holds_back_what_names_documents(way: Way) -> None:
    data = letter("letter")
    matter = await way.order(1, named(data))
    await stored(way.sender.documents, matter, data)
    records = waiting(way.sender.node.journal)
    way.beside.away = True
    assert await way.sender.port.bring_documents(records) == []
    way.beside.away = False
    assert len(await way.sender.port.bring_documents(records)) == 1
