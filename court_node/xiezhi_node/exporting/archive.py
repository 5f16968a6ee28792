"""The ZIP of one matter."""

import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Final

from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message

from xiezhi.v1 import document_pb2, event_pb2, instruction_pb2
from xiezhi_desk.terms import PAPER_TYPES
from xiezhi_domain.court_time import to_text
from xiezhi_domain.terms import State
from xiezhi_node.exporting.readable import field_sheet, history_text, word
from xiezhi_node.seat import Seat

IN_MEMORY: Final = 8 * 1024 * 1024
_BAD: Final = '<>:"/\\|?*'


@dataclass(frozen=True, slots=True)
class Exported:
    """What goes into the ZIP. `receipts`: event id → receipt, serialised; `remarks`: what is not in it, and why."""

    instruction: instruction_pb2.Instruction
    entries: Sequence[event_pb2.TimelineEntry]
    receipts: Mapping[str, bytes]
    by: str
    at: int
    purpose: str
    unmasked: bool
    remarks: list[str] = field(default_factory=list)

    @property
    def file_name(self) -> str:
        """The name of the ZIP."""
        return f"{_plain(self.instruction.summary.matter_number or State.DRAFT.zh)}.zip"


class Archive:
    """A ZIP under way, in a temporary file that is gone when it is closed; not for the event loop."""

    def __init__(self, exported: Exported, seat: Seat) -> None:
        self.file: IO[bytes] = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  closed by `close`
        self._zip = zipfile.ZipFile(self.file, "w", zipfile.ZIP_DEFLATED)
        self._documents = 0
        self._add("说明.txt", _about(exported))
        self._add("事项.json", _json(exported.instruction))
        self._add("办理过程.json", _json(*exported.entries))
        self._add("办理过程.txt", history_text(exported.instruction, exported.entries))
        self._add("录入单.txt", field_sheet(exported.instruction, seat))
        for event_id, receipt in exported.receipts.items():
            self._zip.writestr(f"存证回执/{event_id}.receipt", receipt)

    def open_document(self, document: document_pb2.Document) -> IO[bytes]:
        """Return where the bytes of the next document go; closed by the caller before anything else is added."""
        self._documents += 1
        kind = _plain(word(PAPER_TYPES, document.paper_type))
        return self._zip.open(f"文书/{self._documents:02d}-{kind}-{_plain(document.name)}", "w")

    def finish(self) -> int:
        """Complete the ZIP; return its size in bytes. `file` then stands at its beginning."""
        self._zip.close()
        size = self.file.tell()
        self.file.seek(0)
        return size

    def close(self) -> None:
        """Let go of the temporary file."""
        self.file.close()

    def _add(self, name: str, text: str) -> None:
        self._zip.writestr(name, text.encode("utf-8-sig" if name.endswith(".txt") else "utf-8"))


def _about(exported: Exported) -> str:
    masked = "完整" if exported.unmasked else "证件号码等已遮盖"
    lines = [
        f"事项编号：{exported.instruction.summary.matter_number}",
        f"导出人：{exported.by}",
        f"导出时间：{to_text(exported.at)}",
        f"导出事由：{exported.purpose}",
        f"个人信息：{masked}",
        "本次导出已记入查看记录。",
        *exported.remarks,
    ]
    return "\r\n".join(lines) + "\r\n"


def _json(*messages: Message) -> str:
    plain: list[dict[str, Any]] = [MessageToDict(each, preserving_proto_field_name=True) for each in messages]
    return json.dumps(plain[0] if len(plain) == 1 else plain, ensure_ascii=False, indent=2)


def _plain(name: str) -> str:
    """Return a name that is one on every system and stays in its folder, whatever another court has called a file."""
    kept = "".join(char for char in name if char.isprintable() and char not in _BAD).strip(". ")
    return kept[-100:] or "文件"
