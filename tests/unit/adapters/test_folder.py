"""A folder of cases: read as it stands, each slip told with its place."""

import json
from pathlib import Path

import pytest
from tests.unit.adapters.books import CASE_TOML, NUMBER, OTHER, write_folder

from xiezhi.v1 import document_pb2, party_pb2
from xiezhi_adapters.folder import FolderRecords
from xiezhi_domain.errors import NotFound, WrongState


def test_a_case_is_read_with_its_papers(tmp_path: Path) -> None:
    write_folder(tmp_path)
    record = FolderRecords(tmp_path).find(NUMBER)
    subjects = record.case.subjects
    assert [subject.role for subject in subjects] == [
        party_pb2.SUBJECT_ROLE_DEBTOR,
        party_pb2.SUBJECT_ROLE_APPLICANT,
    ]
    assert subjects[0].person.identity_document == party_pb2.IDENTITY_DOCUMENT_CITIZEN_ID
    assert subjects[1].organisation.credit_code == "91320500MA0000007J"
    assert record.case.judge.phone == "0512-00000000"
    papers = [
        (each.document.document_id, each.document.paper_type, each.document.size) for each in record.documents
    ]
    assert papers == [
        ("委托函-查找.pdf", document_pb2.PAPER_TYPE_ENTRUSTMENT_LETTER, 15),
        ("来信.pdf", document_pb2.PAPER_TYPE_OTHER, 14),
    ]
    assert not record.closed


def test_json_says_the_same(tmp_path: Path) -> None:
    folder = write_folder(tmp_path)
    (folder / "case.toml").unlink()
    case = {"case_number": "(2026)苏0505执01234号", "judge": {"name": "测试judge"}}
    (folder / "case.json").write_text(json.dumps(case), encoding="utf-8")
    assert FolderRecords(tmp_path).find(NUMBER).case.judge.name == "测试judge"


def test_a_change_in_the_file_is_seen_and_keeps_its_id(tmp_path: Path) -> None:
    folder = write_folder(tmp_path)
    records = FolderRecords(tmp_path)
    assert records.find(NUMBER).changes == []
    told = CASE_TOML + '\n[[changes]]\nchange = "终本"\non = 2026-03-02\n'
    (folder / "case.toml").write_text(told, encoding="utf-8")
    record = records.find(NUMBER)
    [change] = [each.message(NUMBER) for each in record.changes]
    assert record.closed
    assert change.happened_at.ToJsonString() == "2026-03-01T16:00:00Z"
    assert change == FolderRecords(tmp_path).find(NUMBER).changes[0].message(NUMBER)


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        ('judge = "陈"', "judge"),
        ('juge = "陈"', "juge"),
        ("claimed_fen = 1.5", "claimed_fen"),
        ('[[subjects]]\nrole = "原告"', "subjects[0].role"),
        ("[[changes]]\nchange = '结案'\non = 2026-03-02", "changes[0].change"),
        ("[[changes]]\nchange = '终本'\non = '昨天'", "changes[0].on"),
        ("cause = 7", "cause"),
        ("live_measures = 'x'", "live_measures"),
    ],
)
def test_a_slip_is_told_with_file_and_field(tmp_path: Path, wrong: str, place: str) -> None:
    write_folder(tmp_path, "坏案", f'case_number = "{NUMBER}"\n{wrong}\n')
    with pytest.raises(WrongState) as refused:
        FolderRecords(tmp_path).find(NUMBER)
    assert [each.field for each in refused.value.fields] == [f"坏案/case.toml {place}"]
    assert place in refused.value.message


def test_one_bad_folder_spoils_no_other(tmp_path: Path) -> None:
    write_folder(tmp_path)
    write_folder(tmp_path, "坏案", "case_number = ")
    records = FolderRecords(tmp_path)
    assert records.find(NUMBER).case.case_number == NUMBER
    assert [each.case.case_number for each in records.readable()] == [NUMBER]
    assert [each.field.split()[0] for each in records.problems()] == ["坏案/case.toml"]
    with pytest.raises(NotFound):
        records.find(OTHER)
