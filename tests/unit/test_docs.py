"""The pages of docs/ say what the code says: tables made from it, links that lead somewhere."""

import re
import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOC_TABLES = runpy.run_path(str(ROOT / "tools" / "doc_tables.py"))
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
renewed = DOC_TABLES["renewed"]
LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_tables_are_as_the_code_has_them(page: Path) -> None:
    text = page.read_text("utf-8")
    assert renewed(text) == text, "run: make docs"


def test_every_table_stands_on_a_page() -> None:
    text = "".join(page.read_text("utf-8") for page in PAGES)
    assert set(re.findall(r"<!-- table: (\S+) -->", text)) == set(DOC_TABLES["TABLES"])


def test_a_stale_table_is_renewed_and_the_rest_of_the_page_left_alone() -> None:
    page = "before\n<!-- table: reasons -->\n| old |\n<!-- end of table -->\nafter\n"
    fresh = renewed(page)
    assert "| old |" not in fresh
    assert "| `STALE_BASE` | `ABORTED` |" in fresh
    assert fresh.startswith("before\n")
    assert fresh.endswith("<!-- end of table -->\nafter\n")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_files(page: Path) -> None:
    links = LINK.findall(page.read_text("utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []
