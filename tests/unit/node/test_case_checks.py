"""What may be entered for a case."""

import pytest

from xiezhi.v1 import case_pb2, court_pb2, party_pb2
from xiezhi_desk.masking import mask_case
from xiezhi_domain.errors import InvalidInput, NotAllowed, Reason
from xiezhi_node.cases.checks import check_case

COURT = "苏0505"
GOOD_ID, WRONG_ID = "320500189901010016", "320500189901010017"
GOOD_CODE, WRONG_CODE = "91320500MA0000007J", "91320500MA0000007K"


def person(**fields: object) -> party_pb2.Person:
    return party_pb2.Person(name="测试甲", identity_document=party_pb2.IDENTITY_DOCUMENT_CITIZEN_ID, **fields)


def subject(number: int = 1, **fields: object) -> party_pb2.Subject:
    fields = {"person": person(identity_number=GOOD_ID)} | fields
    return party_pb2.Subject(number=number, role=party_pb2.SUBJECT_ROLE_DEBTOR, **fields)


def case(*subjects: party_pb2.Subject, **fields: object) -> case_pb2.Case:
    fields = {"case_number": "(2026) 苏0505 执 0012 号", "judge": court_pb2.Officer(name="测试法官")} | fields
    return case_pb2.Case(subjects=subjects or [subject()], **fields)


def wrong_fields(wrong: case_pb2.Case) -> list[str]:
    with pytest.raises(InvalidInput) as refused:
        check_case(wrong, COURT)
    return [violation.field for violation in refused.value.fields]


def test_a_good_case_is_brought_into_normal_form() -> None:
    checked, warnings = check_case(case(related_case_numbers=["（2025）苏05民终 7 号"]), COURT)
    assert checked.case_number == "（2026）苏0505执12号"
    assert checked.court == COURT
    assert list(checked.related_case_numbers) == ["（2025）苏05民终7号"]
    assert warnings == []


def test_everything_wrong_is_told_at_once() -> None:
    wrong = case(
        subject(1, person=person(identity_number=WRONG_ID)),
        subject(1, organisation=party_pb2.Organisation(credit_code="123")),
        party_pb2.Subject(number=2),
        case_number="苏0505执12号",
        judge=court_pb2.Officer(),
        claimed_fen=-1,
        received_fen=-1,
    )
    assert wrong_fields(wrong) == [
        "case_file.case_number",
        "case_file.claimed_fen",
        "case_file.received_fen",
        "case_file.judge.name",
        "case_file.subjects[0].person.identity_number",
        "case_file.subjects[1].number",
        "case_file.subjects[1].organisation.name",
        "case_file.subjects[1].organisation.credit_code",
        "case_file.subjects[2].role",
        "case_file.subjects[2]",
    ]


def test_a_case_needs_a_subject() -> None:
    nobody = case()
    del nobody.subjects[:]
    assert wrong_fields(nobody) == ["case_file.subjects"]


def test_a_wrong_citizen_id_passes_with_a_reason_and_a_warning() -> None:
    odd = person(identity_number=WRONG_ID, identity_override_reason="证件如此")
    _, warnings = check_case(case(subject(person=odd)), COURT)
    assert len(warnings) == 1
    assert "校验码不符" in warnings[0]
    assert WRONG_ID not in warnings[0]


def test_a_wrong_credit_code_only_warns() -> None:
    company = party_pb2.Organisation(name="测试乙有限公司", credit_code=WRONG_CODE.lower())
    checked, warnings = check_case(case(subject(organisation=company)), COURT)
    assert checked.subjects[0].organisation.credit_code == WRONG_CODE
    assert "校验码不符" in warnings[0]


def test_a_number_needs_its_kind_of_paper() -> None:
    unsaid = party_pb2.Person(name="测试甲", identity_number="E00000000")
    assert wrong_fields(case(subject(person=unsaid))) == ["case_file.subjects[0].person.identity_document"]


@pytest.mark.parametrize("fields", [{"case_number": "（2026）苏0508执12号"}, {"court": "苏0508"}])
def test_another_courts_case_is_refused(fields: dict[str, str]) -> None:
    with pytest.raises(NotAllowed) as refused:
        check_case(case(**fields), COURT)
    assert refused.value.reason is Reason.WRONG_COURT


def test_an_old_number_does_not_tell_its_court() -> None:
    checked, _ = check_case(case(case_number="（2015）虎执字第00012号"), COURT)
    assert checked.case_number == "（2015）虎执字第12号"


def test_masking_hides_the_numbers_of_people_alone() -> None:
    company = party_pb2.Organisation(name="测试乙有限公司", credit_code=GOOD_CODE, phones=["051200000000"])
    full = case(
        subject(1, person=person(identity_number=GOOD_ID, phones=["13000000000"])),
        subject(2, organisation=company),
    )
    masked = mask_case(full)
    assert masked.subjects[0].person.identity_number == "320500********0016"
    assert masked.subjects[0].person.phones == ["*" * 11]
    assert masked.subjects[1].organisation.phones == ["*" * 12]
    assert masked.subjects[1].organisation.credit_code == GOOD_CODE
    assert full.subjects[0].person.identity_number == GOOD_ID
