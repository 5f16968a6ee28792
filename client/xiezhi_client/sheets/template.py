"""The empty sheet that explains itself."""

from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any, Final

from xiezhi_client.sheets.columns import Column

TEMPLATE_ROWS: Final = 500
"""Rows that the template prepares as text."""


def write_template(target: Path | IO[bytes], columns: Sequence[Column]) -> None:
    """Write an empty sheet whose cells are text, so that leading zeros stay. Raise `OSError`."""
    from openpyxl import Workbook  # noqa: PLC0415  slow to load, and few commands need it
    from openpyxl.comments import Comment  # noqa: PLC0415  likewise
    from openpyxl.styles import Font  # noqa: PLC0415  likewise

    book = Workbook()
    sheet: Any = book.active
    for at, column in enumerate(columns, 1):
        head = sheet.cell(1, at, column.title)
        head.font = Font(bold=column.required)
        head.comment = Comment(("必填。" if column.required else "") + column.hint, "xiezhi")
        sheet.column_dimensions[head.column_letter].width = 24
        for row in range(2, TEMPLATE_ROWS + 2):
            sheet.cell(row, at).number_format = "@"
    sheet.freeze_panes = "A2"
    book.save(target)
