"""The story of 苏州: the Industrial Park judge asks Gusu to find a person and property, through the public SDK.

Speaks to `demo.py` by lines of JSON on standard output and waits for an answer where it asks for something.
"""

import asyncio
import json
import secrets
import sys
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cast import (
    CHIEF,
    DISPATCHER,
    GUSU_JUDGE,
    JUDGE,
    PAPERS,
    PLAYERS,
    SEALER,
    SPECIALIST,
    SUPERVISOR,
    Player,
    gusu_case,
    order,
    park_case,
)
from courts import GUSU, HUB, PARK
from telling import say, tell_timeline

from xiezhi_client.sdk import (
    Account,
    Client,
    Document,
    Finding,
    ItemOutcome,
    PersonFinding,
    Property,
    Vehicle,
    connect,
    new_instruction_id,
)
from xiezhi_client.verify import compare_copies, verify_receipt
from xiezhi_domain.terms import Mark, Outcome

PATIENCE_S = 60.0


class Story:
    """The players' connections and what they do with them."""

    def __init__(self, endpoints: dict[str, Any], stack: AsyncExitStack) -> None:
        self._endpoints = endpoints
        self._stack = stack
        self.clients: dict[str, Client] = {}
        self.accounts: dict[str, str] = {}
        self.matter = new_instruction_id()
        self.prompt = asyncio.Event()

    async def play(self) -> None:
        """The whole story."""
        await self.introduce()
        await self.judge_asks()
        await self.gusu_takes_it()
        await self.hub_falls_while_the_specialist_works()
        await self.judge_confirms_while_gusu_is_down()
        await self.everything_is_checked()

    # --- Before the curtain ------------------------------------------------------------------------------------------

    async def introduce(self) -> None:
        """Accounts for the players, the cases as loaded data."""
        passwords = {}
        for place in (HUB, PARK, GUSU, "hub"):
            admin = await self._client(place, self._endpoints["administrators"][place])
            for player in (SUPERVISOR,) if place == "hub" else PLAYERS:
                if place in (player.court, "hub"):
                    passwords[player.login] = await self._make_account(admin, place, player)
        ask({"do": "accounts", "accounts": passwords})
        await self.clients[JUDGE.login].cases.put(park_case())
        await self.clients[GUSU_JUDGE.login].cases.put(gusu_case())
        say("一、备案", f"园区法院 {park_case().case_number} 与姑苏法院 {gusu_case().case_number} 为关联案件")

    async def _make_account(self, admin: Client, place: str, player: Player) -> dict[str, str]:
        password = secrets.token_urlsafe(15)
        account = Account(login=player.login, officer=player.officer, roles=player.roles)  # type: ignore[arg-type]  # role names of the contract
        made = await admin.accounts.create(account, password)
        self.accounts[player.login] = made.account_id
        credentials = {"login": player.login, "password": password}
        self.clients[player.login] = await self._client(place, credentials)
        return {"court": player.court, "place": place, "name": player.name, "password": password}

    async def _client(self, place: str, credentials: dict[str, str]) -> Client:
        found = self._endpoints["hub"] if place == "hub" else self._endpoints["nodes"][place]
        client = await self._stack.enter_async_context(connect(found["desk"], Path(found["ca"])))
        await client.sign_in(credentials["login"], credentials["password"])
        return client

    # --- 园区 --------------------------------------------------------------------------------------------------------

    async def judge_asks(self) -> None:
        """The judge drafts with two papers; the chief approves; the command centre checks, seals and sends."""
        judge = self.clients[JUDGE.login]
        papers = (
            await self._upload(judge, "委托函.pdf", "ENTRUSTMENT_LETTER"),
            await self._upload(judge, "协助查询通知书.pdf", "QUERY_NOTICE"),
        )
        draft = await judge.find.draft(order(papers), self.matter)
        require(draft.receipt is not None and not draft.missing_papers, draft)
        say(
            "二、园区法院发起",
            f"{JUDGE.name} 发起查人找物 {draft.receipt.matter_number}，三个办理项，附文书两份",
        )
        await judge.instructions.submit(self.matter)
        await self.clients[CHIEF.login].instructions.approve(self.matter, "同意委托")
        sent = await self.clients[SEALER.login].instructions.affix_seal(self.matter)
        say(
            "",
            f"{CHIEF.name} 审批同意；{SEALER.name} 核验签章并推送（{Mark.PENDING.zh if sent.pending else '已受理'}）",
        )

    async def _upload(self, client: Client, name: str, paper_type: Any) -> Document:
        return await client.documents.upload(self.matter, PAPERS / name, paper_type)

    # --- 姑苏 --------------------------------------------------------------------------------------------------------

    async def gusu_takes_it(self) -> None:
        """Gusu's command centre signs for it and assigns it in one step."""
        dispatcher = self.clients[DISPATCHER.login]
        await self._until(dispatcher, "AWAITING_SIGNATURE")
        say("三、姑苏法院签收分派", "事项及两份文书已到达姑苏法院系统")
        await dispatcher.instructions.assign(self.matter, self.accounts[SPECIALIST.login], "请今日上门")
        await self._until(self.clients[JUDGE.login], "IN_PROGRESS")
        say("", f"{DISPATCHER.name} 签收并分派给 {SPECIALIST.name}，园区法院同步可见")

    async def hub_falls_while_the_specialist_works(self) -> None:
        """The hub is killed; the specialist goes on; everything goes through when it is back."""
        specialist, judge = self.clients[SPECIALIST.login], self.clients[JUDGE.login]
        watching = asyncio.create_task(self._wait_for_prompt(judge))
        ask({"do": "kill", "who": "hub"})
        say("四、枢纽被强行断电（kill -9）", "姑苏法院继续办理，园区法院继续办公")
        record = await self._upload(specialist, "执行笔录.pdf", "ENFORCEMENT_RECORD")
        car = await self._upload(specialist, "现场照片-车辆.jpg", "PHOTO")
        machine = await self._upload(specialist, "现场照片-机床.jpg", "PHOTO")
        await specialist.find.record_findings(
            self.matter, _findings(record, car, machine), "已上门核查，当面谈话", (record, car, machine)
        )
        done = await specialist.instructions.complete(self.matter, _RESULT, (_not_done(),))
        require(done.pending, "the hub is down")
        say("", f"{SPECIALIST.name} 上传笔录和照片、填报查找结果并办结反馈：已存本院，待中心确认")
        ask({"do": "start", "who": "hub"})
        say("", "枢纽重新启动 ……")
        async with asyncio.timeout(PATIENCE_S):
            await watching
        say("", f"{JUDGE.name} 收到办结提示")

    async def _wait_for_prompt(self, judge: Client) -> None:
        async for change in judge.instructions.watch(0):
            if change.entry is not None and change.entry.kind == "Completed":
                return

    async def judge_confirms_while_gusu_is_down(self) -> None:
        """Gusu's node is killed; the judge confirms; Gusu learns of it when it is back."""
        ask({"do": "kill", "who": GUSU})
        say("五、姑苏节点被强行断电（kill -9）", f"{JUDGE.name} 查看结果并确认办结")
        judge = self.clients[JUDGE.login]
        result = await judge.instructions.get(self.matter)
        for outcome in result.outcomes:
            say("", f"办理项 {outcome.number}：{Outcome(outcome.outcome).zh}　{outcome.note}")
        require(result.summary is not None, result)
        await judge.instructions.confirm(
            self.matter, "结果已收悉", base_event_id=result.summary.last_event_id
        )
        await self._until(judge, "CONFIRMED", settled=True)
        ask({"do": "start", "who": GUSU})
        await self._until(self.clients[DISPATCHER.login], "CONFIRMED", settled=True)
        say("", "姑苏节点恢复后自动补齐：事项已确认办结")

    # --- Afterwards --------------------------------------------------------------------------------------------------

    async def everything_is_checked(self) -> None:
        """The timeline; receipts checked offline; three copies against each other; nothing lost."""
        judge = self.clients[JUDGE.login]
        timeline = await judge.instructions.timeline(self.matter)
        say("六、办理轨迹", "")
        tell_timeline(timeline)
        copies = {
            "园区法院": await judge.instructions.history(self.matter),
            "姑苏法院": await self.clients[DISPATCHER.login].instructions.history(self.matter),
            "枢纽": await self.clients[SUPERVISOR.login].supervision.history(
                self.matter, purpose="核对演示事项"
            ),
        }
        differences = compare_copies(copies)
        require(not differences, differences)
        say("七、核验", f"三方所存 {len(copies['枢纽'])} 项记录逐字节一致，序号连续、首尾相接")
        size = await self._verify_receipts(judge)
        say("", f"存证回执全部离线核验通过（平台日志长度 {size}）")
        require([entry.kind for entry in timeline] == [*_EXPECTED], timeline)
        documents = (await judge.instructions.get(self.matter)).documents
        require(len(documents) == _DOCUMENTS, documents)
        say("", f"两次断电，没有丢失：{len(_EXPECTED)} 个步骤、{_DOCUMENTS} 份文书俱在")

    async def _verify_receipts(self, judge: Client) -> int:
        pinned = self._endpoints["nodes"][PARK]
        size = 0
        for entry in await judge.instructions.timeline(self.matter):
            receipt = await judge.evidence.receipt(entry.event_id)
            verified = verify_receipt(receipt, pinned["origin"], pinned["log_vkey"])
            require(verified.header.id == entry.event_id and verified.ruling.accepted, entry)
            size = max(size, verified.checkpoint_size)
        return size

    async def _until(self, client: Client, state: str, *, settled: bool = False) -> None:
        """Wait until the matter is in *state* for this client, and, if asked, ruled on."""
        async with asyncio.timeout(PATIENCE_S):
            async for change in client.instructions.watch(0):
                matter = change.instruction
                if matter is None or matter.instruction_id != self.matter or matter.state != state:
                    continue
                if not settled or "PENDING" not in matter.marks:
                    return


