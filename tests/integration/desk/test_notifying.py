"""Telling people outside the platform: from an occasion through outbox and worker to gateways that are really there."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select
from tests.integration.desk.desk import COURT, Clock, open_journal

from xiezhi.v1 import court_pb2
from xiezhi.v1 import notification_service_pb2 as pb
from xiezhi_adapters.receiver.arrivals import Arrivals
from xiezhi_adapters.receiver.checking import Checker
from xiezhi_adapters.receiver.program import Ends, receiving
from xiezhi_desk.accounts import store as accounts
from xiezhi_desk.accounts.account import Account
from xiezhi_desk.notifying import delivery, gathering, preferences, pruning, store
from xiezhi_desk.notifying.digest import HOUR_MS
from xiezhi_desk.notifying.facts import CONFIDENTIAL_TEXT, EXAMPLE
from xiezhi_desk.notifying.gathering import Found, Gatherer
from xiezhi_desk.notifying.notifying import Notifying
from xiezhi_desk.notifying.occasion import Occasion
from xiezhi_desk.notifying.preferences import Preferences
from xiezhi_desk.notifying.queueing import Queueing
from xiezhi_desk.notifying.rules import Person, shipped_rules
from xiezhi_desk.notifying.schedule import FIRST_PAUSE_MS, GIVE_UP_MS, STALE_MS
from xiezhi_desk.notifying.service import NotificationService
from xiezhi_desk.notifying.settings import KEEP_DAYS
from xiezhi_desk.notifying.wording import Wording
from xiezhi_desk.roster import store as roster
from xiezhi_desk.roster.duty import Duty
from xiezhi_domain.errors import DomainError, InvalidInput, NotAllowed, WrongState
from xiezhi_domain.terms import NotificationChannel, NotificationKind, Role
from xiezhi_journal import tables
from xiezhi_journal.journal import Journal
from xiezhi_wire.caller import Caller, acting

SECRET = "a shared secret for tests alone"
SMS, EMAIL, WEBHOOK = NotificationChannel
DAY_MS = 24 * 3_600_000
NIGHT_MS = 1_800_025_200_000
"""2027-01-15 23:00 in court time; the desk's clock begins at 16:00."""


class Heard:
    """A source with what a test has put into it."""

    name = "heard"

    def __init__(self) -> None:
        self.occasions: list[Occasion] = []

    async def newest(self) -> int:
        return 0

    async def after(self, place: int) -> Found:
        return Found(
            self.occasions[place : place + 1],
            min(place + 1, len(self.occasions)),
            more=place + 1 < len(self.occasions),
        )


class Office:
    """A court with people, a source, and the ways out of a notifications file."""

    def __init__(self, journal: Journal, folder: Path, text: str) -> None:
        self.journal = journal
        file = folder / "notifications.toml"
        file.write_text(text, "utf-8")
        self.source = Heard()
        self.notifying = Notifying.around(journal, file, lambda _settings: [self.source])
        self.service = NotificationService(journal, self.notifying.settings)

    async def hear(self, kind: NotificationKind, at: int = 0, **values: Any) -> Occasion:
        facts = {name: values.pop(name) for name in ("urgent", "confidential") if name in values}
        [rule] = shipped_rules().of_kind(kind)
        occasion = Occasion(
            key=f"event/{len(self.source.occasions)}",
            facts=replace(EXAMPLE, **{"kind": kind, "urgent": False} | facts),
            rule=rule,
            at=at or self.journal.clock(),
            **values,
        )
        self.source.occasions.append(occasion)
        await self.gather()
        return occasion

    async def gather(self) -> int:
        return await self.notifying.gatherer.gather(self.source)

    async def send(self) -> None:
        for channel in NotificationChannel:
            await self.notifying.delivery.send_due(channel)

    async def stored(self) -> list[Any]:
        table = tables.notification
        query = select(table).order_by(table.c.channel, table.c.name)
        return await self.journal.read(lambda connection: list(connection.execute(query)))

    async def call(self, method: str, request: Any, *roles: Role, account: str = "judge") -> Any:
        with acting(Caller(account, "测试", COURT, frozenset(roles), session_id="s")):
            return await getattr(self.service, method)(request, None)


@pytest.fixture
def arrivals() -> Arrivals:
    return Arrivals()


