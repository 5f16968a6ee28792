"""What the check of terms reads of a page."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))

from template_words import of_script, of_template


def texts(pieces):
    return [(piece.line, piece.text.strip(), piece.in_sentence) for piece in pieces if piece.text.strip()]


def test_words_stand_between_tags_in_attributes_and_in_expressions(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text('<p title="甲">\n乙</p>\n{{ field("name", "丙") }}{# 丁 #}\n<i class="戊">己</i>')
    assert texts(of_template(page)) == [
        *((3, "name", False), (3, "丙", False)),
        *((1, "甲", False), (1, "乙", False), (4, "己", False)),
    ]


def test_what_stands_beside_a_value_is_part_of_a_sentence(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<p>{% if x %}甲{% else %}乙{{ y }}丙{% endif %}</p>")
    assert texts(of_template(page)) == [(1, "甲", False), (1, "乙", True), (1, "丙", True)]


def test_a_script_says_what_is_in_quotes(tmp_path: Path) -> None:
    script = tmp_path / "page.js"
    script.write_text('const a = "甲";\nconst b = `乙${a}丙`; // 丁')
    assert texts(of_script(script)) == [(1, "甲", False), (2, "乙", True), (2, "丙", True)]
