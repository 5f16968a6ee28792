"""Exports: a matter as a ZIP, a list as a spreadsheet; recorded, and masked for those who do not work on it."""

import csv
import io
import json
import zipfile
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import select
from tests.integration.node.pair import Pair
from tests.integration.node.test_evidence import Line, line_to
from tests.integration.node.test_outside import Book

from xiezhi.v1 import export_service_pb2 as pb
from xiezhi.v1 import instruction_service_pb2
from xiezhi_desk.documents.documents import Documents
from xiezhi_desk.documents.files import FileStorage
from xiezhi_domain.errors import InvalidInput, NotAllowed, NotFound
from xiezhi_journal import tables
from xiezhi_node.evidence.service import EvidenceService
from xiezhi_node.exporting.service import ExportService
from xiezhi_papers.workshop import Workshop
from xiezhi_wire.caller import acting

IDENTITY = "320500189901010016"


class Exporter:
    """The export service of the sender, with the papers of a matter on its disk."""

    def __init__(self, pair: Pair, line: Line, folder: Path, workshop: Workshop) -> None:
        self.court = pair.sender
        journal, seat = self.court.node.journal, self.court.node.seat
        self.storage = FileStorage(folder)
        documents, evidence = Documents(journal, self.storage), EvidenceService(journal, seat, line)
        self.service = ExportService(journal, seat, documents, evidence, workshop)

    def has_paper(self, content: str) -> None:
        part = self.storage.partial("00000000-0000-4000-8000-000000000001")
        part.open()
        part.write(content.encode())
        part.publish()
        part.close()

    async def take(self, name: str, method: str, request: object) -> tuple[str, bytes]:
        with acting(self.court.callers[name]):
            pieces = [piece async for piece in getattr(self.service, method)(request, None)]
        return pieces[0].file_name, b"".join(piece.data for piece in pieces)

    async def matter(self, name: str, matter: str, *, unmask: bool = False) -> zipfile.ZipFile:
        request = pb.ExportMatterRequest(instruction_id=matter, purpose="在全国系统重新录入", unmask=unmask)
        file_name, content = await self.take(name, "ExportMatter", request)
        assert file_name.endswith("号.zip")
        return zipfile.ZipFile(io.BytesIO(content))

    async def recorded(self) -> list[tuple[str, str, bool]]:
        table = tables.access.c
        query = select(table.method, table.purpose, table.unmasked).where(table.method.startswith("Export"))
        rows = await self.court.node.journal.read(lambda connection: connection.execute(query).all())
        return [tuple(row) for row in rows]


async def test_a_matter_leaves_as_a_zip_with_everything_about_it(
    pair: Pair, tmp_path: Path, workshop: Workshop
) -> None:
    matter = await pair.issued()
    await pair.assigned(matter)
    async with line_to(pair) as line:
        exporter = Exporter(pair, line, tmp_path, workshop)
        exporter.has_paper(f"委托函{matter}")
        archive = await exporter.matter("judge", matter, unmask=True)
        names = archive.namelist()
        assert "文书/01-委托函-委托函" in "".join(names)
        assert sum(name.startswith("存证回执/") for name in names) == len(
            json.loads(archive.read("办理过程.json"))
        )
        assert IDENTITY in archive.read("录入单.txt").decode("utf-8-sig")
        told = archive.read("办理过程.txt").decode("utf-8-sig")
        assert "办理人：测试field" in told
        paper = next(name for name in names if name.startswith("文书/"))
        assert archive.read(paper).decode() == f"委托函{matter}"

        masked = await exporter.matter("centre", matter)
        everything = b"".join(masked.read(name) for name in masked.namelist() if not name.startswith("存证"))
        assert IDENTITY.encode() not in everything
        with pytest.raises(NotAllowed):
            await exporter.matter("chief", matter, unmask=True)
        with pytest.raises(NotFound):
            await exporter.matter("other_judge", matter)
        with pytest.raises(InvalidInput, match="导出须填写事由"):
            await exporter.take("judge", "ExportMatter", pb.ExportMatterRequest(instruction_id=matter))
        purpose = "在全国系统重新录入"
        assert await exporter.recorded() == [
            ("ExportMatter", purpose, True),
            ("ExportMatter", purpose, False),
            ("ExportMatter", purpose, False),
            ("ExportMatter", purpose, False),
        ]


async def test_lists_keep_the_channels_apart(pair: Pair, tmp_path: Path, workshop: Workshop) -> None:
    await pair.issued()
    book = Book(pair)
    await book.register(book.matter("=1+1"))
    async with line_to(pair) as line:
        exporter = Exporter(pair, line, tmp_path, workshop)
        wanted = {"with_outside": True, "purpose": "月度核对"}
        _, content = await exporter.take(
            "centre", "ExportList", pb.ExportListRequest(format=pb.LIST_FORMAT_CSV, **wanted)
        )
        rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
        assert [(row["渠道"], row["方向"]) for row in rows] == [
            ("本平台", "委托"),
            ("全国事项委托系统", "受托"),
        ]
        assert rows[1]["编号"] == "'=1+1"
        name, content = await exporter.take(
            "centre", "ExportList", pb.ExportListRequest(format=pb.LIST_FORMAT_XLSX, **wanted)
        )
        assert name == "事项清单.xlsx"
        page = load_workbook(io.BytesIO(content)).active
        texts = [cell.value for row in page.iter_rows() for cell in row if cell.value]
        assert {"本平台　1 件", "其他渠道（台账登记）　1 件"} <= set(texts)
        received = instruction_service_pb2.ListInstructionsRequest(box=instruction_service_pb2.BOX_RECEIVED)
        _, content = await exporter.take(
            "centre",
            "ExportList",
            pb.ExportListRequest(format=pb.LIST_FORMAT_CSV, filter=received, purpose="月度核对"),
        )
        assert content.decode("utf-8-sig").count("\r\n") == 1
        for channel, shown in (("PLATFORM", "本平台"), ("NATIONAL_SYSTEM", "全国事项委托系统")):
            only = pb.ExportListRequest(format=pb.LIST_FORMAT_CSV, channel=f"CHANNEL_{channel}", **wanted)
            _, content = await exporter.take("centre", "ExportList", only)
            rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
            assert [row["渠道"] for row in rows] == [shown]
        assert [row[0] for row in await exporter.recorded()] == ["ExportList"] * 5