@pytest.fixture
async def ends(arrivals: Arrivals, clock: Clock) -> AsyncIterator[Ends]:
    async with receiving(arrivals, Checker(SECRET.encode(), clock=lambda: clock.now / 1000)) as ends:
        yield ends


@pytest.fixture
async def office(journal: Journal, tmp_path: Path, ends: Ends) -> AsyncIterator[Office]:
    await hire(journal)
    office = Office(journal, tmp_path, configuration(tmp_path, ends))
    yield office
    await office.notifying.close()


def configuration(folder: Path, ends: Ends) -> str:
    (folder / "secret").write_text(SECRET)
    return f"""
        [sms]
        url = "http://127.0.0.1:{ends.http}/sms"
        success = {{ code = "200" }}
        timeout_s = 5
        [email]
        host = "127.0.0.1"
        port = {ends.smtp}
        security = "none"
        sender = "xiezhi@court.example"
        [[webhook]]
        name = "oa"
        url = "http://127.0.0.1:{ends.http}/hook"
        secret_file = "{folder / "secret"}"
        """


async def hire(journal: Journal) -> None:
    people = {
        "judge": Role.JUDGE,
        "other": Role.JUDGE,
        "director": Role.CENTRE_DIRECTOR,
        "centre": Role.CENTRE_OFFICER,
    }

    def work(connection: Any) -> None:
        for number, (name, role) in enumerate(people.items()):
            officer = court_pb2.Officer(name=name, mobile=f"1000000000{number}")
            accounts.add_account(connection, Account(name, name, officer, frozenset({role})))
            preferences.put(connection, Preferences(name, email=f"{name}@court.example"))

    await journal.write(work)


OFFICER = {Person.OFFICER: frozenset({"judge"})}


async def test_a_return_reaches_everybody_it_concerns_on_every_way(
    office: Office, arrivals: Arrivals
) -> None:
    await office.hear(NotificationKind.RETURNED, accounts=OFFICER)
    await office.send()
    rows = await office.stored()
    assert {(row.channel, row.name, row.state) for row in rows} == {
        *((str(SMS), name, "SENT") for name in ("judge", "centre")),
        *((str(EMAIL), name, "SENT") for name in ("judge", "centre")),
        (str(WEBHOOK), "oa", "SENT"),
    }
    assert {each.address for each in arrivals.taken} == {
        *("10000000000", "10000000003", "judge@court.example", "centre@court.example", "/hook")
    }
    [hook] = [each for each in arrivals.taken if each.channel is WEBHOOK]
    assert hook.verified
    told = json.loads(hook.text)
    assert (told["number"], told["type"], told["court"]) == (EXAMPLE.number, "notification.returned", COURT)
    assert {each.key for each in arrivals.taken} == {row.notification_id for row in rows}
    assert {row.address for row in rows if row.channel == SMS} == {"100****0000", "100****0003"}


async def test_nothing_that_is_kept_or_logged_names_a_number(
    office: Office, caplog: pytest.LogCaptureFixture, arrivals: Arrivals
) -> None:
    arrivals.failing = 3
    await office.hear(NotificationKind.RETURNED, accounts=OFFICER)
    await office.send()
    kept = " ".join(str(tuple(row)) for row in await office.stored())
    assert "1000000000" not in kept + caplog.text
    assert "judge@" not in kept + caplog.text


async def test_a_confidential_matter_is_not_named(office: Office, arrivals: Arrivals) -> None:
    await office.hear(NotificationKind.RETURNED, accounts=OFFICER, confidential=True)
    await office.send()
    for each in arrivals.taken:
        assert EXAMPLE.number not in each.text
        assert CONFIDENTIAL_TEXT in each.text
    listed = await office.call("ListNotifications", pb.ListNotificationsRequest(), Role.CENTRE_OFFICER)
    assert len(listed.notifications) == 5
    assert {each.instruction_id for each in listed.notifications} == {""}


async def test_the_same_occasion_again_makes_nothing_new(office: Office) -> None:
    occasion = await office.hear(NotificationKind.RETURNED, accounts=OFFICER)
    before = await office.stored()
    office.source.occasions.append(occasion)
    assert await office.gather() == 0
    assert await office.stored() == before


