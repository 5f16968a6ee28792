"""Setting a bulletin by Typst: the whole as a PDF, or one chart as a picture."""

import json
import tempfile
from dataclasses import asdict
from importlib import resources
from pathlib import Path
from typing import Any, Final

import typst

from xiezhi_papers.bulletins.paper import BulletinPaper
from xiezhi_papers.letters.fonts import fonts
from xiezhi_papers.sheets.sheet import printable

_SHARP: Final = 200.0
"""Dots per inch of a picture: enough for print."""


def bulletin_pdf_of(paper: BulletinPaper) -> bytes:
    """Return the PDF. The same paper gives the same bytes."""
    return _set(paper, timestamp=paper.timestamp)


def chart_png_of(paper: BulletinPaper, chart: int) -> bytes:
    """Return the chart at the place *chart* as a PNG."""
    return _set(paper, {"chart": str(chart)}, format="png", ppi=_SHARP)


def _set(paper: BulletinPaper, inputs: dict[str, str] | None = None, **options: Any) -> bytes:
    layout = resources.files("xiezhi_papers.bulletins").joinpath("layout", "bulletin.typ").read_bytes()
    content = json.dumps(_shown(asdict(paper)), ensure_ascii=False)
    with tempfile.TemporaryDirectory(prefix="bulletin-") as root:
        main = Path(root, "main.typ")
        main.write_bytes(layout)
        made = typst.compile(
            str(main),
            root=root,
            font_paths=fonts(paper.font_directory),
            ignore_system_fonts=True,
            sys_inputs={"bulletin": content, **(inputs or {})},
            package_path=root,
            package_cache_path=root,
            **options,
        )
    assert isinstance(made, bytes), "a PDF, and a page as long as its chart, are one file"
    return made


def _shown(value: Any) -> Any:
    """Return what a bulletin says with every text printable."""
    match value:
        case str():
            return printable(value)
        case dict():
            return {key: _shown(each) for key, each in value.items()}
        case list() | tuple():
            return [_shown(each) for each in value]
    return value