_RESULT = "已找到被执行人并制作笔录；查明车辆一辆、数控机床一台；演示新村九幢房屋因无人在场未能勘查。"
_EXPECTED = ("Issued", "Delivered", "Signed", "Assigned", "ProgressReported", "Completed", "Confirmed")
_DOCUMENTS = 5


def _findings(record: Document, car: Document, machine: Document) -> tuple[ItemOutcome, ...]:
    """A person seen, two assets."""
    now = datetime.now(UTC)
    seen = PersonFinding(
        subject_number=1,
        seen=True,
        seen_at=now,
        place="苏州市姑苏区演示路一号",
        identity_check="核对居民身份证并当面拍照",
        statement="承认债务，愿意分期履行",
    )
    vehicle = Property(
        category="VEHICLE",
        description="小型轿车一辆",
        place="演示路一号院内",
        vehicle=Vehicle(plate="演示A00000", plate_kind="小型汽车", model="演示牌"),
    )
    lathe = Property(
        category="OTHER_MOVABLE", description="数控机床一台", place="演示机械加工厂", value_fen=6_000_000
    )
    return (
        ItemOutcome(
            number=1,
            outcome="DONE",
            done_at=now,
            officers=(SPECIALIST.officer,),
            note="已当面核对身份，制作执行笔录",
            findings=(Finding(person=seen, source="现场"),),
            document_sha256s=(record.sha256,),
        ),
        ItemOutcome(
            number=2,
            outcome="DONE",
            done_at=now,
            officers=(SPECIALIST.officer,),
            note="查明车辆一辆、机床一台",
            findings=(Finding(property=vehicle, source="现场"), Finding(property=lathe, source="现场")),
            document_sha256s=(car.sha256, machine.sha256),
        ),
    )


def _not_done() -> ItemOutcome:
    return ItemOutcome(number=3, outcome="NOT_DONE", reason="PERSON_LEFT", note="现场无人，未能进入勘查")


def require(holds: bool, found: object) -> None:
    """Stop the story if something is not as it has to be; the demo is a test as well."""
    if not holds:
        raise SystemExit(f"演示未达到预期：{found}")


def ask(wish: dict[str, Any]) -> None:
    """Ask the stage for something and wait until it is done."""
    print(json.dumps(wish, ensure_ascii=False), flush=True)
    sys.stdin.readline()


async def main(endpoints: dict[str, Any]) -> None:
    """Play the story on the stage that *endpoints* describe."""
    async with AsyncExitStack() as stack:
        await Story(endpoints, stack).play()


if __name__ == "__main__":
    asyncio.run(main(json.loads(Path(sys.argv[1]).read_text("utf-8"))))
