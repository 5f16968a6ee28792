"""A receipt as a PDF, set by Typst; the QR code is drawn by segno as lines, not as a picture."""

import json
import tempfile
from importlib import resources
from io import BytesIO
from pathlib import Path
from typing import Final

import segno
import typst

from xiezhi_papers.letters.fonts import fonts
from xiezhi_papers.receipts.paper import ReceiptPaper
from xiezhi_papers.sheets.sheet import printable

_QUIET_ZONE: Final = 4
"""Modules of white around a code, as ISO/IEC 18004 asks."""


def receipt_pdf_of(paper: ReceiptPaper) -> bytes:
    """Return the PDF. The same paper gives the same bytes."""
    layout = resources.files("xiezhi_papers.receipts").joinpath("layout", "receipt.typ").read_bytes()
    content = {
        "title": printable(paper.title),
        "rows": [[printable(text) for text in row] for row in paper.rows],
        "notes": [printable(note) for note in paper.notes],
        "attachment": paper.attachment_name,
    }
    with tempfile.TemporaryDirectory(prefix="receipt-") as root:
        main = Path(root, "main.typ")
        main.write_bytes(layout)
        Path(root, "code.svg").write_bytes(_code(paper.code))
        Path(root, "receipt").write_bytes(paper.attachment)
        made = typst.compile(
            str(main),
            root=root,
            font_paths=fonts(paper.font_directory),
            ignore_system_fonts=True,
            sys_inputs={"receipt": json.dumps(content, ensure_ascii=False)},
            timestamp=paper.timestamp,
            package_path=root,
            package_cache_path=root,
        )
    assert isinstance(made, bytes), "a PDF is one file"
    return made


def _code(text: str) -> bytes:
    drawn = BytesIO()
    # M: readable with a seventh of it soiled, which a sheet in a file may be.
    segno.make_qr(text, error="m").save(drawn, kind="svg", border=_QUIET_ZONE, xmldecl=False)
    return drawn.getvalue()
