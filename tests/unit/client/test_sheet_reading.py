"""A spreadsheet that somebody sent: what is no XLSX is said to be none, wherever that shows; nothing is endless."""

import io
import zipfile

import pytest

from xiezhi_client.people.staff import COLUMNS
from xiezhi_client.sdk import InvalidInput
from xiezhi_client.sheets.reading import parse_sheet
from xiezhi_client.sheets.template import write_template

SHEET = "xl/worksheets/sheet1.xml"


def workbook(**changed: bytes | None) -> bytes:
    """The template, its parts changed or, where None, left out."""
    template, target = io.BytesIO(), io.BytesIO()
    write_template(template, COLUMNS)
    with zipfile.ZipFile(template) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        parts = {name: source.read(name) for name in source.namelist()} | changed
        for name, content in parts.items():
            if content is not None:
                archive.writestr(name, content)
    return target.getvalue()


def test_the_template_is_read() -> None:
    assert parse_sheet(workbook(), "人员.xlsx", COLUMNS).rows == ()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK",
        workbook()[:-200],
        workbook(**{SHEET: b"<worksheet><sheetData><row>"}),
        workbook(**{SHEET: b"\x00"}),
        workbook(**{SHEET: None}),
        workbook(**{"xl/workbook.xml": b"<workbook"}),
        workbook(**{"xl/workbook.xml": None}),
    ],
)
def test_what_is_no_xlsx_is_said_to_be_none(content: bytes) -> None:
    with pytest.raises(InvalidInput, match="不是 XLSX"):
        parse_sheet(content, "人员.xlsx", COLUMNS)


def test_what_unpacks_to_more_than_the_caller_has_use_for_is_refused_before() -> None:
    content = workbook(**{"xl/more.xml": bytes(2_000_000)})
    assert len(content) < 100_000
    assert parse_sheet(content, "人员.xlsx", COLUMNS).rows == ()
    with pytest.raises(InvalidInput, match="解压后过大"):
        parse_sheet(content, "人员.xlsx", COLUMNS, most_unpacked=1_000_000)
