"""Results written back as files: one JSON with the contract's names, one text that people read."""

import json
import os
from pathlib import Path
from typing import Final

from google.protobuf.json_format import MessageToDict

from xiezhi.v1 import case_source_pb2, instruction_pb2, item_pb2
from xiezhi_domain.court_time import SHANGHAI
from xiezhi_domain.terms import Action, Outcome

_UNSAFE: Final = '/\\:*?"<>|'


def keep_feedback(folder: Path, feedback: case_source_pb2.CaseFeedback) -> None:
    """Write a result into *folder*; what was written before is left as it is.

    :raises OSError: it cannot be written.
    """
    name = _file_name(f"{Action.COMPLETE.zh}-{feedback.matter_number}-{feedback.feedback_id}")
    target = folder / f"{name}.json"
    if target.exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    content = MessageToDict(feedback, preserving_proto_field_name=True)
    _write(folder / f"{name}.txt", _text(feedback))
    # Last: that it is there says that both are.
    _write(target, json.dumps(content, ensure_ascii=False, indent=2) + "\n")


def _file_name(text: str) -> str:
    return "".join("_" if char in _UNSAFE or not char.isprintable() else char for char in text)


def _write(path: Path, text: str) -> None:
    new = path.with_name(f".{path.name}.new")
    with new.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)


def _text(feedback: case_source_pb2.CaseFeedback) -> str:
    at = feedback.reported_at.ToDatetime(tzinfo=SHANGHAI)
    lines = [
        f"案号：{feedback.case_number}",
        f"事项：{feedback.matter_number}（{feedback.receiver}）",
        f"{Action.COMPLETE.zh}时间：{at:%Y-%m-%d %H:%M}",
        f"结果：{_RESULTS.get(feedback.result, '')}",
        *(_outcome(each) for each in feedback.outcomes),
        f"说明：{feedback.text}",
        *(f"附件：{each.name}" for each in feedback.documents),
    ]
    return "\n".join(lines) + "\n"


def _outcome(outcome: item_pb2.ItemOutcome) -> str:
    word = item_pb2.Outcome.Name(outcome.outcome).removeprefix("OUTCOME_")
    shown = Outcome(word).zh if word in Outcome.__members__ else ""
    return f"办理项 {outcome.number}：{shown} {outcome.note}".rstrip()


_RESULTS: Final = {
    instruction_pb2.RESULT_ALL_DONE: "全部办成",
    instruction_pb2.RESULT_PARTLY_DONE: Outcome.PARTLY_DONE.zh,
    instruction_pb2.RESULT_NOT_DONE: Outcome.NOT_DONE.zh,
}
