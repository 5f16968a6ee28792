"""Results as files: once, whole, readable."""

import json
from pathlib import Path

from tests.unit.adapters.books import NUMBER

from xiezhi.v1 import case_source_pb2, instruction_pb2, item_pb2
from xiezhi_adapters.feedback import keep_feedback


def feedback(**changes: object) -> case_source_pb2.CaseFeedback:
    made = case_source_pb2.CaseFeedback(
        feedback_id="019b76da-a800-7001-8203-040506070809",
        case_number=NUMBER,
        matter_number="苏0505委〔2026〕1号",
        receiver="苏0591",
        result=instruction_pb2.RESULT_PARTLY_DONE,
        outcomes=[item_pb2.ItemOutcome(number=1, outcome=item_pb2.OUTCOME_DONE, note="已找到")],
        text="已办结",
        **changes,
    )
    made.reported_at.FromJsonString("2026-01-05T01:30:00Z")
    return made


def test_a_result_is_written_for_programs_and_for_people(tmp_path: Path) -> None:
    keep_feedback(tmp_path / "feedback", feedback())
    written = {path.suffix: path.read_text("utf-8") for path in (tmp_path / "feedback").iterdir()}
    assert written.keys() == {".json", ".txt"}
    assert json.loads(written[".json"])["outcomes"] == [
        {"number": 1, "outcome": "OUTCOME_DONE", "note": "已找到"}
    ]
    assert "办理项 1：已办成 已找到" in written[".txt"]
    assert "2026-01-05 09:30" in written[".txt"]


def test_the_same_result_is_written_once(tmp_path: Path) -> None:
    keep_feedback(tmp_path, feedback())
    [kept] = tmp_path.glob("*.json")
    kept.write_text("edited", "utf-8")
    keep_feedback(tmp_path, feedback())
    assert [path.read_text("utf-8") for path in tmp_path.glob("*.json")] == ["edited"]


def test_a_name_leads_nowhere_else(tmp_path: Path) -> None:
    hostile = feedback()
    hostile.feedback_id = "../../x"
    keep_feedback(tmp_path / "feedback", hostile)
    assert [path.parent for path in tmp_path.rglob("*.json")] == [tmp_path / "feedback"]
