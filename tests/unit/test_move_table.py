"""The table of moves: what has no method or no course is told, and never passed over."""

import runpy
from dataclasses import replace
from pathlib import Path

from xiezhi_domain.rulebook import shipped_rulebook

TABLE = runpy.run_path(str(Path(__file__).resolve().parents[2] / "tools" / "move_table.py"))
FIND = shipped_rulebook().kind("FIND")


def test_a_new_ladder_has_no_courses_yet() -> None:
    found = list(TABLE["cells_of"](replace(FIND, ladder="new")))
    assert {cell.move for cell in found} == set(FIND.moves)
    assert all(cell.is_missing for cell in found)


def test_a_new_kind_on_a_known_ladder_has_them_all() -> None:
    found = TABLE["cells_of"](replace(FIND, kind="NEW"))
    assert [cell for cell in found if cell.is_missing] == []


def test_a_move_that_no_method_makes_is_missing() -> None:
    invented = replace(FIND.moves["Signed"], kind="Invented")
    found = list(TABLE["cells_of"](replace(FIND, moves={**FIND.moves, "Invented": invented})))
    [cell] = [cell for cell in found if cell.move == "Invented"]
    assert cell.is_missing
    assert "option (makes)" in cell.maker


def test_a_machine_needs_a_course_as_people_do() -> None:
    invented = replace(FIND.moves["Delivered"], kind="Invented")
    found = list(TABLE["cells_of"](replace(FIND, moves={**FIND.moves, "Invented": invented})))
    assert [cell.move for cell in found if cell.is_missing] == ["Invented"]


def test_what_cannot_be_begun_by_telephone_needs_no_papers_afterwards() -> None:
    rules = shipped_rulebook().kind("ENTRUST_DEPOSIT")
    [cell] = [cell for cell in TABLE["cells_of"](rules) if cell.move == "UrgentPapersSupplied"]
    assert not cell.is_missing
    assert "telephone" in cell.maker


def test_what_nobody_approves_needs_no_consent_afterwards() -> None:
    rules = shipped_rulebook().kind("ENTRUST_SERVICE")
    [cell] = [cell for cell in TABLE["cells_of"](rules) if cell.move == "ConsentWritten"]
    assert not cell.is_missing
    assert "approved" in cell.maker
