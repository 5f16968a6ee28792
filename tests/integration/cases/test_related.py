"""Related cases over the hub's own link: marks alone leave a court, and only court and contact come back."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import grpc
import pytest
from sqlalchemy import select
from structlog.testing import capture_logs
from tests.integration.desk.desk import refusal
from tests.integration.hub.stand import Serving, new_hub

from xiezhi.v1 import case_pb2, court_pb2, party_pb2
from xiezhi.v1 import related_case_service_pb2 as pb
from xiezhi.v1.related_case_service_pb2_grpc import RelatedCaseServiceStub
from xiezhi_domain.errors import DomainError
from xiezhi_domain.party_mark import citizen_mark
from xiezhi_domain.terms import CaseStatusChange, Role
from xiezhi_journal import tables
from xiezhi_journal.journal import Journal
from xiezhi_journal.migrate import upgrade
from xiezhi_link.hub_channel import HubChannel
from xiezhi_node.cases import change_store
from xiezhi_node.cases.change_store import StoredChange
from xiezhi_node.cases.holding import take_case
from xiezhi_node.cases.related import RelatedCases
from xiezhi_node.cases.source import CaseSource
from xiezhi_wire.caller import Caller

PARK, GUSU = "苏0591", "苏0508"
ID, OTHER_ID = "320500189901010016", "411000188002290019"


@dataclass
class Office:
    """A court that has joined, with its cases and the finder of its node."""

    code: str
    journal: Journal
    channel: HubChannel
    finder: RelatedCases

    @property
    def judge(self) -> Caller:
        return Caller(f"{self.code}-judge", "测试judge", self.code, frozenset({Role.JUDGE}), session_id="s")

    async def has_case(self, number: int, identity: str, **changes: object) -> case_pb2.Case:
        person = party_pb2.Person(
            name="测试甲",
            identity_document=party_pb2.IDENTITY_DOCUMENT_CITIZEN_ID,
            identity_number=identity,
            phones=["13000000000"],
        )
        case = case_pb2.Case(
            case_number=f"（2026）{self.code}执{number}号",
            court=self.code,
            cause="民间借贷纠纷",
            judge=court_pb2.Officer(name="测试judge", phone="0512-00000000", mobile="13000000001"),
            subjects=[party_pb2.Subject(number=1, role=party_pb2.SUBJECT_ROLE_DEBTOR, person=person)],
            **changes,
        )
        await self.journal.write(lambda connection: take_case(connection, case, self.journal.clock()))
        return case

    async def asks(self, case: case_pb2.Case, purpose: str = "查找关联案件") -> list[tuple[str, str]]:
        found = await self.finder.find(case, self.judge, purpose)
        return [(each.court, each.case_number) for each in found]

    @property
    def stub(self) -> RelatedCaseServiceStub:
        return RelatedCaseServiceStub(self.channel.channel)


@dataclass
class Town:
    hub: Serving
    park: Office
    gusu: Office


async def office(hub: Serving, code: str, folder: Path) -> Office:
    court = await hub.joined(code, folder)
    url = f"sqlite:///{folder / code}.db"
    upgrade(url)
    journal = Journal(url, court=code)
    journal.start()
    address = f"127.0.0.1:{hub.port('link')}"
    channel = HubChannel(address, court.material(hub.authority))
    return Office(code, journal, channel, RelatedCases(journal, CaseSource(None), channel))


@pytest.fixture
async def town(journal_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    """A hub on the database under test and two courts."""
    limits = {"related_queries_per_person": 3, "related_queries_per_court": 100}
    async with new_hub(tmp_path / "hub", database=journal_url, **limits) as hub:
        offices = [await office(hub, code, tmp_path) for code in (PARK, GUSU)]
        yield Town(hub, *offices)
        for each in offices:
            await each.channel.close()
            each.journal.close()


async def test_a_common_party_is_found_by_court_and_contact_alone(town: Town) -> None:
    case = await town.park.has_case(1, ID)
    theirs = await town.gusu.has_case(7, ID)
    await town.gusu.has_case(8, OTHER_ID)
    assert await town.gusu.finder.publish() == 2
    [found] = await town.park.finder.find(case, town.park.judge, "查找关联案件")
    contact = court_pb2.Officer(name="测试judge", phone="0512-00000000")
    assert (found.court, found.case_number, found.contact) == (GUSU, theirs.case_number, contact)


async def test_nothing_is_told_twice_and_what_is_closed_is_withdrawn(town: Town) -> None:
    case = await town.park.has_case(1, ID)
    theirs = await town.gusu.has_case(7, ID)
    assert await town.gusu.finder.publish() == 1
    assert await town.gusu.finder.publish() == 0
    closed = StoredChange("c", theirs.case_number, CaseStatusChange.FULLY_ENFORCED, "", "", 1, 1)
    row = change_store.change_row(closed)
    await town.gusu.journal.write(
        lambda connection: connection.execute(tables.case_change.insert().values(row))
    )
    assert await town.gusu.finder.publish() == 0
    assert await town.park.asks(case) == []
    with pytest.raises(DomainError, match="案件已结"):
        await town.gusu.asks(theirs)


async def test_relatives_and_people_without_numbers_leave_no_mark(town: Town) -> None:
    case = await town.park.has_case(1, ID)
    theirs = await town.gusu.has_case(7, "")
    spouse = theirs.subjects.add(number=2, role=party_pb2.SUBJECT_ROLE_CO_OWNER)
    spouse.person.identity_document = party_pb2.IDENTITY_DOCUMENT_CITIZEN_ID
    spouse.person.identity_number = ID
    await town.gusu.journal.write(lambda connection: take_case(connection, theirs, 1))
    assert await town.gusu.finder.publish() == 0
    assert await town.park.asks(case) == []
    with pytest.raises(DomainError, match="没有证件号码"):
        await town.gusu.asks(theirs)


async def test_every_question_is_on_record_and_their_number_is_bounded(town: Town) -> None:
    case = await town.park.has_case(1, ID)
    await town.gusu.has_case(7, ID)
    await town.gusu.finder.publish()
    for _ in range(3):
        assert len(await town.park.asks(case, "核对关联债务")) == 1
    with pytest.raises(DomainError, match="过于频繁"):
        await town.park.asks(case)
    rows = town.hub.parts.hub.journal.read_now(
        lambda connection: connection.execute(select(tables.related_query)).all()
    )
    kept = {(row.court, row.account, row.name, row.case_number, row.purpose, row.answers) for row in rows}
    assert kept == {(PARK, f"{PARK}-judge", "测试judge", case.case_number, "核对关联债务", 1)}
    looks = town.park.journal.read_now(lambda connection: connection.execute(select(tables.access)).all())
    assert {(look.method, look.object) for look in looks} == {("FindRelatedCases", case.case_number)}


async def test_a_court_asks_for_its_own_published_cases_alone(town: Town) -> None:
    theirs = await town.gusu.has_case(7, ID)
    await town.gusu.finder.publish()
    await town.park.has_case(1, OTHER_ID)
    await town.park.finder.publish()
    key = await town.park.stub.GetMarkKey(pb.GetMarkKeyRequest())
    asking = {"account_id": "a", "account_name": "测试", "purpose": "猜测"}
    guessed = pb.QueryRelatedCasesRequest(
        case_number=f"（2026）{PARK}执1号", marks=[citizen_mark(key.key, ID)], **asking
    )
    foreign = pb.QueryRelatedCasesRequest(
        case_number=theirs.case_number, marks=[citizen_mark(key.key, ID)], **asking
    )
    for request in (guessed, foreign):
        assert (await refusal(town.park.stub.QueryRelatedCases(request))).reason == "UNKNOWN_CASE"
    rows = town.hub.parts.hub.journal.read_now(
        lambda connection: connection.execute(select(tables.related_query)).all()
    )
    assert [row.answers for row in rows] == [0, 0]
    silent = pb.QueryRelatedCasesRequest(case_number=theirs.case_number, account_id="a", account_name="测试")
    assert (await refusal(town.park.stub.QueryRelatedCases(silent))).fields == ["purpose"]


async def test_a_court_publishes_nobody_elses_cases(town: Town) -> None:
    key = await town.park.stub.GetMarkKey(pb.GetMarkKeyRequest())
    stolen = pb.MarkedCase(case_number=f"（2026）{GUSU}执7号", marks=[bytes(32)])
    request = pb.PublishOpenCasesRequest(key_id=key.key_id, round="r", cases=[stolen], complete=True)
    assert (await refusal(town.park.stub.PublishOpenCases(request))).reason == "WRONG_COURT"
    request.key_id = "old"
    assert (await refusal(town.park.stub.PublishOpenCases(request))).reason == "KEY_UNKNOWN"


async def test_a_copy_of_the_database_names_nobody(town: Town) -> None:
    await town.gusu.has_case(7, ID)
    with capture_logs() as logs:
        await town.gusu.finder.publish()
        await town.park.asks(await town.park.has_case(1, ID))
    journal = town.hub.parts.hub.journal
    stored = [
        journal.read_now(lambda connection, table=table: connection.execute(select(table)).all())
        for table in (tables.open_case, tables.party_mark, tables.related_query, tables.pin)
    ]
    secret = town.hub.parts.hub.paths.mark_secret.read_bytes()
    for written in (repr(stored), repr(logs)):
        assert ID not in written
        assert "测试甲" not in written
        assert secret.hex() not in written
    assert town.hub.parts.hub.paths.mark_secret.stat().st_mode & 0o077 == 0


async def test_people_of_the_hub_see_who_asked(town: Town) -> None:
    await town.park.asks(await town.park.has_case(1, ID))
    page = await town.hub.parts.related.ListRelatedCaseQueries(
        pb.ListRelatedCaseQueriesRequest(page_size=1), None
    )
    assert [(row.court, row.account_name, row.answers) for row in page.queries] == [(PARK, "测试judge", 0)]
    denied = town.park.stub.ListRelatedCaseQueries(pb.ListRelatedCaseQueriesRequest())
    assert (await refusal(denied)).code is grpc.StatusCode.PERMISSION_DENIED
