"""Figures and bulletins at the hub: counted from real histories, shown to courts, objected to, published, corrected."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import grpc
import pytest
from tests.integration.hub.court import DAY_MS, RECEIVER, SENDER, Court, header_of, instruction_of
from tests.integration.hub.stand import Serving, new_hub
from tests.integration.hub.told import refusal

from xiezhi.v1 import account_service_pb2
from xiezhi.v1 import bulletin_editor_service_pb2 as editing
from xiezhi.v1 import bulletin_service_pb2 as bulletins
from xiezhi.v1 import indicator_pb2 as indicators
from xiezhi.v1 import statistics_service_pb2 as statistics
from xiezhi.v1.account_service_pb2_grpc import AccountServiceStub
from xiezhi.v1.bulletin_editor_service_pb2_grpc import BulletinEditorServiceStub
from xiezhi.v1.bulletin_service_pb2_grpc import BulletinServiceStub
from xiezhi.v1.link_service_pb2 import StoredEvent
from xiezhi.v1.statistics_service_pb2_grpc import StatisticsServiceStub
from xiezhi_desk.accounts import store
from xiezhi_desk.accounts.account import Account
from xiezhi_domain.court_time import to_date
from xiezhi_domain.indicators.frozen import decode_bulletin
from xiezhi_domain.terms import Role
from xiezhi_hub.bulletins.store import get_bulletin
from xiezhi_hub.ruling.own import own_directory_event
from xiezhi_hub.ruling.rule import Seat
from xiezhi_journal.journal import system_clock
from xiezhi_journal.reading import history

Code = grpc.StatusCode
PASSWORD = "a long enough password"
IN_TIME = indicators.INDICATOR_COMPLETED_IN_TIME
RETURNED = indicators.INDICATOR_RETURNED_RECEIVED
OTHER = "苏0505"


class City:
    """A hub with two courts, and a clock that goes forward by days."""

    def __init__(self, hub: Serving, sender: Court, receiver: Court) -> None:
        self.hub, self.sender, self.receiver = hub, sender, receiver
        first = to_date(system_clock())
        self.period = indicators.Period(
            first_day=first.isoformat(), last_day=(first + timedelta(days=30)).isoformat()
        )

    def go_to_day(self, day: int) -> None:
        self.hub.parts.hub.journal.clock = lambda: system_clock() + day * DAY_MS

    async def rule(self, court: Court, record: StoredEvent) -> StoredEvent:
        assert await self.hub.parts.intake.rule(court.code, [record]) == [None]
        return record

    async def issue(self, number: int) -> StoredEvent:
        record = await self.rule(self.sender, self.sender.issue(RECEIVER, number))
        return await self.then(record, "Delivered", "")

    async def then(self, before: StoredEvent, kind: str, role: str, **facts: object) -> StoredEvent:
        told = {**facts, **({"role": role} if role else {})}
        return await self.rule(self.receiver, self.receiver.follow(kind, before, SENDER, told))

    async def finish(self, number: int) -> StoredEvent:
        record = await self.then(await self.issue(number), "Signed", "CENTRE_OFFICER")
        record = await self.then(record, "Assigned", "CENTRE_OFFICER")
        return await self.then(record, "Completed", "JUDGE", outcomes=[[1, "DONE", ""]])

    async def give_back(self, number: int) -> StoredEvent:
        record = await self.issue(number)
        record = await self.then(record, "ReturnProposed", "JUDGE", reason="WRONG_DISTRICT")
        record = await self.then(record, "ContactLogged", "JUDGE")
        return await self.then(record, "Returned", "CENTRE_DIRECTOR")


class Desk:
    def __init__(self, channel: grpc.aio.Channel, token: str) -> None:
        self.bearing = (("authorization", f"Bearer {token}"),)
        self.statistics = StatisticsServiceStub(channel)
        self.bulletins = BulletinServiceStub(channel)
        self.editor = BulletinEditorServiceStub(channel)

    async def figures(self, city: City, *courts: str) -> dict[tuple[int, str], indicators.Figure]:
        request = statistics.GetFiguresRequest(period=city.period, courts=courts)
        answer = await self.statistics.GetFigures(request, metadata=self.bearing)
        return {(figure.indicator, figure.court): figure for figure in answer.figures}

    async def draft(self, city: City) -> bulletins.BulletinSummary:
        request = editing.DraftBulletinRequest(request_id=str(uuid4()), period=city.period)
        return (await self.editor.DraftBulletin(request, metadata=self.bearing)).bulletin

    async def publish(self, bulletin_id: str) -> bulletins.BulletinSummary:
        request = editing.PublishBulletinRequest(request_id=str(uuid4()), bulletin_id=bulletin_id)
        return (await self.editor.PublishBulletin(request, metadata=self.bearing)).bulletin


@asynccontextmanager
async def desk(hub: Serving, role: Role) -> AsyncIterator[Desk]:
    login = f"{role.lower()}-{uuid4().hex[:6]}"
    hashed = await hub.parts.passwords.hash(PASSWORD)
    account = Account(login, login, account_service_pb2.Account().officer, frozenset({role}), hashed)
    await hub.parts.hub.journal.write(lambda connection: store.add_account(connection, account))
    async with hub.anybody("desk") as channel:
        request = account_service_pb2.SignInRequest(login=login, password=PASSWORD)
        answer = await AccountServiceStub(channel).SignIn(request)
        yield Desk(channel, answer.session_token)


@asynccontextmanager
async def node(hub: Serving, court: Court) -> AsyncIterator[BulletinServiceStub]:
    async with hub.connect(court) as channel:
        yield BulletinServiceStub(channel)


@pytest.fixture
async def city(tmp_path: Path, journal_url: str) -> AsyncIterator[City]:
    async with new_hub(tmp_path / "hub", database=journal_url) as hub:
        sender, receiver = await hub.joined(SENDER, tmp_path), await hub.joined(RECEIVER, tmp_path)
        city = City(hub, sender, receiver)
        await city.finish(1)
        await city.issue(2)
        await city.give_back(3)
        city.go_to_day(40)
        yield city


def numbers(figure: indicators.Figure) -> tuple[int, int]:
    return figure.numbers.numerator, figure.numbers.denominator


async def test_figures_show_numerator_denominator_and_the_matters_behind(city: City) -> None:
    async with desk(city.hub, Role.AUDITOR) as people, desk(city.hub, Role.STATISTICIAN) as statistician:
        found = await people.figures(city)
        in_time = found[IN_TIME, RECEIVER]
        assert (numbers(in_time), in_time.shown, in_time.place) == ((1, 2), "50.00%", 0)
        assert (in_time.shown_on_previous, in_time.shown_on_year_before) == ("—", "—")
        returned = found[RETURNED, RECEIVER]
        assert (numbers(returned), [reason.reason for reason in returned.reasons]) == (
            (1, 2),
            ["WRONG_DISTRICT"],
        )
        assert returned.reasons[0].cause == indicators.RETURN_CAUSE_SENDER
        assert numbers(found[IN_TIME, ""]) == (1, 2)
        assert found[IN_TIME, OTHER].shown == "—"
        request = statistics.ListCountedMattersRequest(
            period=city.period,
            choice=indicators.IndicatorChoice(indicator=IN_TIME),
            court=RECEIVER,
            page_size=1,
        )
        rows = []
        while True:
            page = await people.statistics.ListCountedMatters(request, metadata=people.bearing)
            rows += page.matters
            if not page.next_page_token:
                break
            request.page_token = page.next_page_token
        assert sorted((row.matter_number, row.amount) for row in rows) == [
            (f"{SENDER}委〔2026〕1号", 1),
            (f"{SENDER}委〔2026〕2号", 0),
        ]
        # They are confidential: who may not know of them sees that they count, and no more.
        assert await statistician.figures(city) == found
        request.page_token = ""
        bare = await statistician.statistics.ListCountedMatters(request, metadata=statistician.bearing)
        assert (list(bare.matters), bare.withheld, bare.next_page_token) == ([], 2, "")


async def test_figures_are_read_at_the_log_index_asked_for(city: City) -> None:
    async with desk(city.hub, Role.STATISTICIAN) as people:
        request = statistics.GetFiguresRequest(period=city.period, courts=[RECEIVER])
        now = await people.statistics.GetFigures(request, metadata=people.bearing)
        await city.finish(4)
        # What was read before is kept in memory; what came since is not mixed into it.
        request.log_size = now.log_size
        assert await people.statistics.GetFigures(request, metadata=people.bearing) == now
        request.log_size = 0
        later = await people.statistics.GetFigures(request, metadata=people.bearing)
        assert later.log_size == now.log_size + 5
        assert [item.done for item in now.items] == [1]
        request.log_size = now.log_size - 1
        before = await people.statistics.GetFigures(request, metadata=people.bearing)
        [returned] = [figure for figure in before.figures if figure.indicator == RETURNED]
        assert numbers(returned) == (0, 1)


async def test_what_cannot_be_counted_is_refused_by_its_field(city: City) -> None:
    wrong = [
        ({"period": indicators.Period(first_day="2026-13-01", last_day="2026-12-01")}, "period.first_day"),
        ({"period": indicators.Period(first_day="2026-12-01", last_day="2026-11-01")}, "period"),
        ({"period": indicators.Period(first_day="2020-12-01", last_day="2026-11-01")}, "period"),
        ({"log_size": 10_000}, "log_size"),
        ({"choices": [indicators.IndicatorChoice()]}, "choices[0].indicator"),
        (
            {
                "choices": [
                    indicators.IndicatorChoice(indicator=RETURNED, variant=indicators.VARIANT_FROM_SIGNING)
                ]
            },
            "variants",
        ),
    ]
    async with desk(city.hub, Role.STATISTICIAN) as people:
        for changes, field in wrong:
            request = statistics.GetFiguresRequest(**{"period": city.period, **changes})
            call = people.statistics.GetFigures(request, metadata=people.bearing)
            assert await refusal(call) == (Code.INVALID_ARGUMENT, "INVALID_FIELD", [field])
        stranger = statistics.GetFiguresRequest(period=city.period, courts=["浙01"])
        call = people.statistics.GetFigures(stranger, metadata=people.bearing)
        assert (await refusal(call))[1] == "UNKNOWN_COURT"


async def test_a_court_sees_its_own_figures_before_everybody_does(city: City) -> None:
    async with (
        desk(city.hub, Role.STATISTICIAN) as people,
        node(city.hub, city.receiver) as receiver,
    ):
        draft = await people.draft(city)
        request = bulletins.GetBulletinRequest(bulletin_id=draft.bulletin_id)
        own = await receiver.GetBulletin(request)
        assert {figure.court for figure in own.figures} == {RECEIVER}
        assert (own.content, len(own.corrections)) == (b"", 0)
        listed = await receiver.ListBulletins(bulletins.ListBulletinsRequest())
        assert [each.state for each in listed.bulletins] == [bulletins.BULLETIN_STATE_DRAFT]
        discard = editing.DiscardBulletinRequest(request_id="d", bulletin_id=draft.bulletin_id)
        await people.editor.DiscardBulletin(discard, metadata=people.bearing)
        assert (await refusal(receiver.GetBulletin(request)))[:2] == (Code.NOT_FOUND, "UNKNOWN_BULLETIN")
        assert not (await receiver.ListBulletins(bulletins.ListBulletinsRequest())).bulletins
        again = await people.bulletins.GetBulletin(request, metadata=people.bearing)
        assert again.bulletin.state == bulletins.BULLETIN_STATE_DISCARDED


async def test_objections_are_answered_before_anything_is_published(city: City) -> None:
    async with (
        desk(city.hub, Role.CENTRE_DIRECTOR) as author,
        desk(city.hub, Role.BUREAU_CHIEF) as chief,
        node(city.hub, city.receiver) as receiver,
        node(city.hub, city.sender) as sender,
    ):
        draft = (await author.draft(city)).bulletin_id
        filing = bulletins.FileDataObjectionRequest(
            request_id="o", bulletin_id=draft, indicator=IN_TIME, text="二号事项已按期办结，请核对"
        )
        filed = (await receiver.FileDataObjection(filing)).objection
        assert (await receiver.FileDataObjection(filing)).objection == filed
        assert (filed.court, filed.answer) == (RECEIVER, "")
        mine = bulletins.ListDataObjectionsRequest(bulletin_id=draft)
        assert [each.objection_id for each in (await receiver.ListDataObjections(mine)).objections] == [
            filed.objection_id
        ]
        assert not (await sender.ListDataObjections(mine)).objections
        assert (await refusal(author.publish(draft)))[1] == "SAME_PERSON"
        assert (await refusal(chief.publish(draft)))[1] == "WRONG_STATE"
    city.go_to_day(60)
    async with (
        desk(city.hub, Role.BUREAU_CHIEF) as chief,
        desk(city.hub, Role.STATISTICIAN) as statistician,
        node(city.hub, city.receiver) as receiver,
    ):
        filing.request_id = "late"
        assert (await refusal(receiver.FileDataObjection(filing)))[1] == "WRONG_STATE"
        assert (await refusal(chief.publish(draft)))[1] == "WRONG_STATE"
        answering = editing.AnswerDataObjectionRequest(
            request_id="a", objection_id=filed.objection_id, upheld=False, answer="该事项未见办结反馈"
        )
        answer = await statistician.editor.AnswerDataObjection(answering, metadata=statistician.bearing)
        assert (answer.objection.answer, answer.objection.upheld) == (answering.answer, False)
        answering.request_id = "again"
        call = statistician.editor.AnswerDataObjection(answering, metadata=statistician.bearing)
        assert (await refusal(call))[1] == "WRONG_STATE"
        assert (await chief.publish(draft)).state == bulletins.BULLETIN_STATE_PUBLISHED


async def test_an_upheld_objection_asks_for_a_new_draft(city: City) -> None:
    async with desk(city.hub, Role.STATISTICIAN) as author, node(city.hub, city.receiver) as receiver:
        draft = (await author.draft(city)).bulletin_id
        filing = bulletins.FileDataObjectionRequest(request_id="o", bulletin_id=draft, text="统计有误")
        filed = (await receiver.FileDataObjection(filing)).objection
        answering = editing.AnswerDataObjectionRequest(
            request_id="a", objection_id=filed.objection_id, upheld=True, answer="情况属实"
        )
        await author.editor.AnswerDataObjection(answering, metadata=author.bearing)
    city.go_to_day(60)
    async with desk(city.hub, Role.BUREAU_CHIEF) as chief:
        assert (await refusal(chief.publish(draft)))[1] == "WRONG_STATE"


async def published(city: City) -> bulletins.BulletinSummary:
    async with desk(city.hub, Role.STATISTICIAN) as author:
        draft = await author.draft(city)
    city.go_to_day(60)
    async with desk(city.hub, Role.BUREAU_CHIEF) as chief:
        return await chief.publish(draft.bulletin_id)


async def test_a_bulletin_is_an_event_that_every_court_keeps(city: City) -> None:
    summary = await published(city)
    items = await city.hub.parts.feeds.items(OTHER, 1, 0, 1 << 20)
    record = items[-1]
    header = header_of(record)
    assert (header.id, header.kind, header.facts["hash"]) == (
        summary.event_id,
        "BulletinPublished",
        summary.content_hash.hex(),
    )
    async with node(city.hub, city.sender) as sender:
        request = bulletins.GetBulletinRequest(bulletin_id=summary.bulletin_id)
        shown = await sender.GetBulletin(request)
    assert {SENDER, RECEIVER, ""} <= {figure.court for figure in shown.figures}
    assert shown.content in record.body
    assert decode_bulletin(shown.content).log_size == summary.log_size
    assert not shown.corrections


async def test_later_events_make_corrections_and_the_frozen_figures_stay(city: City) -> None:
    summary = await published(city)
    request = bulletins.GetBulletinRequest(bulletin_id=summary.bulletin_id)
    async with desk(city.hub, Role.AUDITOR) as people, desk(city.hub, Role.STATISTICIAN) as statistician:
        before = await people.bulletins.GetBulletin(request, metadata=people.bearing)
        rejected = await finished_matter(city)
        event = city.sender.follow(
            "ResultRejected", rejected, RECEIVER, {"role": "JUDGE", "rejections": [[1, "NOT_AS_ORDERED"]]}
        )
        await city.rule(city.sender, event)
        after = await people.bulletins.GetBulletin(request, metadata=people.bearing)
        assert (after.content, list(after.figures)) == (before.content, list(before.figures))
        corrections = {(each.indicator, each.court): each for each in after.corrections}
        correction = corrections[IN_TIME, RECEIVER]
        assert (correction.shown_published, correction.shown_now) == ("50.00%", "0.00%")
        assert [each.instruction_id for each in correction.left] == [instruction_of(rejected)]
        unnamed = await statistician.bulletins.GetBulletin(request, metadata=statistician.bearing)
        assert [each.shown_now for each in unnamed.corrections] == [
            each.shown_now for each in after.corrections
        ]
        assert not any(each.left or each.entered for each in unnamed.corrections)
    async with node(city.hub, city.sender) as sender:
        told = {
            (each.indicator, each.court): each for each in (await sender.GetBulletin(request)).corrections
        }
        assert told[IN_TIME, RECEIVER].shown_now == "0.00%"
        assert not told[IN_TIME, RECEIVER].left


async def finished_matter(city: City) -> StoredEvent:
    """The last event of the matter that was finished, as it travels."""
    journal = city.hub.parts.hub.journal

    def read(connection: object) -> StoredEvent:
        from sqlalchemy import select

        from xiezhi_journal.tables import event

        found = connection.scalar(select(event.c.instruction).where(event.c.kind == "Completed"))
        return StoredEvent(header=history(connection, found)[-1].header)

    return await journal.read(read)


async def test_a_hub_that_lost_its_bulletins_gets_them_back_with_the_event(city: City) -> None:
    summary = await published(city)
    journal = city.hub.parts.hub.journal

    def lose(connection: object) -> None:
        from sqlalchemy import delete, select

        from xiezhi.v1 import event_pb2
        from xiezhi_hub.bulletins.published import note_published
        from xiezhi_journal.tables import body, bulletin, event

        before = get_bulletin(connection, summary.bulletin_id)
        connection.execute(delete(bulletin))
        query = select(event.c.header, body.c.content).join(body, body.c.position == event.c.position)
        row = connection.execute(query.where(event.c.event_id == summary.event_id)).one()
        restored = event_pb2.Body.FromString(row.content)
        note_published(connection, header_of(row), restored, before.published_at)
        after = get_bulletin(connection, summary.bulletin_id)
        assert after.content == before.content
        assert (after.state, after.event_id, after.log_size) == (
            before.state,
            before.event_id,
            before.log_size,
        )

    await journal.write(lose)


async def test_only_the_hub_itself_publishes(city: City) -> None:
    hub_node = await city.hub.joined("苏05", city.sender.directory.parent)
    facts = {"bulletin": "b", "hash": "00", "first": "", "last": "", "log_size": 1, "edition": ""}

    def make(ledger: object) -> StoredEvent:
        seat: Seat = city.hub.parts.hub.seat
        made = own_directory_event(ledger, seat, "BulletinPublished", facts)
        from msgspec.structs import replace

        header = replace(made.header, key=hub_node.event_key.key_id, at=system_clock())
        [record] = hub_node.sign((header, made.body))
        return record

    class Peek:
        def prepare(self, ledger: object) -> None: ...

        def run(self, ledger: object) -> StoredEvent:
            return make(ledger)

    record = await city.hub.parts.hub.journal.submit(Peek())
    assert await city.hub.parts.intake.rule("苏05", [record]) == [None]
    stream = await city.hub.parts.hub.journal.read(
        lambda connection: history(connection, header_of(record).instruction)
    )
    assert (stream[-1].accepted, stream[-1].reason) == (False, "WRONG_COURT")
