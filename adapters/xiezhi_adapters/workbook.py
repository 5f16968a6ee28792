"""One XLSX workbook for all cases (`columns`): the sheets 案件, 当事人, 卷宗, 状态变更.

A wrong cell keeps its own case from being read and no other. The workbook is read anew when it was saved.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font

from xiezhi.v1 import case_pb2, party_pb2
from xiezhi_adapters.columns import CASES, CHANGES, DOSSIER, PARTIES, SHEETS
from xiezhi_adapters.fields import IDENTITY_DOCUMENTS, identifier_of
from xiezhi_adapters.folder import dossier_file, find_change, paper_type_of
from xiezhi_adapters.records import CaseRecord, DossierFile, StatusChange, unreadable
from xiezhi_adapters.sheet import Book, Cells, read_book
from xiezhi_domain.errors import FieldViolation, InvalidInput, NotFound, Reason
from xiezhi_domain.identity import check_citizen_id, check_credit_code
from xiezhi_domain.terms import CaseStatusChange, PaperType, SubjectRole

PERSON: Final = "自然人"
ORGANISATION: Final = "单位"


@dataclass(slots=True)
class _Entry:
    """What the sheets say of one case, and what is wrong with that."""

    case: case_pb2.Case
    documents: list[DossierFile] = field(default_factory=list)
    changes: list[StatusChange] = field(default_factory=list)
    problems: list[FieldViolation] = field(default_factory=list)


class WorkbookRecords:
    """The cases of one workbook; results are written into *feedback*."""

    def __init__(self, path: Path, feedback: Path) -> None:
        self._path = path
        self._feedback = feedback
        self._seen: tuple[int, int] = (0, 0)
        self._entries: dict[str, _Entry] = {}
        self._lost: list[FieldViolation] = []

    def find(self, case_number: str) -> CaseRecord:
        """Return the case with this number.

        :raises NotFound: UNKNOWN_CASE.
        :raises WrongState: CASE_UNREADABLE, naming each cell.
        """
        self._refresh()
        entry = self._entries.get(case_number)
        if entry is None:
            raise NotFound(Reason.UNKNOWN_CASE)
        if entry.problems:
            raise unreadable(entry.problems)
        return self._record(entry)

    def readable(self) -> Iterator[CaseRecord]:
        """Give the cases that can be read."""
        self._refresh()
        return (self._record(entry) for entry in self._entries.values() if not entry.problems)

    def problems(self) -> Sequence[FieldViolation]:
        """Return every cell that is wrong."""
        self._refresh()
        return [*self._lost, *(each for entry in self._entries.values() for each in entry.problems)]

    def feedback_folder(self, case_number: str) -> Path:
        """Return the case's folder below that of the results."""
        self.find(case_number)
        return self._feedback / case_number

    def _record(self, entry: _Entry) -> CaseRecord:
        return CaseRecord(entry.case, entry.documents, entry.changes, self._seen[0] // 1_000_000)

    def _refresh(self) -> None:
        known = self._path.stat()
        seen = (known.st_mtime_ns, known.st_size)
        if seen == self._seen:
            return
        try:
            reading = _Reading(self._path.parent, read_book(self._path))
        except InvalidInput as error:
            raise unreadable(error.fields) from error
        self._entries, self._lost, self._seen = reading.entries, reading.lost, seen


class _Reading:
    """One reading of a workbook, sheet after sheet; `lost` is what is wrong in rows that belong to no case."""

    def __init__(self, folder: Path, book: Book) -> None:
        self.entries: dict[str, _Entry] = {}
        self.lost: list[FieldViolation] = []
        self._folder = folder.resolve()
        for cells in book[CASES.title]:
            self._case(cells)
        readers = {PARTIES.title: self._party, DOSSIER.title: self._paper, CHANGES.title: self._change}
        for title, read in readers.items():
            for cells in book[title]:
                entry = self._entry_of(cells)
                if entry is not None:
                    read(cells, entry)
                    entry.problems.extend(cells.problems)

    def _entry_of(self, cells: Cells) -> _Entry | None:
        number = cells.case_number()
        entry = self.entries.get(number)
        if number and entry is None:
            cells.wrong("案号", f"工作表“{CASES.title}”中没有这个案号")
        if entry is None:
            self.lost.extend(cells.problems)
        return entry

    def _case(self, cells: Cells) -> None:
        number = cells.case_number()
        if number in self.entries:
            cells.wrong("案号", "案号重复")
        if not number:
            self.lost.extend(cells.problems)
            return
        entry = self.entries.setdefault(number, _Entry(case_pb2.Case(case_number=number)))
        case = entry.case
        case.cause = cells.text("案由")
        case.stage = cells.text("案件阶段")
        case.enforceable_document = cells.text("执行依据文号")
        case.centre_phone = cells.text("指挥中心电话")
        case.judge.name = cells.text("承办人", required=True)
        case.judge.phone = cells.text("承办人电话")
        case.judge.mobile = cells.text("承办人手机")
        case.judge.work_certificate = cells.text("承办人工作证号")
        case.clerk.name = cells.text("书记员")
        case.clerk.phone = cells.text("书记员电话")
        case.clerk.work_certificate = cells.text("书记员工作证号")
        case.related_case_numbers.extend(cells.lines("关联案号"))
        case.live_measures.extend(cells.lines("在控措施", "\r"))
        _amounts(cells, case)
        entry.problems.extend(cells.problems)

    def _party(self, cells: Cells, entry: _Entry) -> None:
        subject = entry.case.subjects.add(number=len(entry.case.subjects) + 1)
        role = identifier_of(party_pb2.SubjectRole.DESCRIPTOR, cells.text("诉讼地位", required=True))
        if role is None:
            cells.wrong("诉讼地位", f"应为下列之一：{'、'.join(each.zh for each in SubjectRole)}")
        else:
            subject.role = party_pb2.SubjectRole.ValueType(role)
        subject.role_ground = cells.text("列为对象的依据")
        match cells.text("类型", required=True):
            case "自然人":
                _person(cells, subject.person)
            case "单位":
                _organisation(cells, subject.organisation)
            case _:
                cells.wrong("类型", f"应为“{PERSON}”或“{ORGANISATION}”")

    def _paper(self, cells: Cells, entry: _Entry) -> None:
        named = cells.text("文件", required=True)
        path = (self._folder / named).resolve()
        if not named or not path.is_relative_to(self._folder) or not path.is_file():
            if named:
                cells.wrong("文件", "找不到该文件；应写相对于工作簿的位置，且不能在其文件夹之外")
            return
        paper_type = paper_type_of(path)
        word = cells.text("文书类型")
        if word:
            found = next((each for each in PaperType if word in {each.name, each.zh}), None)
            if found is None:
                cells.wrong("文书类型", "不是规定的文书类型，请核对")
            paper_type = found or paper_type
        paper = dossier_file(path, named, paper_type)
        dated = cells.day("日期")
        paper.document.catalogue = cells.text("目录")
        paper.document.dated = dated.isoformat() if dated else ""
        entry.documents.append(paper)

    def _change(self, cells: Cells, entry: _Entry) -> None:
        change, on = find_change(cells.text("变更", required=True)), cells.day("日期")
        if change is None:
            cells.wrong("变更", f"应为下列之一：{'、'.join(each.zh for each in CaseStatusChange)}")
        if on is None:
            cells.wrong("日期", "必填，例如 2026-11-22")
        if change is not None and on is not None:
            entry.changes.append(StatusChange(change, on, cells.text("变更后法院"), cells.text("变更说明")))


def _amounts(cells: Cells, case: case_pb2.Case) -> None:
    case.claimed_fen = cells.fen("申请标的（元）") or 0
    case.received_fen = cells.fen("已到位（元）") or 0
    outstanding = cells.fen("尚欠（元）")
    case.outstanding_fen = case.claimed_fen - case.received_fen if outstanding is None else outstanding


def _person(cells: Cells, person: party_pb2.Person) -> None:
    person.name = cells.text("名称", required=True)
    person.phones.extend(cells.lines("电话"))
    person.registered_address = cells.text("户籍地或住所地")
    person.residence = cells.text("经常居住地")
    person.workplace = cells.text("工作单位")
    number, kind = cells.text("证件号码"), cells.text("证件种类")
    if not number:
        return
    document = identifier_of(party_pb2.IdentityDocument.DESCRIPTOR, kind or "CITIZEN_ID")
    if document is None:
        cells.wrong("证件种类", f"应为下列之一：{'、'.join(IDENTITY_DOCUMENTS)}")
        return
    person.identity_document = party_pb2.IdentityDocument.ValueType(document)
    person.identity_number = number
    if document == party_pb2.IDENTITY_DOCUMENT_CITIZEN_ID:
        _note_refusal(cells, lambda: check_citizen_id(number))


def _organisation(cells: Cells, organisation: party_pb2.Organisation) -> None:
    organisation.name = cells.text("名称", required=True)
    organisation.credit_code = cells.text("证件号码")
    organisation.phones.extend(cells.lines("电话"))
    organisation.registered_address = cells.text("户籍地或住所地")
    organisation.representative = cells.text("法定代表人或负责人")
    if organisation.credit_code:
        _note_refusal(cells, lambda: check_credit_code(organisation.credit_code))


def _note_refusal(cells: Cells, check: Callable[[], object]) -> None:
    try:
        check()
    except InvalidInput as error:
        cells.wrong("证件号码", error.message)


def write_template(path: Path) -> None:
    """Write an empty workbook with every sheet, its columns and what they want.

    :raises OSError: it cannot be written.
    """
    book = Workbook()
    book.remove(book.worksheets[0])
    for layout in SHEETS:
        sheet = book.create_sheet(layout.title)
        sheet.append(list(layout.titles))
        sheet.freeze_panes = "A2"
        for at, column in enumerate(layout.columns, 1):
            cell = sheet.cell(1, at)
            cell.font = Font(bold=column.required)
            if column.hint:
                cell.comment = Comment(column.hint, "协执")
            letter = sheet.column_dimensions[cell.column_letter]
            letter.width, letter.number_format = 22, "@"
    book.save(path)
