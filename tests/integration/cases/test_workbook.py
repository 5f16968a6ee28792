"""A workbook behind a real adapter process: a wrong cell is told at the desk of another program."""

from pathlib import Path

import pytest
from tests.integration.cases.adapter import Adapter
from tests.integration.desk.desk import refusal
from tests.integration.node.pair import CASE, open_pair
from tests.stage.plugin import StageServer
from tests.unit.adapters.books import CASE_ROW, OTHER, PARTY_ROW, write_book

from xiezhi.v1 import case_service_pb2 as pb

pytestmark = pytest.mark.usefixtures("stage_server")


async def test_wrong_cells_are_named_and_other_cases_imported(
    stage_server: StageServer, tmp_path: Path
) -> None:
    book = write_book(
        tmp_path / "cases.xlsx",
        案件=[CASE_ROW, CASE_ROW | {"案号": OTHER, "申请标的（元）": "一万"}],
        当事人=[PARTY_ROW, PARTY_ROW | {"案号": OTHER, "诉讼地位": "原告"}],
    )
    adapter = Adapter(stage_server, tmp_path / "adapter", "--xlsx", str(book))
    await adapter.start()
    urls = [f"sqlite:///{tmp_path / name}.db" for name in ("hub", "sender", "receiver")]
    try:
        async with open_pair(urls, source=adapter.place) as pair:
            cases = pair.sender.as_("judge").cases
            imported = await cases.ImportCase(pb.ImportCaseRequest(case_number=CASE))
            assert imported.case_file.claimed_fen == 1_000_000
            refused = await refusal(cases.ImportCase(pb.ImportCaseRequest(case_number=OTHER)))
            assert refused.reason == "CASE_UNREADABLE"
            assert "工作表“案件”E3“申请标的（元）”" in refused.message
            assert "工作表“当事人”B3“诉讼地位”" in refused.message
    finally:
        await adapter.kill()
