"""The page of notifications over a node's real services: what was sent to whom, another try, one's own settings."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import grpc
import pytest
from tests.integration.node.pair import Court, open_pair
from tests.integration.workbench.browser import field
from tests.integration.workbench.in_process import workbench

from xiezhi.v1.notification_service_pb2_grpc import add_NotificationServiceServicer_to_server
from xiezhi_desk.notifying.facts import CONFIDENTIAL_TEXT, EXAMPLE
from xiezhi_desk.notifying.gathering import Found
from xiezhi_desk.notifying.notifying import Notifying
from xiezhi_desk.notifying.occasion import Occasion
from xiezhi_desk.notifying.rules import Person, shipped_rules
from xiezhi_desk.notifying.service import NotificationService
from xiezhi_domain.terms import NotificationChannel, NotificationKind, NotificationState

HOSTILE = "<img src=x onerror=alert(1)>"


class Heard:
    """A source with what a test has put into it."""

    name = "heard"

    def __init__(self) -> None:
        self.occasions: list[Occasion] = []

    async def newest(self) -> int:
        return 0

    async def after(self, place: int) -> Found:
        return Found(self.occasions[place:], len(self.occasions))


@dataclass
class Office:
    """A court with notifications, and what queues them."""

    court: Court
    notifying: Notifying
    heard: "Heard"

    async def queue(self, kind: NotificationKind, number: str, *, confidential: bool = False) -> None:
        [rule] = shipped_rules().of_kind(kind)
        facts = replace(EXAMPLE, kind=kind, number=number, urgent=True, confidential=confidential)
        field_officer = frozenset({self.court.account("field")})
        now = self.court.node.clock.now
        occasion = Occasion(f"event/{number}", facts, rule, now, {Person.OFFICER: field_officer})
        self.heard.occasions.append(occasion)
        await self.notifying.gatherer.gather(self.heard)


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    made: list[Notifying] = []
    file = tmp_path / "notifications.toml"
    file.write_text(
        '[sms]\nurl = "http://127.0.0.1:1/sms"\n'
        '[email]\nhost = "127.0.0.1"\nsecurity = "none"\nsender = "a@b.example"\n'
    )

    def more(court: Court, server: grpc.aio.Server) -> None:
        made.append(Notifying.around(court.node.journal, file, lambda _settings: []))
        service = NotificationService(court.node.journal, made[-1].settings)
        add_NotificationServiceServicer_to_server(service, server)

    urls = [f"sqlite:///{tmp_path / name}.db" for name in ("hub", "sender", "receiver")]
    async with open_pair(urls, more=more) as pair:
        yield Office(pair.receiver, made[1], Heard())
    for each in made:
        await each.close()


async def test_the_command_centre_sees_what_went_to_whom(office: Office) -> None:
    await office.queue(NotificationKind.ASSIGNED, HOSTILE)
    await office.queue(NotificationKind.REDO, "苏0591委〔2026〕2号", confidential=True)
    async with workbench(office.court, "centre") as browser:
        text = (await browser.get("/notices")).text
        assert HOSTILE not in text
        assert "&lt;img src=x" in text
        assert "苏0591委〔2026〕2号" not in text
        assert text.count(f'said">{CONFIDENTIAL_TEXT}<') == 2
        assert text.count(NotificationState.QUEUED.zh) >= 4
        narrowed = (await browser.get("/notices?channel=EMAIL&state=QUEUED")).text
        assert narrowed.count('class="wrap said"') == 2
        assert (await browser.get("/notices?channel=PIGEON&page=nonsense")).status_code == 422
    async with workbench(office.court, "field") as browser:
        assert (await browser.get("/notices")).text.count('class="wrap said"') == 4
    async with workbench(office.court, "other_field") as browser:
        text = (await browser.get("/notices")).text
        assert 'class="wrap said"' not in text
        assert 'name="whose"' not in text


async def test_what_was_given_up_is_tried_again(office: Office) -> None:
    # Nobody in the court has a mobile or an address.
    await office.queue(NotificationKind.ASSIGNED, "苏0591委〔2026〕1号")
    await office.notifying.delivery.send_due(NotificationChannel.SMS)
    async with workbench(office.court, "field") as browser:
        text = (await browser.get("/notices?channel=SMS")).text
        assert "未登记手机号" in text
        assert "/retry" not in text
    async with workbench(office.court, "director") as browser:
        page = await browser.get("/notices?channel=SMS")
        [path] = [part.split('"')[0] for part in page.text.split('action="')[1:] if "/retry" in part]
        answer = await browser.post(path.replace("&amp;", "&"), {"csrf": field(page, "csrf")})
        assert (answer.status_code, answer.headers["location"]) == (303, "/notices?channel=SMS")
        assert NotificationState.GIVEN_UP.zh not in (await browser.get("/notices")).text.split("<table")[1]


async def test_a_person_says_where_and_of_what_he_is_told(office: Office) -> None:
    async with workbench(office.court, "field") as browser:
        page = await browser.get("/notices")
        csrf = {"csrf": field(page, "csrf")}
        wrong = await browser.post("/notices/settings", {**csrf, "settings.email": HOSTILE})
        assert wrong.status_code == 422
        assert "电子邮件地址有误" in wrong.text
        assert HOSTILE not in wrong.text
        wanted = {**csrf, "settings.email": "a.b@c.example", "channel": "EMAIL", "kind": ["ASSIGNED"]}
        answer = await browser.post("/notices/settings", wanted)
        assert answer.status_code == 303
        saved = (await browser.get("/notices")).text
        assert 'value="a.b@c.example"' in saved
        assert 'value="SMS">' in saved
        assert 'value="EMAIL" checked>' in saved
        assert 'value="ASSIGNED" checked>' in saved
        assert 'value="REPORTED">' in saved
        assert 'value="OVERDUE" checked disabled>' in saved
        forged = await browser.post("/notices/settings", {"settings.email": ""})
        assert forged.status_code == 403
