"""Many orders from one spreadsheet."""

import csv
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from tests.integration.client.conftest import Terminal
from tests.integration.client.orders import CASE_NUMBER

from xiezhi_client.batch.columns import COLUMNS

TITLES = [column.title for column in COLUMNS]


def row(number: int, **cells: str) -> list[str]:
    values = {
        "案号": f"（2026）苏0591执{number}号",
        "受托法院": "苏0508",
        "对象序号": "1、2",
        "办理行为": "查找人员、现场勘查",
        "办理要求": "查找下落",
        "请求内容": "请协助",
    }
    return [(values | cells).get(title, "") for title in TITLES]


def sheet(path: Path, *rows: list[str], encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows([TITLES, *rows])
    return path


def matters(xiezhi: Terminal) -> list[str]:
    return [each["case_number"] for each in xiezhi.json("outbox", "--all")]


def test_the_template_is_filled_in_and_imported(xiezhi: Terminal, tmp_path: Path) -> None:
    path = tmp_path / "orders.xlsx"
    xiezhi("import", "--template", str(path))
    book = load_workbook(path)
    page = book.active
    assert [cell.value for cell in page[1]] == TITLES
    assert page["A2"].number_format == "@"
    for at, value in enumerate(row(7, 文书="委托函=函.pdf", 期限天数="5"), 1):
        page.cell(2, at).value = value
    page["C2"].value = 1
    book.save(path)
    (tmp_path / "函.pdf").write_bytes(b"%PDF-1.7")
    assert "已起草 1 件" in xiezhi("import", str(path), "--submit").stdout
    (listed,) = xiezhi.json("outbox", "--all")
    assert listed["state"] == "AWAITING_APPROVAL"
    shown = xiezhi.json("show", listed["instruction_id"])["instruction"]
    assert [(item["act"], item["subject_number"]) for item in shown["items"]] == [
        ("LOCATE_PERSON", 1),
        ("SITE_CHECK", 1),
    ]
    assert [document["name"] for document in shown["documents"]] == ["函.pdf"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_file_imported_twice_drafts_nothing_twice(xiezhi: Terminal, tmp_path: Path, encoding: str) -> None:
    path = sheet(tmp_path / "orders.csv", row(1), [""] * len(TITLES), row(2), encoding=encoding)
    first = xiezhi.json("import", str(path))["results"]
    second = xiezhi.json("import", str(path))["results"]
    assert first == second
    assert [result["row"] for result in first] == [2, 4]
    assert matters(xiezhi) == ["（2026）苏0591执1号", "（2026）苏0591执2号"]
    sheet(path, row(1), row(2), row(3))
    xiezhi("import", str(path))
    assert len(matters(xiezhi)) == 5


def test_papers_go_up_once_however_often_the_file_is_imported(xiezhi: Terminal, tmp_path: Path) -> None:
    (tmp_path / "函.pdf").write_bytes(b"%PDF-1.7")
    path = sheet(tmp_path / "orders.csv", row(1, 文书="委托函=函.pdf"))
    first = xiezhi.json("import", str(path), "--submit")["results"]
    assert first[0]["problem"] is None
    assert xiezhi.json("import", str(path), "--submit")["results"] == first
    assert len(matters(xiezhi)) == 1


def test_all_problems_are_told_before_anything_is_sent(xiezhi: Terminal, tmp_path: Path) -> None:
    path = sheet(
        tmp_path / "orders.csv",
        row(1),
        row(2, 案号="1234", 受托法院="姑苏"),
        row(3, 办理行为="偷看", 期限天数="三天", 请求内容=""),
        row(4, 文书="委托函=没有.pdf", 办理要求="=HYPERLINK(1)"),
    )
    problems = xiezhi.json("import", str(path), code=1)["problems"]
    assert {(each["row"], each["column"]) for each in problems} == {
        (3, "案号"),
        (3, "受托法院"),
        (4, "办理行为"),
        (4, "期限天数"),
        (4, "请求内容"),
        (5, "文书"),
        (5, "办理要求"),
    }
    assert matters(xiezhi) == []
    assert "尚未发送" in xiezhi("import", str(path), code=1).stdout


def test_what_the_node_refuses_fails_its_row_alone_and_names_the_column(
    xiezhi: Terminal, tmp_path: Path
) -> None:
    (tmp_path / "函.pdf").write_bytes(b"%PDF-1.7")
    path = sheet(tmp_path / "orders.csv", row(1, 文书="委托函=函.pdf", 办理线索="无"), row(2))
    results = xiezhi.json("import", str(path), "--submit", code=1)["results"]
    assert results[0]["problem"] == {"row": 2, "column": "办理线索", "message": "请写明线索"}
    assert results[0]["receipt"]["state"] == "DRAFT"
    assert results[1]["problem"] is None
    assert "已起草 2 件；1 行有问题" in xiezhi("import", str(path), "--submit", code=1).stdout
    assert len(matters(xiezhi)) == 2


def test_a_check_sends_nothing(xiezhi: Terminal, tmp_path: Path) -> None:
    path = sheet(tmp_path / "orders.csv", row(1))
    assert xiezhi.json("import", str(path), "--check") == {"checked": 1, "problems": []}
    assert matters(xiezhi) == []


def test_results_are_saved_row_by_row(xiezhi: Terminal, tmp_path: Path) -> None:
    path = sheet(tmp_path / "orders.csv", row(1), row(2, 请求内容="'-不是公式"))
    results = tmp_path / "results.csv"
    xiezhi("import", str(path), "--submit", "--result", str(results))
    with results.open(encoding="utf-8-sig", newline="") as file:
        written = list(csv.reader(file))
    assert [line[0] for line in written] == ["行", "2", "3"]
    assert "尚缺文书：委托函" in written[1][5]


def test_numbers_that_lost_their_zeros_and_formulas_are_refused(xiezhi: Terminal, tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(TITLES)
    book.active.append([f"=CONCAT({CASE_NUMBER!r})", 5910508, *row(1)[2:]])
    book.active.append(row(2))
    book.active["G3"].value = 1.5
    book.save(tmp_path / "orders.xlsx")
    problems = xiezhi.json("import", str(tmp_path / "orders.xlsx"), code=1)["problems"]
    assert [(each["row"], each["column"]) for each in problems] == [
        (2, "案号"),
        (2, "受托法院"),
        (3, "请求内容"),
    ]
    assert "文本" in problems[1]["message"]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", "案号,别的\n1,2\n".encode(), "缺少列"),
        ("a.csv", ",".join(TITLES).encode(), "没有内容"),
        ("a.csv", b"", "缺少列"),
        ("a.csv", b"\xff\xff\xff\x80", "编码"),
        ("a.xlsx", b"not a zip", "不是 XLSX"),
        ("a.csv", b"x" * (10 * 1024 * 1024 + 1), "10 MB"),
        ("a.csv", "\n".join([",".join(TITLES), *["x"] * 5001]).encode(), "5000 行"),
    ],
)
def test_a_file_that_is_no_sheet_is_refused(
    xiezhi: Terminal, tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    (tmp_path / name).write_bytes(content)
    assert message in xiezhi("import", str(tmp_path / name), code=1).stderr


def test_a_file_or_the_template_has_to_be_named(xiezhi: Terminal) -> None:
    xiezhi("import", code=2)
