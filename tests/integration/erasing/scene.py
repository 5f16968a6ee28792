"""A hub and two courts with everything on disk below one folder, and the people who order an erasure."""

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sqlalchemy import select
from tests.integration.journal.scene import HUB_COURT, RECEIVER, SENDER
from tests.integration.node.pair import Court, Pair, a_case, an_order, new_id, open_pair
from tests.integration.node.remedies import completed, take

from xiezhi.v1 import case_service_pb2, document_pb2, find_service_pb2
from xiezhi.v1 import erasure_service_pb2 as pb
from xiezhi_desk.documents import store
from xiezhi_desk.documents.document import DocumentSpec, StoredDocument
from xiezhi_desk.documents.documents import Documents
from xiezhi_desk.documents.files import FileStorage
from xiezhi_desk.erasing.eraser import Eraser
from xiezhi_desk.erasing.listed import ErasureList
from xiezhi_domain.terms import PaperType, Role
from xiezhi_hub.erasing.service import ErasureService
from xiezhi_hub.own_doings import OwnDoings
from xiezhi_hub.recovery.gate import Gate
from xiezhi_journal import tables
from xiezhi_journal.bulk import insert_rows
from xiezhi_journal.journal import Journal
from xiezhi_node.erasing import answer_order
from xiezhi_wire.caller import Caller, acting

SECRETS = ("测试甲", "320500189901010016", "常在平江路一带", "请协助查找被执行人下落", "已到现场寻访")
PAPER = "%PDF-1.4 委托函正文：测试甲"

DRAFTER = Caller("h-drafter", "中院督办", HUB_COURT, frozenset({Role.SUPERVISOR}), session_id="s1")
LEADER = Caller("h-leader", "中院领导", HUB_COURT, frozenset({Role.COURT_LEADER}), session_id="s2")


@dataclass
class Holder:
    """A program that holds matters: its documents and what erases."""

    journal: Journal
    folder: Path
    eraser: Eraser
    documents: Documents
    listed: ErasureList

    def has_paper(self, matter: str, court: str, content: str, at: int) -> bytes:
        """A paper as it lies here after it was brought."""
        data = content.encode()
        storage = FileStorage(self.folder / "documents")
        part = storage.partial("00000000-0000-4000-8000-000000000001")
        part.open()
        part.write(data)
        part.publish()
        part.close()
        sha256 = hashlib.sha256(data).digest()
        spec = DocumentSpec(
            matter, sha256, len(data), f"{SECRETS[0]}委托函.pdf", PaperType.ENTRUSTMENT_LETTER
        )
        stored = StoredDocument(spec, "application/pdf", at)
        with self.journal._writing.begin() as connection:
            store.add_document(connection, stored, court)
        return sha256


def holder_of(journal: Journal, folder: Path, answer: object, forget: object = None) -> Holder:
    documents = Documents(journal, FileStorage(folder / "documents"))
    listed = ErasureList(folder / "erasures")
    eraser = Eraser(journal, documents, listed, answer, **({"forget": forget} if forget else {}))
    return Holder(journal, folder, eraser, documents, listed)


@dataclass
class Erasing:
    """The pair with its holders, and the hub's desk for erasures."""

    pair: Pair
    hub: Holder
    nodes: dict[str, Holder]
    service: ErasureService

    @property
    def holders(self) -> list[Holder]:
        return [self.hub, *self.nodes.values()]

    async def ended(self) -> str:
        """A matter that has come to its end, with a paper at all three; returns its id."""
        pair, matter = self.pair, new_id(self.pair.clock)
        await pair.sender.as_("judge").cases.PutCase(
            case_service_pb2.PutCaseRequest(request_id=f"case-{matter}", case_file=a_case())
        )
        sha256 = b""
        for court, holder in ((HUB_COURT, self.hub), *self.nodes.items()):
            sha256 = holder.has_paper(matter, court, f"{PAPER} {matter}", pair.clock.now)
        await pair.sender.as_("judge").finds.DraftFind(
            find_service_pb2.DraftFindRequest(
                request_id=f"draft-{matter}",
                instruction_id=matter,
                order=an_order(document_pb2.Document(sha256=sha256)),
            )
        )
        await pair.send(matter)
        await pair.assigned(matter)
        await take(pair, pair.receiver, "field", "ReportProgress", matter, text="已到现场寻访")
        await completed(pair, matter, 1, 2)
        await take(pair, pair.sender, "judge", "ConfirmInstruction", matter, text="已收悉")
        return matter

    async def order(self, matter: str, **what: object) -> pb.Erasure:
        """An order that one has drafted and another approved."""
        draft = await self.draft(matter, **what)
        with acting(LEADER):
            request = pb.ApproveErasureRequest(
                request_id=new_id(self.pair.clock), draft_id=draft.draft_id, seen=draft.content_hash
            )
            return (await self.service.ApproveErasure(request, None)).erasure

    async def draft(self, matter: str, **what: object) -> pb.ErasureDraft:
        order = pb.ErasureOrder(
            instruction_id=matter,
            reason="误将案外人资料录入",
            legal_ground="个人信息保护法第四十七条",
            **(what or {"whole": True, "with_case": True}),
        )
        with acting(DRAFTER):
            request = pb.DraftErasureRequest(request_id=new_id(self.pair.clock), order=order)
            return (await self.service.DraftErasure(request, None)).draft

    async def listed(self) -> list[pb.Erasure]:
        return list((await self.service.ListErasures(pb.ListErasuresRequest(), None)).erasures)

    async def settle(self) -> None:
        """Let everybody follow, and the answers go."""
        for _ in range(2):
            for holder in self.holders:
                await holder.eraser.follow()
            await self.pair.exchange()


def found_in(folder: Path, *words: str) -> set[tuple[str, str]]:
    """Which of *words* stand, byte for byte, in a file of whom: the first part of its name below *folder*."""
    found = set()
    for path in folder.rglob("*"):
        if path.is_file():
            data, whose = path.read_bytes(), path.relative_to(folder).parts[0].split(".")[0]
            found.update((whose, word) for word in words if word.encode() in data)
    return found


@asynccontextmanager
async def erasing(urls: list[str], folder: Path) -> AsyncIterator[Erasing]:
    async with open_pair(urls) as pair:
        gate = Gate()
        gate.open()
        doings = OwnDoings(pair.hub.journal, pair.hub.seat, gate)
        hub = holder_of(pair.hub.journal, folder / "hub", doings.answer)
        nodes = {
            court.code: holder_of(
                court.node.journal,
                folder / name,
                partial(answer_order, court.node.journal, court.node.seat),
            )
            for court, name in ((pair.sender, "sender"), (pair.receiver, "receiver"))
        }
        courts = [(code, code, "", HUB_COURT, 1, 0) for code in (SENDER, RECEIVER)]
        with pair.hub.journal._writing.begin() as connection:
            insert_rows(connection, tables.court, courts)
        yield Erasing(pair, hub, nodes, ErasureService(pair.hub.journal, pair.hub.seat, gate))


async def events_of(court: Court, matter: str) -> dict[str, str]:
    """Ids of the matter's events by kind, as a court has them."""
    event = tables.event.c
    query = select(event.kind, event.event_id).where(event.instruction == matter)
    rows = await court.node.journal.read(lambda connection: connection.execute(query).all())
    return {row.kind: row.event_id for row in rows}
