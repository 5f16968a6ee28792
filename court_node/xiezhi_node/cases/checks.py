"""What may be entered for a case. All that is wrong is told at once; what is doubtful warns."""

from collections.abc import Sequence
from typing import Final

from xiezhi.v1 import case_pb2, court_pb2, party_pb2
from xiezhi_desk.terms import SUBJECT_ROLES
from xiezhi_domain.casenumber import CaseNumber
from xiezhi_domain.errors import DomainError, InvalidInput, NotAllowed, Reason
from xiezhi_domain.identity import check_citizen_id, check_credit_code
from xiezhi_node.fields import LONGEST_LINE, LONGEST_TEXT, Fields

ROOT: Final = "case_file"
MOST_SUBJECTS: Final = 200
MOST_LINES: Final = 100
_AMOUNTS: Final = ("claimed_fen", "received_fen", "outstanding_fen")
_LINES: Final = ("cause", "stage", "enforceable_document", "centre_phone")


def check_case(case: case_pb2.Case, court: str) -> tuple[case_pb2.Case, list[str]]:
    """Return the case as it is stored, with numbers in normal form, and warnings.

    :raises InvalidInput: with every wrong field below ``case_file``.
    :raises NotAllowed: WRONG_COURT, the case number is another court's.
    """
    checked = case_pb2.Case()
    checked.CopyFrom(case)
    check = _CaseCheck(checked, court)
    check.run()
    return checked, check.warnings


def normal_case_number(text: str, field: str) -> str:
    """Return a case number in normal form.

    :raises InvalidInput: naming *field*.
    """
    return str(CaseNumber.parse(text, field))


