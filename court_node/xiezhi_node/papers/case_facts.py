"""What a letter about a case can say: the four papers at its filing, addressed to a debtor."""

from collections.abc import Sequence

from xiezhi.v1 import case_pb2, party_pb2
from xiezhi_desk.terms import SUBJECT_ROLES
from xiezhi_domain.court_time import to_date
from xiezhi_domain.errors import InvalidInput
from xiezhi_domain.terms import PropertyCategory, SubjectRole
from xiezhi_node.papers.matter_facts import Facts, named, party_name
from xiezhi_node.seat import Seat
from xiezhi_papers.letters.rows import DeclarationLine
from xiezhi_papers.letters.words import chinese_date, money


def case_facts(case: case_pb2.Case, subject_number: int, seat: Seat, now: int) -> Facts:
    """Return what letters about a case can say to one of its debtors, the first if the number is 0.

    *now* is in ms since 1970.

    :raises InvalidInput: naming ``letter.subject_number``; the case has no such debtor.
    """
    debtor = _debtor(case.subjects, subject_number)
    name = party_name(debtor)
    return {
        "court": seat.courts.get(seat.court).name,
        "addressee": name,
        "number": case.case_number,
        "date": chinese_date(to_date(now)),
        "officer": case.judge.name,
        "phone": case.judge.phone or case.judge.mobile,
        "centre_phone": case.centre_phone,
        "case_number": case.case_number,
        "cause": case.cause,
        "applicants": named(case.subjects, frozenset({SubjectRole.APPLICANT})),
        "debtors": named(case.subjects, frozenset({SubjectRole.DEBTOR})),
        "debtor": name,
        "debtor_number": debtor.person.identity_number or debtor.organisation.credit_code,
        "is_organisation": "是" if debtor.HasField("organisation") else "",
        "enforceable_document": case.enforceable_document,
        "outstanding": money(case.outstanding_fen),
        "declarations": tuple(
            DeclarationLine(number=str(at), category=category.zh)
            for at, category in enumerate(PropertyCategory, 1)
        ),
    }


def _debtor(subjects: Sequence[party_pb2.Subject], number: int) -> party_pb2.Subject:
    debtor = SUBJECT_ROLES.to_proto(SubjectRole.DEBTOR)
    for subject in subjects:
        if subject.role == debtor and number in {0, subject.number}:
            return subject
    raise InvalidInput.in_field(
        "letter.subject_number", f"本案没有这一序号的{SubjectRole.DEBTOR.zh}，请核对后重新选择"
    )
