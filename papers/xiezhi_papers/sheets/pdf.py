"""A sheet as a PDF, set by Typst in landscape A4."""

import json
import tempfile
from dataclasses import asdict
from importlib import resources
from pathlib import Path
from typing import Any

import typst

from xiezhi_domain.errors import LimitExceeded, Reason
from xiezhi_papers.letters.fonts import fonts
from xiezhi_papers.sheets.sheet import PrintedSheet, printable

MOST_ROWS = 5_000
"""More rows make some hundred pages, which nobody prints; XLSX takes any number."""


def sheet_pdf_of(printed: PrintedSheet) -> bytes:
    """Return the PDF. The same sheet and time give the same bytes.

    It is no PDF/A: that refuses a document for one rare character of a name that no font here has.

    :raises LimitExceeded: TOO_LARGE; more rows than are printed.
    """
    if sum(len(group.rows) for group in printed.sheet.groups) > MOST_ROWS:
        raise LimitExceeded(Reason.TOO_LARGE, f"PDF 最多 {MOST_ROWS} 行，请缩短期间或改为导出 XLSX")
    layout = resources.files("xiezhi_papers.sheets").joinpath("layout", "sheet.typ").read_bytes()
    with tempfile.TemporaryDirectory(prefix="sheet-") as root:
        main = Path(root, "main.typ")
        main.write_bytes(layout)
        made = typst.compile(
            str(main),
            root=root,
            font_paths=fonts(printed.font_directory),
            ignore_system_fonts=True,
            sys_inputs={"sheet": json.dumps(_shown(asdict(printed.sheet)), ensure_ascii=False)},
            timestamp=printed.timestamp,
            package_path=root,
            package_cache_path=root,
        )
    assert isinstance(made, bytes), "a PDF is one file"
    return made


def _shown(value: Any) -> Any:
    """Return what a sheet says with every text printable."""
    match value:
        case str():
            return printable(value)
        case dict():
            return {key: _shown(each) for key, each in value.items()}
        case list() | tuple():
            return [_shown(each) for each in value]
    return value