async def test_the_staff_is_read_once_for_many_occasions(office: Office) -> None:
    occasion = await office.hear(NotificationKind.RETURNED, accounts=OFFICER)
    many = [replace(occasion, key=f"event/many/{number}") for number in range(3)]
    settings, statements = office.notifying.settings, []
    queueing = Queueing(COURT, settings.rules, settings.wording, settings.channels, {})

    def work(connection: Any) -> int:
        event.listen(connection, "before_cursor_execute", lambda *call: statements.append(call[2]))
        return queueing.queue(connection, many, office.journal.clock())

    assert await office.journal.write(work) == 4 * len(many)
    assert len([each for each in statements if "FROM account" in each]) == 1
    assert len([each for each in statements if "FROM notification_settings" in each]) == 1


async def test_a_gateway_that_is_away_is_tried_again_with_the_same_key(
    office: Office, arrivals: Arrivals, clock: Clock
) -> None:
    arrivals.failing = 2
    await office.hear(NotificationKind.ASSIGNED, accounts=OFFICER)
    [email, sms, hook] = await office.stored()
    for attempt in (1, 2):
        await office.notifying.delivery.send_due(SMS)
        [_, failed, _] = await office.stored()
        assert (failed.state, failed.attempts, failed.answer[:8]) == ("FAILED", attempt, "HTTP 503")
        assert await office.notifying.delivery.send_due(SMS) == 0
        clock.now += FIRST_PAUSE_MS * 2 ** (attempt - 1)
    await office.send()
    assert [row.state for row in await office.stored()] == ["SENT"] * 3
    assert {each.key for each in arrivals.taken} == {each.notification_id for each in (email, sms, hook)}
    assert not any(each.again for each in arrivals.taken)


async def test_after_a_day_it_is_given_up_and_may_be_tried_again(
    office: Office, arrivals: Arrivals, clock: Clock
) -> None:
    arrivals.failing = 10_000
    await office.hear(NotificationKind.ASSIGNED, accounts=OFFICER, urgent=True)
    for _ in range(40):
        await office.notifying.delivery.send_due(SMS)
        clock.now += GIVE_UP_MS // 30
    [_, given_up, _] = await office.stored()
    assert (given_up.state, given_up.next_at, given_up.answer[:8]) == ("GIVEN_UP", 0, "HTTP 503")
    arrivals.failing = 0
    again = pb.RetryNotificationRequest(notification_id=given_up.notification_id)
    await office.call("RetryNotification", again, Role.CENTRE_DIRECTOR)
    await office.notifying.delivery.send_due(SMS)
    [arrived] = arrivals.taken
    assert arrived.key == given_up.notification_id
    with pytest.raises(WrongState):
        await office.call("RetryNotification", again, Role.CENTRE_DIRECTOR)


async def test_who_has_no_address_is_shown_as_such(office: Office, journal: Journal) -> None:
    await journal.write(lambda connection: preferences.put(connection, Preferences("judge")))
    await office.hear(NotificationKind.ASSIGNED, accounts=OFFICER)
    await office.send()
    [email, sms, _] = await office.stored()
    assert (email.state, email.attempts, sms.state) == ("GIVEN_UP", 1, "SENT")
    assert "未登记电子邮件" in email.answer


async def test_phones_are_quiet_at_night_but_not_for_urgent_matters(
    office: Office, arrivals: Arrivals, clock: Clock
) -> None:
    clock.now = NIGHT_MS
    await office.hear(NotificationKind.ASSIGNED, accounts=OFFICER)
    await office.send()
    assert {each.channel for each in arrivals.taken} == {EMAIL, WEBHOOK}
    await office.hear(NotificationKind.ASSIGNED, accounts=OFFICER, urgent=True)
    await office.send()
    assert [each.channel for each in arrivals.taken].count(SMS) == 1
    clock.now += 9 * 3_600_000
    await office.send()
    assert [each.channel for each in arrivals.taken].count(SMS) == 2
    [waited] = [row for row in await office.stored() if row.channel == SMS and not row.urgent]
    assert waited.attempts == 1


async def test_an_urgent_order_reaches_who_is_on_duty(
    office: Office, journal: Journal, arrivals: Arrivals
) -> None:
    now = journal.clock()
    duty = Duty(COURT, now - 1, now + 3_600_000, "值班甲", "0512-00000000", "10000000009", "", "")
    await journal.write(lambda connection: roster.replace_since(connection, COURT, 0, [duty]))
    await office.hear(NotificationKind.ARRIVED, urgent=True)
    await office.notifying.delivery.send_due(SMS)
    assert {each.address for each in arrivals.taken} == {"10000000009", "10000000002", "10000000003"}
    assert all("短信不代替电话" in each.text for each in arrivals.taken)


