"""Imports under way: found by who made them alone, take no file of this machine, name cells that are wrong."""

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import cast

import pytest

from xiezhi_client.batch.drafting import RowResult, check_rows
from xiezhi_client.batch.forms import FindForm
from xiezhi_client.batch.orders import RowOrder
from xiezhi_client.sdk import Client, FindOrder, InvalidInput, RetryPolicy, connect
from xiezhi_client.sheets.reading import Problem, Row, Sheet, parse_sheet
from xiezhi_client.typed.papers import beside
from xiezhi_workbench.imports import (
    MOST_KEPT,
    MOST_RUNNING,
    SHOWN_FOLDERS,
    Import,
    Imports,
    forget_left,
    new_folder,
)
from xiezhi_workbench.pages.importing import MOST_SHOWN, Checked

GOOD = {
    "case_number": "（2026）苏0591执1234号",
    "receiver": "苏0508",
    "subjects": "1",
    "acts": "查找人员",
    "scope": "查找下落",
    "request": "请协助",
}


def an_import(folder: Path, owner: str = "甲", rows: int = 2) -> Import:
    folder.mkdir(exist_ok=True)
    orders = [RowOrder(number, FindOrder(), ()) for number in range(2, rows + 2)]
    return Import(
        owner=owner,
        file_name="事项.xlsx",
        kind="FIND",
        sha256="00",
        form=FindForm(),
        orders=orders,
        submit=False,
        folder=folder,
    )


def test_rows_are_counted_as_they_go(tmp_path: Path) -> None:
    made = an_import(tmp_path)
    assert [result for _, result in made.rows] == [None, None]
    made.results = {2: RowResult(2), 3: RowResult(3, problem=Problem(3, "案号", "没有这个案件"))}
    assert (made.is_done, made.failed, made.is_running) == (True, 1, False)


@pytest.fixture
async def nowhere() -> AsyncIterator[Client]:
    """A client whose server is not there."""
    patience = RetryPolicy(attempts=1, longest_wait=0.01, attempt_timeout=5.0)
    async with connect("127.0.0.1:1", b"", retry=patience) as client:
        yield client


async def stopped(made: Import) -> Import:
    assert made.task is not None
    await made.task
    return made


async def test_an_import_is_its_makers_alone_and_their_oldest_goes(tmp_path: Path, nowhere: Client) -> None:
    imports = Imports()
    first = an_import(tmp_path / "first")
    imports.start(first, nowhere)
    assert (await stopped(first)).stopped
    assert imports.find(first.import_id, "甲") is first
    assert imports.find(first.import_id, "乙") is None
    others = [an_import(tmp_path / str(number), "乙") for number in range(MOST_KEPT + 1)]
    for each in others:
        imports.start(each, nowhere)
        await stopped(each)
    assert imports.of("乙") == others[:0:-1]
    assert [each.folder.exists() for each in others] == [False] + [True] * MOST_KEPT
    assert imports.of("甲") == [first]


async def test_an_account_runs_no_more_than_its_share(tmp_path: Path, nowhere: Client) -> None:
    imports = Imports()
    made = [an_import(tmp_path / str(number)) for number in range(MOST_RUNNING + 1)]
    for each in made[:-1]:
        imports.start(each, nowhere)
    with pytest.raises(InvalidInput, match="正在进行"):
        imports.start(made[-1], nowhere)
    assert len(imports.of("甲")) == MOST_RUNNING
    imports.start(an_import(tmp_path / "other", "乙"), nowhere)
    imports.start(made[0], nowhere)
    await stopped(made[0])
    imports.start(made[-1], nowhere)
    imports.close()


class Failing:
    """Something in the place of a desk that fails as the disk or the program may."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def __getattr__(self, name: str) -> object:
        """Fail."""
        raise self.error


@pytest.mark.parametrize(("error", "word"), [(OSError(28, "full"), "无法读取"), (KeyError("x"), "故障")])
async def test_an_import_that_ends_says_why(tmp_path: Path, error: Exception, word: str) -> None:
    made = an_import(tmp_path)
    made.go_on(cast(Client, Failing(error)))
    assert made.task is not None
    await asyncio.wait({made.task})
    assert word in made.stopped
    assert made.task.exception() is (None if isinstance(error, OSError) else error)


@pytest.mark.parametrize("name", ["/etc/hostname", "../函.pdf", "别的.pdf"])
def test_a_row_names_no_file_but_those_that_came_along(name: str, tmp_path: Path) -> None:
    sheet = Sheet("00", (Row(2, GOOD | {"papers": f"委托函={name}"}),))
    orders, problems = check_rows(sheet, FindForm(), {"函.pdf": tmp_path / "函.pdf"}.get)
    assert orders == []
    assert [(each.row, each.column) for each in problems] == [(2, "文书")]
    _, on_the_desk = check_rows(sheet, FindForm(), beside(tmp_path))
    assert bool(on_the_desk) is not Path(name).is_absolute() or not Path(name).exists()


def test_every_cell_that_is_wrong_is_named() -> None:
    form = FindForm()
    titles = ",".join(column.title for column in form.columns)
    wrong = "不是案号,某法院,甲,飞行,,,请协助,三天,,,"
    sheet = parse_sheet(f"{titles}\n{wrong}\n".encode(), "事项.csv", form.columns)
    orders, problems = check_rows(sheet, form, {}.get)
    assert orders == []
    assert [each.row for each in problems] == [2] * len(problems)
    named = {each.column for each in problems}
    assert {"案号", "受托法院", "对象序号", "办理行为", "办理要求", "期限天数"} <= named


class Passed(list[Problem]):
    """Problems that count how often they were gone through."""

    times = 0

    def __iter__(self) -> Iterator[Problem]:
        """Count, and go through."""
        self.times += 1
        return super().__iter__()


def test_of_a_sheet_that_is_wrong_all_over_the_first_rows_are_shown() -> None:
    columns = FindForm().columns
    rows = tuple(Row(number, GOOD) for number in range(2, MOST_SHOWN + 32))
    problems = Passed(Problem(row.number, columns[0].title, "有误") for row in rows[1:])
    problems.append(Problem(3, columns[0].title, "重复"))
    checked = Checked.of(Sheet("00", rows), columns, problems)
    assert [row.number for row in checked.rows] == [row.number for row in rows[1 : MOST_SHOWN + 1]]
    assert (checked.more, checked.found) == (29, MOST_SHOWN + 30)
    told = [[checked.wrong(row, column) for column in columns] for row in checked.rows]
    assert told[0] == ["有误；重复"] + [""] * (len(columns) - 1)
    assert problems.times == 1, "a cell is looked up; no cell goes through what is wrong in the others"


def test_papers_that_a_crash_left_are_removed_at_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    left, under_way, link = new_folder(), new_folder(), tmp_path / "xiezhi-import-link"
    kept, other = tmp_path / "kept", tmp_path / "other"
    shown, being_sent = (
        Path(tempfile.mkdtemp(prefix=SHOWN_FOLDERS)),
        Path(tempfile.mkdtemp(prefix=SHOWN_FOLDERS)),
    )
    for folder in (left, kept, other, shown):
        folder.mkdir(exist_ok=True)
        (folder / "letter.pdf").write_bytes(b"%PDF")
        os.utime(folder, (0, 0))
    link.symlink_to(kept)
    forget_left(now=under_way.stat().st_mtime + 60)
    assert not left.exists()
    assert not shown.exists()
    assert under_way.exists()
    assert being_sent.exists()
    assert (kept / "letter.pdf").exists()
    assert (other / "letter.pdf").exists()