class _CaseCheck:
    """One check of one case, which is brought into normal form on the way."""

    def __init__(self, case: case_pb2.Case, court: str) -> None:
        self.case = case
        self.court = court
        self.fields = Fields()
        self.warnings: list[str] = []

    def run(self) -> None:
        foreign = self._number()
        self._own_fields()
        self._officers()
        self._related_cases()
        self._subjects(self.case.subjects)
        self.fields.require_none()
        if foreign is not None:
            raise foreign

    def _number(self) -> DomainError | None:
        field = f"{ROOT}.case_number"
        with self.fields.collecting():
            number = CaseNumber.parse(self.case.case_number, field)
            self.case.case_number = str(number)
            # Before 2016 the number holds a local word of the court that no table lists.
            if not number.is_old_form and number.court != self.court:
                return NotAllowed(Reason.WRONG_COURT, f"案号属于 {number.court}，本院只能登记本院的案件")
        if self.case.court not in {"", self.court}:
            return NotAllowed(Reason.WRONG_COURT, f"案件属于 {self.case.court}，本院只能登记本院的案件")
        self.case.court = self.court
        return None

    def _own_fields(self) -> None:
        case, fields = self.case, self.fields
        for name in _LINES:
            fields.limit_text(f"{ROOT}.{name}", getattr(case, name))
        for name in _AMOUNTS:
            fields.require_amount(f"{ROOT}.{name}", getattr(case, name))
        if len(case.live_measures) > MOST_LINES:
            fields.add(f"{ROOT}.live_measures", f"最多 {MOST_LINES} 条")
        for at, line in enumerate(case.live_measures):
            fields.limit_text(f"{ROOT}.live_measures[{at}]", line)
        if case.claimed_fen - case.received_fen != case.outstanding_fen:
            self.warnings.append("尚欠金额不等于申请标的减已到位金额，请核对")

    def _officers(self) -> None:
        self.fields.require_text(f"{ROOT}.judge.name", self.case.judge.name, "承办人姓名")
        for name, officer in (("judge", self.case.judge), ("clerk", self.case.clerk)):
            check_officer_texts(self.fields, f"{ROOT}.{name}", officer)

    def _related_cases(self) -> None:
        for at, text in enumerate(self.case.related_case_numbers):
            with self.fields.collecting():
                field = f"{ROOT}.related_case_numbers[{at}]"
                self.case.related_case_numbers[at] = normal_case_number(text, field)

    def _subjects(self, subjects: Sequence[party_pb2.Subject]) -> None:
        if not 0 < len(subjects) <= MOST_SUBJECTS:
            self.fields.add(f"{ROOT}.subjects", f"请填写 1 至 {MOST_SUBJECTS} 个当事人或其他事项对象")
        seen: set[int] = set()
        for at, subject in enumerate(subjects):
            field = f"{ROOT}.subjects[{at}]"
            if subject.number < 1 or subject.number in seen:
                self.fields.add(f"{field}.number", "序号应为从 1 开始的整数，且不能重复")
            seen.add(subject.number)
            self._subject(field, subject)

    def _subject(self, field: str, subject: party_pb2.Subject) -> None:
        with self.fields.collecting():
            SUBJECT_ROLES.from_proto(subject.role, f"{field}.role")
        self.fields.limit_text(f"{field}.role_ground", subject.role_ground)
        match subject.WhichOneof("party"):
            case "person":
                self._person(f"{field}.person", subject.person)
            case "organisation":
                self._organisation(f"{field}.organisation", subject.organisation)
            case _:
                self.fields.add(field, "请填写自然人或单位的信息")

    def _person(self, field: str, person: party_pb2.Person) -> None:
        fields = self.fields
        fields.require_text(f"{field}.name", person.name, "姓名")
        for name in ("registered_address", "residence", "workplace", "identity_override_reason"):
            fields.limit_text(f"{field}.{name}", getattr(person, name))
        for name in ("relatives_clue", "risk_note"):
            fields.limit_text(f"{field}.{name}", getattr(person, name), LONGEST_TEXT)
        for name in ("aliases", "phones", "vehicle_plates"):
            self._lines(f"{field}.{name}", getattr(person, name))
        with fields.collecting():
            person.identity_number = self._identity_number(f"{field}.identity_number", person)

    def _identity_number(self, field: str, person: party_pb2.Person) -> str:
        number = person.identity_number.strip()
        if not number:
            return ""
        if person.identity_document == party_pb2.IDENTITY_DOCUMENT_CITIZEN_ID:
            checked = check_citizen_id(number, person.identity_override_reason, field=field)
            self.warnings.extend(f"{person.name}：{warning}" for warning in checked.warnings)
            return checked.number
        if not person.identity_document:
            raise InvalidInput.in_field(
                field.replace("identity_number", "identity_document"), "请选择证件种类"
            )
        if len(number) > LONGEST_LINE:
            raise InvalidInput.in_field(field, f"最长 {LONGEST_LINE} 个字")
        return number

    def _organisation(self, field: str, organisation: party_pb2.Organisation) -> None:
        fields = self.fields
        fields.require_text(f"{field}.name", organisation.name, "单位名称")
        for name in ("registered_address", "business_address", "representative"):
            fields.limit_text(f"{field}.{name}", getattr(organisation, name))
        self._lines(f"{field}.phones", organisation.phones)
        if organisation.credit_code.strip():
            with fields.collecting():
                checked = check_credit_code(organisation.credit_code, field=f"{field}.credit_code")
                organisation.credit_code = checked.number
                self.warnings.extend(f"{organisation.name}：{warning}" for warning in checked.warnings)

    def _lines(self, field: str, lines: Sequence[str]) -> None:
        if len(lines) > MOST_LINES:
            self.fields.add(field, f"最多 {MOST_LINES} 条")
        for at, line in enumerate(lines):
            self.fields.limit_text(f"{field}[{at}]", line)


def check_officer_texts(fields: Fields, field: str, officer: court_pb2.Officer) -> None:
    """Note what is too long in a person's entry, or no day."""
    for name in ("name", "phone", "mobile", "work_certificate", "duty_certificate"):
        fields.limit_text(f"{field}.{name}", getattr(officer, name))
    fields.require_day(f"{field}.certificates_valid_until", officer.certificates_valid_until)
