"""A folder of cases: one folder for each, with ``case.toml`` or ``case.json`` and the papers in ``documents``.

    cases/
      任意名称/
        case.toml        # fields of the contract's Case, and [[changes]] with change, on, court, text
        documents/       # 裁定书-冻结存款.pdf: the type of paper stands before the first - or _
        feedback/        # written by the adapter

Folders may be added and files changed at any time: they are read when they are asked for.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from xiezhi.v1 import case_pb2, document_pb2
from xiezhi_adapters.fields import FieldReader
from xiezhi_adapters.records import CaseRecord, DossierFile, StatusChange, unreadable
from xiezhi_domain.casenumber import CaseNumber
from xiezhi_domain.errors import FieldViolation, InvalidInput, NotFound, Reason
from xiezhi_domain.plain_values import read_json, read_toml
from xiezhi_domain.terms import CaseStatusChange, PaperType

CASE_FILES: Final = ("case.toml", "case.json")
_DOCUMENTS: Final = "documents"
_FEEDBACK: Final = "feedback"
_CHANGE_KEYS: Final = {"change", "on", "court", "text"}


@dataclass(frozen=True, slots=True)
class _Folder:
    """A case's folder as it was read: the case, or what is wrong; `number` is empty where that cannot be read."""

    path: Path
    number: str
    record: CaseRecord | None
    problems: Sequence[FieldViolation]


class FolderRecords:
    """The cases below one folder."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._read: dict[Path, tuple[tuple[int, ...], _Folder]] = {}

    def find(self, case_number: str) -> CaseRecord:
        """Return the case with this number.

        :raises NotFound: UNKNOWN_CASE.
        :raises WrongState: CASE_UNREADABLE.
        """
        found = self._folder_of(case_number)
        if found.record is None:
            raise unreadable(found.problems)
        return found.record

    def readable(self) -> Iterator[CaseRecord]:
        """Give the cases that can be read."""
        return (each.record for each in self._folders() if each.record is not None)

    def problems(self) -> Sequence[FieldViolation]:
        """Return every place that is wrong."""
        return [problem for each in self._folders() for problem in each.problems]

    def feedback_folder(self, case_number: str) -> Path:
        """Return the folder ``feedback`` of a case."""
        return self._folder_of(case_number).path / _FEEDBACK

    def _folder_of(self, case_number: str) -> _Folder:
        for each in self._folders():
            if each.number == case_number:
                return each
        raise NotFound(Reason.UNKNOWN_CASE)

    def _folders(self) -> Iterator[_Folder]:
        for path in sorted(self._root.iterdir()):
            file = next((path / name for name in CASE_FILES if (path / name).is_file()), None)
            if file is not None:
                yield self._folder(path, file)

    def _folder(self, path: Path, file: Path) -> _Folder:
        """Return what is in *path*, read anew only when something there has changed."""
        seen = _signature(file, path / _DOCUMENTS)
        known = self._read.get(path)
        if known is None or known[0] != seen:
            known = (seen, _read_folder(path, file))
            self._read[path] = known
        return known[1]


def _signature(file: Path, documents: Path) -> tuple[int, ...]:
    papers = documents.stat().st_mtime_ns if documents.is_dir() else 0
    known = file.stat()
    return known.st_mtime_ns, known.st_size, papers


def _read_folder(path: Path, file: Path) -> _Folder:
    reader = FieldReader(f"{path.name}/{file.name}")
    case = case_pb2.Case()
    changes: list[StatusChange] = []
    try:
        values = _values(file)
    except (ValueError, OSError) as error:
        reader.note("", f"文件无法读取：{error}")
        values = {}
    else:
        changes = [
            each for at, entry in enumerate(values.pop("changes", [])) if (each := _change(reader, entry, at))
        ]
        reader.fill(case, values)
        _normal_number(reader, case)
    if reader.problems:
        return _Folder(path, case.case_number, None, reader.problems)
    changed_at = max(_signature(file, path / _DOCUMENTS)[::2]) // 1_000_000
    record = CaseRecord(case, _documents(path / _DOCUMENTS), changes, changed_at)
    return _Folder(path, case.case_number, record, ())


def _values(file: Path) -> dict[str, Any]:
    text = file.read_text(encoding="utf-8-sig")
    values = read_toml(text) if file.suffix == ".toml" else read_json(text)
    if not isinstance(values, dict):
        raise ValueError("应为一组字段")  # noqa: TRY004  the caller tells it as what is wrong with the file
    return values


def _normal_number(reader: FieldReader, case: case_pb2.Case) -> None:
    try:
        case.case_number = str(CaseNumber.parse(case.case_number))
    except InvalidInput as error:
        reader.note("case_number", error.message)


def _change(reader: FieldReader, entry: Any, at: int) -> StatusChange | None:
    where = f"changes[{at}]"
    if not isinstance(entry, Mapping) or entry.keys() - _CHANGE_KEYS:
        reader.note(where, f"应为一组字段，可填写的有：{'、'.join(sorted(_CHANGE_KEYS))}")
        return None
    kind = find_change(str(entry.get("change", "")))
    if kind is None:
        reader.note(f"{where}.change", f"应为下列之一：{'、'.join(each.zh for each in CaseStatusChange)}")
    on = _day(entry.get("on"))
    if on is None:
        reader.note(f"{where}.on", "日期格式应为 2026-11-22")
    if kind is None or on is None:
        return None
    return StatusChange(kind, on, str(entry.get("court", "")), str(entry.get("text", "")))


def find_change(text: str) -> CaseStatusChange | None:
    """Return the change that is written as identifier or Chinese word; None if it is neither."""
    return next((each for each in CaseStatusChange if text.strip() in {each.name, each.zh}), None)


def _day(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


def _documents(folder: Path) -> list[DossierFile]:
    if not folder.is_dir():
        return []
    files = sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))
    return [dossier_file(path, str(path.relative_to(folder)), paper_type_of(path)) for path in files]


def dossier_file(path: Path, document_id: str, paper_type: PaperType) -> DossierFile:
    """Return the file at *path* as a paper of a dossier; its hash is not known before it is read."""
    catalogue = str(Path(document_id).parent)
    document = case_pb2.DossierDocument(
        document_id=document_id,
        name=path.name,
        paper_type=document_pb2.PaperType.Value(f"PAPER_TYPE_{paper_type}"),
        size=path.stat().st_size,
        catalogue="" if catalogue == "." else catalogue,
    )
    return DossierFile(path, document)


def paper_type_of(path: Path) -> PaperType:
    """Return the type of paper that a file's name begins with; 其他材料 where it names none."""
    word = path.stem.replace("_", "-").partition("-")[0].strip()
    return next((each for each in PaperType if each.zh == word), PaperType.OTHER)