async def test_all_who_are_on_duty_when_it_is_sent_are_told(
    office: Office, journal: Journal, arrivals: Arrivals
) -> None:
    now = journal.clock()
    hour = (now - 1, now + 3_600_000)
    on_duty = [
        Duty(COURT, *hour, "值班甲", "0512-00000000", "10000000008", "", ""),
        Duty(COURT, *hour, "值班乙", "10000000009", "", "", ""),
        Duty(COURT, *hour, "值班丙", "", "10000000009", "", ""),
    ]
    await journal.write(lambda connection: roster.replace_since(connection, COURT, 0, on_duty))
    await office.hear(NotificationKind.ARRIVED, urgent=True)
    await journal.write(lambda connection: roster.replace_since(connection, COURT, 0, on_duty[:1]))
    await office.notifying.delivery.send_due(SMS)
    first = [each.address for each in arrivals.taken]
    assert sorted(first) == ["10000000002", "10000000003", "10000000008"]
    [other] = [row for row in await office.stored() if row.state == "GIVEN_UP"]
    assert "值班表" in other.answer
    arrivals.taken.clear()
    await journal.write(lambda connection: roster.replace_since(connection, COURT, 0, on_duty))
    await office.hear(NotificationKind.ARRIVED, urgent=True)
    await office.notifying.delivery.send_due(SMS)
    told = [each.address for each in arrivals.taken]
    assert sorted(told) == ["10000000002", "10000000003", "10000000008", "10000000009"]


async def test_where_nobody_works_on_a_matter_its_owner_is_told(office: Office) -> None:
    await office.hear(NotificationKind.ASSIGNED, accounts={Person.OFFICER: frozenset({"gone"})})
    assert {row.name for row in await office.stored()} == {"director", "oa"}


async def test_what_is_long_past_is_not_told(office: Office, journal: Journal) -> None:
    now = journal.clock()
    await office.hear(NotificationKind.RETURNED, at=now - STALE_MS)
    await office.hear(NotificationKind.DUE_SOON, accounts=OFFICER, expires_at=now)
    assert await office.stored() == []


async def test_a_reminder_that_has_come_too_late_is_not_sent(
    office: Office, arrivals: Arrivals, clock: Clock
) -> None:
    await office.hear(NotificationKind.DUE_SOON, accounts=OFFICER, expires_at=clock.now + 1_000)
    clock.now += 1_000
    await office.send()
    assert {row.state for row in await office.stored()} == {"OUTDATED"}
    assert arrivals.taken == []


async def test_a_retry_by_hand_does_not_outlive_its_occasion(
    office: Office, arrivals: Arrivals, clock: Clock
) -> None:
    arrivals.failing = 10_000
    ends_at = clock.now + 3 * FIRST_PAUSE_MS
    await office.hear(NotificationKind.DUE_SOON, accounts=OFFICER, expires_at=ends_at)
    [_, sms, _] = await office.stored()
    again = pb.RetryNotificationRequest(notification_id=sms.notification_id)
    await office.notifying.delivery.send_due(SMS)
    await office.call("RetryNotification", again, Role.CENTRE_DIRECTOR)
    clock.now = ends_at
    arrivals.failing = 0
    await office.notifying.delivery.send_due(SMS)
    [_, over, _] = await office.stored()
    assert (over.state, over.answer[:8], over.attempts) == ("OUTDATED", "HTTP 503", 1)
    with pytest.raises(WrongState):
        await office.call("RetryNotification", again, Role.CENTRE_DIRECTOR)
    assert arrivals.taken == []


# --- So many in an hour ----------------------------------------------------------------------------------------------


@pytest.fixture
async def busy(journal: Journal, tmp_path: Path, ends: Ends) -> AsyncIterator[Office]:
    """An office with three SMS for each account and hour."""
    await hire(journal)
    text = configuration(tmp_path, ends).replace("timeout_s = 5", "timeout_s = 5\n        per_hour = 3", 1)
    office = Office(journal, tmp_path, text)
    yield office
    await office.notifying.close()


def texts(arrivals: Arrivals, address: str = "10000000000") -> list[str]:
    return [each.text for each in arrivals.taken if each.address == address]


async def send_sms(office: Office, clock: Clock) -> None:
    """Try all SMS, and those once more that had to wait for others or were not taken."""
    for _ in range(3):
        await office.notifying.delivery.send_due(SMS)
        clock.now += FIRST_PAUSE_MS


async def test_what_is_beyond_the_limit_of_an_hour_becomes_one_sms(
    busy: Office, arrivals: Arrivals, clock: Clock
) -> None:
    first = clock.now
    for _ in range(8):
        await busy.hear(NotificationKind.ASSIGNED, accounts=OFFICER)
    await busy.hear(NotificationKind.ASSIGNED, accounts={Person.OFFICER: frozenset({"other"})})
    await send_sms(busy, clock)
    assert (len(texts(arrivals)), len(texts(arrivals, "10000000001"))) == (3, 1)
    rows = [row for row in await busy.stored() if row.channel == SMS and row.account == "judge"]
    [digest] = [row for row in rows if row.kind == "DIGEST"]
    assert sorted(row.state for row in rows) == ["DIGESTED"] * 5 + ["QUEUED"] + ["SENT"] * 3
    assert {row.digest for row in rows if row.state == "DIGESTED"} == {digest.notification_id}
    # Nothing overtakes the digest.
    clock.now = first + HOUR_MS - 3 * FIRST_PAUSE_MS
    await busy.hear(NotificationKind.ASSIGNED, accounts=OFFICER)
    await send_sms(busy, clock)
    assert (len(texts(arrivals)), clock.now) == (3, first + HOUR_MS)
    await send_sms(busy, clock)
    assert texts(arrivals)[3:] == ["【协执】另有 6 条提醒，请登录工作台查看。"]
    await busy.hear(NotificationKind.ASSIGNED, accounts=OFFICER)
    await send_sms(busy, clock)
    assert len(texts(arrivals)) == 5


async def test_urgent_matters_go_out_beyond_the_limit_and_count(
    busy: Office, arrivals: Arrivals, clock: Clock
) -> None:
    for _ in range(5):
        await busy.hear(NotificationKind.ASSIGNED, accounts=OFFICER, urgent=True)
    await busy.hear(NotificationKind.ASSIGNED, accounts=OFFICER)
    await send_sms(busy, clock)
    states = [row.state for row in await busy.stored() if row.channel == SMS]
    assert (len(texts(arrivals)), sorted(states)) == (5, ["DIGESTED", "QUEUED", *["SENT"] * 5])


async def test_what_a_gateway_did_not_take_is_not_counted(
    busy: Office, arrivals: Arrivals, clock: Clock
) -> None:
    arrivals.failing = 3
    for _ in range(4):
        await busy.hear(NotificationKind.ASSIGNED, accounts=OFFICER)
    await send_sms(busy, clock)
    states = [row.state for row in await busy.stored() if row.channel == SMS]
    assert (len(texts(arrivals)), sorted(states)) == (3, ["DIGESTED", "QUEUED", *["SENT"] * 3])


async def test_what_a_digest_counts_is_not_sent_again_by_hand(busy: Office, clock: Clock) -> None:
    for _ in range(4):
        await busy.hear(NotificationKind.ASSIGNED, accounts=OFFICER)
    await send_sms(busy, clock)
    [folded] = [row for row in await busy.stored() if row.state == "DIGESTED"]
    again = pb.RetryNotificationRequest(notification_id=folded.notification_id)
    with pytest.raises(WrongState, match="汇总"):
        await busy.call("RetryNotification", again, Role.CENTRE_DIRECTOR)


# --- What people want ------------------------------------------------------------------------------------------------


async def test_what_a_person_has_declined_is_not_sent_to_him(office: Office) -> None:
    settings = pb.NotificationSettings(
        email="judge@court.example",
        declined_channels=[pb.NOTIFICATION_CHANNEL_EMAIL],
        declined_kinds=[pb.NOTIFICATION_KIND_PAPERS_ASKED],
    )
    request = pb.SetNotificationSettingsRequest(settings=settings)
    answer = await office.call("SetNotificationSettings", request, Role.JUDGE)
    read = await office.call("GetNotificationSettings", pb.GetNotificationSettingsRequest(), Role.JUDGE)
    assert read.settings == answer.settings
    assert pb.NOTIFICATION_KIND_RETURNED in read.binding_kinds
    await office.hear(NotificationKind.PAPERS_ASKED, accounts=OFFICER)
    await office.hear(NotificationKind.ASSIGNED, accounts=OFFICER)
    await office.hear(NotificationKind.REDO, accounts=OFFICER)
    told = {(row.kind, row.channel) for row in await office.stored() if row.account == "judge"}
    assert told == {("ASSIGNED", "SMS"), ("REDO", "SMS"), ("REDO", "EMAIL")}


async def test_nobody_opts_out_of_what_is_binding(office: Office) -> None:
    settings = pb.NotificationSettings(declined_kinds=[pb.NOTIFICATION_KIND_OVERDUE])
    with pytest.raises(InvalidInput, match="期限已过"):
        await office.call(
            "SetNotificationSettings", pb.SetNotificationSettingsRequest(settings=settings), Role.JUDGE
        )


async def test_settings_of_others_are_the_administrators_business(office: Office) -> None:
    settings = pb.NotificationSettings(account_id="other", email="other@court.example")
    request = pb.SetNotificationSettingsRequest(settings=settings)
    with pytest.raises(NotAllowed):
        await office.call("SetNotificationSettings", request, Role.JUDGE)
    await office.call("SetNotificationSettings", request, Role.ADMINISTRATOR, account="director")
    unknown = pb.GetNotificationSettingsRequest(account_id="nobody")
    with pytest.raises(DomainError):
        await office.call("GetNotificationSettings", unknown, Role.ADMINISTRATOR)


async def test_everybody_sees_his_own_and_the_centre_sees_all(office: Office) -> None:
    await office.hear(NotificationKind.RETURNED, accounts=OFFICER)
    request = pb.ListNotificationsRequest(page_size=2)
    own = await office.call("ListNotifications", request, Role.JUDGE)
    assert {each.addressee for each in own.notifications} == {"judge"}
    assert not own.next_page_token
    seen = []
    while True:
        page = await office.call("ListNotifications", request, Role.CENTRE_OFFICER, account="centre")
        seen += [each.notification_id for each in page.notifications]
        request.page_token = page.next_page_token
        if not page.next_page_token:
            break
    assert len(seen) == len(set(seen)) == 5
    waiting = pb.ListNotificationsRequest(
        state=pb.NOTIFICATION_STATE_QUEUED, channel=pb.NOTIFICATION_CHANNEL_SMS, mine_only=True
    )
    mine = await office.call("ListNotifications", waiting, Role.CENTRE_OFFICER, account="centre")
    assert len(mine.notifications) == 1
    assert len(mine.channels) == 3


async def test_an_administrator_sees_of_others_that_they_were_told_and_not_what(office: Office) -> None:
    await office.hear(NotificationKind.RETURNED, accounts=OFFICER)
    request = pb.ListNotificationsRequest()
    listed = await office.call("ListNotifications", request, Role.ADMINISTRATOR, account="other")
    assert {each.addressee for each in listed.notifications} == {"judge", "centre", "oa"}
    assert {(each.text, each.instruction_id) for each in listed.notifications} == {("", "")}
    both = await office.call("ListNotifications", request, Role.ADMINISTRATOR, Role.CENTRE_OFFICER)
    assert all(EXAMPLE.number in each.text and each.instruction_id for each in both.notifications)
    own = await office.call("ListNotifications", request, Role.ADMINISTRATOR, account="judge")
    assert {each.addressee for each in own.notifications if each.text} == {"judge"}


# --- Killed midway ---------------------------------------------------------------------------------------------------


async def test_cut_off_before_the_answer_it_is_sent_again_with_the_same_key(
    journal_url: str, tmp_path: Path, clock: Clock, ends: Ends, arrivals: Arrivals
) -> None:
    """The gateway has taken the message, the program ends before it is told: the next one sends the same again."""
    asked, heard = asyncio.Event(), []

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.readuntil(b"\r\n\r\n"))
        asked.set()
        await reader.read()
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    with open_journal(journal_url, clock) as journal:
        await hire(journal)
        office = Office(journal, tmp_path, f'[sms]\nurl = "http://127.0.0.1:{port}/sms"')
        await office.hear(NotificationKind.ASSIGNED, accounts=OFFICER)
        sending = asyncio.ensure_future(office.notifying.delivery.send_due(SMS))
        await asyncio.wait_for(asked.wait(), 20)
        sending.cancel()
        await asyncio.wait([sending])
        await office.notifying.close()
    server.close()
    with open_journal(journal_url, clock) as journal:
        again = Office(journal, tmp_path, configuration(tmp_path, ends))
        again.source.occasions = office.source.occasions
        assert await again.gather() == 0
        clock.now += FIRST_PAUSE_MS
        await again.send()
        [row] = await again.stored()
        await again.notifying.close()
    assert (row.state, [each.key for each in arrivals.taken]) == ("SENT", [row.notification_id])
    assert f"idempotency-key: {row.notification_id}".encode() in heard[0].lower()


async def test_a_way_that_breaks_on_a_message_stops_nobody(
    journal: Journal, tmp_path: Path, ends: Ends
) -> None:
    await hire(journal)
    header = '\n[sms.headers]\nx-app = "协执"\n'
    office = Office(journal, tmp_path, configuration(tmp_path, ends) + header)
    await office.hear(NotificationKind.ASSIGNED, accounts=OFFICER)
    await office.send()
    email, sms, hook = await office.stored()
    assert (email.state, sms.state, hook.state) == ("SENT", "FAILED", "SENT")
    assert "请检查渠道配置" in sms.answer
    await office.notifying.close()


class Broken(Heard):
    """A source that cannot be read, such as one that holds a kind that this program does not know."""

    name = "broken"

    def __init__(self) -> None:
        super().__init__()
        self.looked = 0

    async def after(self, place: int) -> Found:
        self.looked += 1
        raise ValueError("张三")


class Twice:
    """Somebody who is woken twice, and then never."""

    def __init__(self) -> None:
        self.times = 0
        self.over = asyncio.Event()

    async def wait(self, timeout_s: float) -> None:
        self.times += 1
        if self.times > 2:
            self.over.set()
            await asyncio.Event().wait()


async def test_a_source_that_breaks_rests_while_the_others_are_followed(
    office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(gathering, "PAUSE_S", 0)
    broken, twice = Broken(), Twice()
    queueing = Queueing("苏0591", shipped_rules(), Wording({}), frozenset(NotificationChannel), {})
    gatherer = Gatherer(office.journal, queueing, [broken, office.source])
    [rule] = shipped_rules().of_kind(NotificationKind.RETURNED)
    facts = replace(EXAMPLE, kind=rule.kind, urgent=False)
    office.source.occasions.append(Occasion("event/1", facts, rule, office.journal.clock(), accounts=OFFICER))
    running = asyncio.ensure_future(gatherer.run(lambda: nullcontext(twice)))
    await asyncio.wait([running, asyncio.ensure_future(twice.over.wait())], return_when="FIRST_COMPLETED")
    assert not running.done()
    running.cancel()
    assert broken.looked == 1
    assert await office.stored()
    assert "张三" not in capsys.readouterr().out


async def test_what_has_ended_is_deleted_after_as_long_as_the_file_says(
    office: Office, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pruning, "AT_ONCE", 1)
    await office.hear(NotificationKind.RETURNED, accounts=OFFICER)
    await office.send()
    await office.hear(NotificationKind.REDO, accounts=OFFICER)
    told = await office.stored()
    ended, waiting = (
        {row.notification_id for row in told if (row.next_at > 0) is due} for due in (False, True)
    )
    assert ended
    assert waiting
    clock.now += KEEP_DAYS * DAY_MS
    assert await office.notifying.pruner.prune() == 0
    clock.now += 1
    assert await office.notifying.pruner.prune() == len(ended)
    assert {row.notification_id for row in await office.stored()} == waiting


async def test_what_breaks_while_sending_does_not_end_it(
    office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(delivery, "LOOK_EVERY_S", 0)
    looked, twice = [], asyncio.Event()

    def due(*_asked: Any, **_more: Any) -> list[Any]:
        looked.append(1)
        if len(looked) > 1:
            twice.set()
        raise ValueError("张三")

    monkeypatch.setattr(store, "due", due)
    running = asyncio.ensure_future(office.notifying.delivery.run(SMS))
    waiting = asyncio.ensure_future(twice.wait())
    await asyncio.wait([running, waiting], return_when="FIRST_COMPLETED")
    assert not running.done()
    running.cancel()
    assert "张三" not in capsys.readouterr().out
