"""The workbook of cases: columns by title, wrong cells named, one case never spoiled by another."""

from pathlib import Path

import pytest
from openpyxl import load_workbook
from tests.unit.adapters.books import CASE_ROW, NUMBER, OTHER, PARTY_ROW, write_book

from xiezhi.v1 import document_pb2
from xiezhi_adapters.workbook import WorkbookRecords
from xiezhi_domain.errors import NotFound, WrongState


def records(path: Path) -> WorkbookRecords:
    return WorkbookRecords(path, path.parent / "feedback")


def problems(path: Path) -> list[tuple[str, str]]:
    return [(each.field, each.message) for each in records(path).problems()]


def test_a_case_is_read_over_the_sheets(tmp_path: Path) -> None:
    (tmp_path / "裁定书.pdf").write_bytes(b"%PDF-1.4")
    book = write_book(
        tmp_path / "cases.xlsx",
        卷宗=[{"案号": NUMBER, "文件": "裁定书.pdf", "日期": "2026-01-05", "目录": "正卷"}],
        状态变更=[{"案号": NUMBER, "变更": "移送", "日期": "2026-03-02", "变更后法院": "苏0508"}],
    )
    record = records(book).find(NUMBER)
    case = record.case
    assert (case.claimed_fen, case.received_fen, case.outstanding_fen) == (1_000_000, 0, 1_000_000)
    assert list(case.subjects[0].person.phones) == ["13000000000", "13000000001"]
    [paper] = record.documents
    assert (paper.document.paper_type, paper.document.dated, paper.document.catalogue) == (
        document_pb2.PAPER_TYPE_RULING,
        "2026-01-05",
        "正卷",
    )
    assert [each.court for each in record.changes] == ["苏0508"]
    assert not record.closed


@pytest.mark.parametrize(
    ("sheet", "row", "cell"),
    [
        ("案件", CASE_ROW | {"申请标的（元）": "一万"}, "工作表“案件”E2“申请标的（元）”"),
        ("案件", CASE_ROW | {"承办人": ""}, "工作表“案件”H2“承办人”"),
        ("案件", CASE_ROW | {"案由": 7}, "工作表“案件”B2“案由”"),
        ("当事人", PARTY_ROW | {"诉讼地位": "原告"}, "工作表“当事人”B2“诉讼地位”"),
        ("当事人", PARTY_ROW | {"类型": "人"}, "工作表“当事人”C2“类型”"),
        ("当事人", PARTY_ROW | {"证件号码": 3205001899}, "工作表“当事人”F2“证件号码”"),
        ("当事人", PARTY_ROW | {"证件号码": "320500189901010017"}, "工作表“当事人”F2“证件号码”"),
        ("当事人", PARTY_ROW | {"名称": "=A1"}, "工作表“当事人”D2“名称”"),
        ("卷宗", {"案号": NUMBER, "文件": "../秘密.pdf"}, "工作表“卷宗”B2“文件”"),
        ("状态变更", {"案号": NUMBER, "变更": "终本", "日期": "昨天"}, "工作表“状态变更”C2“日期”"),
    ],
)
def test_a_wrong_cell_is_named_and_keeps_its_case_back(
    tmp_path: Path, sheet: str, row: dict[str, object], cell: str
) -> None:
    (tmp_path / "秘密.pdf").write_bytes(b"%PDF-1.4")
    (tmp_path / "book").mkdir()
    path = write_book(tmp_path / "book" / "cases.xlsx", **{sheet: [row]})
    assert cell in [field for field, _ in problems(path)]
    with pytest.raises(WrongState) as refused:
        records(path).find(NUMBER)
    assert cell in refused.value.message
    assert "320500189901010017" not in refused.value.message


def test_a_wrong_cell_spoils_no_other_case(tmp_path: Path) -> None:
    path = write_book(
        tmp_path / "cases.xlsx",
        案件=[CASE_ROW, CASE_ROW | {"案号": OTHER, "承办人": ""}],
        当事人=[PARTY_ROW, PARTY_ROW | {"案号": "（2026）苏0505执9号"}],
    )
    assert records(path).find(NUMBER).case.case_number == NUMBER
    assert [field for field, _ in problems(path)] == ["工作表“当事人”A3“案号”", "工作表“案件”H3“承办人”"]


def test_a_saved_workbook_is_read_anew(tmp_path: Path) -> None:
    path = write_book(tmp_path / "cases.xlsx")
    read = records(path)
    with pytest.raises(NotFound):
        read.find(OTHER)
    write_book(path, 案件=[CASE_ROW, CASE_ROW | {"案号": OTHER}])
    assert read.find(OTHER).case.case_number == OTHER


def test_what_is_no_such_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "cases.xlsx"
    path.write_bytes(b"PK no workbook")
    with pytest.raises(WrongState, match="不是 XLSX"):
        records(path).find(NUMBER)
    write_book(path)
    book = load_workbook(path)
    del book["当事人"]
    book.save(path)
    with pytest.raises(WrongState, match="缺少工作表：当事人"):
        records(path).find(NUMBER)
