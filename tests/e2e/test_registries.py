"""One click at a court with a registry beside it: the simulator as a process of its own, over mTLS, by commands."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import grpc
import pytest
from tests.stage.company import Company
from tests.stage.people import CASE_NUMBER, CHIEF, DISPATCHER, GUSU, JUDGE, LETTER, NOTICE, SEALER, SPECIALIST
from tests.stage.plugin import Stage
from tests.stage.terminals import Terminals

from xiezhi.v1 import registry_connector_pb2 as pb
from xiezhi.v1.registry_connector_pb2_grpc import RegistryConnectorStub
from xiezhi_client.sdk import AssistingBody, FindOrder, Item, new_instruction_id

SLOW_MS, READY_S = 4_000, 60
pytestmark = pytest.mark.long
BODY = AssistingBody(name="演示登记中心", category="登记机关", address="演示路三号", phone="0512-00000002")


class Simulator:
    """The simulated registry as a process; it keeps its address and what it did when it is started again."""

    def __init__(self, stage: Stage, folder: Path) -> None:
        self._stage = stage
        self._pid = 0
        self.folder = folder
        self.address = "127.0.0.1:0"

    @property
    def tls(self) -> Path:
        return self.folder / "tls"

    async def set_up(self, behaviour: str) -> None:
        self.folder.mkdir()
        made = await self._stage.run("xiezhi-registry-sim", "certificate", self.tls, "--court", GUSU)
        assert made["code"] == 0, made["err"]
        (self.folder / "behaviour.toml").write_text(behaviour, "utf-8")

    async def start(self) -> None:
        announced = self.folder / "announced.json"
        announced.unlink(missing_ok=True)
        command = (
            *("xiezhi-registry-sim", "serve", "--certificates", self.tls, "--address", self.address),
            *("--behaviour", self.folder / "behaviour.toml", "--state", self.folder / "state.json"),
            *("--announce", announced),
        )
        self._pid = await self._stage.launch(*command, out=self.folder / "log.txt")
        async with asyncio.timeout(READY_S):
            while not announced.exists():
                await asyncio.sleep(0.05)
        self.address = json.loads(announced.read_text("utf-8"))["address"]

    async def kill(self) -> None:
        if self._pid:
            await self._stage.end(self._pid, kill=True)
            self._pid = 0

    def configuration(self) -> str:
        values = {
            "name": "模拟登记机构",
            "address": self.address,
            "authority": str(self.tls / "ca.pem"),
            "certificate": str(self.tls / "node" / "chain.pem"),
            "key": str(self.tls / "node" / "key.pem"),
            "regions": ["3205"],
            "controls": True,
            "watch": True,
            "at_once": 16,
        }
        lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in values.items()]
        return "\n".join(['region = "320508"', "[[connector]]", *lines, ""])


@pytest.fixture
async def simulator(stage: Stage, tmp_path: Path) -> AsyncIterator[Simulator]:
    """The simulator beside the node of Gusu: the bank takes its time, the tax office is down."""
    simulator = Simulator(stage, tmp_path / "registry")
    await simulator.set_up(
        f"[category.BANK]\ndelay_ms = {SLOW_MS}\n[category.TAX]\ndown = true\n[watch]\nseen_after_ms = 0\n"
    )
    await simulator.start()
    file = simulator.folder / "registries.toml"
    file.write_text(simulator.configuration(), "utf-8")
    config = stage.config(GUSU)
    before = config.read_text("utf-8")
    config.write_text(f"{before}registries_file = {json.dumps(str(file))}\n", "utf-8")
    await stage.stop(GUSU)
    await stage.start(GUSU)
    yield simulator
    await simulator.kill()
    config.write_text(before, "utf-8")


async def worked_on(company: Company) -> str:
    """A matter with a query and a person to look for, worked on at Gusu."""
    judge, matter = await company.client(JUDGE), new_instruction_id()
    papers = (
        await judge.documents.upload(matter, LETTER, "ENTRUSTMENT_LETTER"),
        await judge.documents.upload(matter, NOTICE, "QUERY_NOTICE"),
    )
    common = {"subject_number": 1, "clue": "邻居称其居住于演示路一号"}
    order = FindOrder(
        case_number=CASE_NUMBER,
        receiver=GUSU,
        subject_numbers=(1,),
        items=(
            Item(number=1, act="QUERY", scope="查询登记", assisting_body=BODY, **common),
            Item(number=2, act="LOCATE_PERSON", scope="查找下落", **common),
        ),
        documents=papers,
        request_text="请协助查询",
        why_not_query="需要本地登记",
    )
    draft = await judge.find.draft(order, matter)
    assert not draft.missing_papers, draft
    await judge.instructions.submit(matter)
    await (await company.client(CHIEF)).instructions.approve(matter, "同意")
    await (await company.client(SEALER)).instructions.affix_seal(matter)
    await company.until(DISPATCHER, matter, "AWAITING_SIGNATURE", settled=True)
    await company.assign(matter)
    await company.until(SPECIALIST, matter, "IN_PROGRESS", settled=True)
    return matter


async def test_one_click_by_command_and_a_person_seen(
    stage: Stage, company: Company, simulator: Simulator, tmp_path: Path
) -> None:
    matter = await worked_on(company)
    terminals = Terminals(stage, tmp_path)
    await terminals.log_in(SPECIALIST)
    ran = await terminals.run(SPECIALIST, "query", "run", matter, "--item", "1", "--report", "--json")
    lines = [json.loads(line) for line in ran["out"].splitlines()]
    arrived = [line["answer"]["category"] for line in lines if line.get("answer")]
    assert arrived[-1] == "BANK"  # it took its time; the others did not wait for it
    [query] = await terminals.json(SPECIALIST, "query", "list", matter)
    states = {answer["category"]: answer["state"] for answer in query["answers"]}
    assert (len(states), states["IMMOVABLE"], states["BANK"], states["TAX"]) == (13, "FOUND", "FOUND", "AWAY")
    people = await terminals.run(SPECIALIST, "query", "show", query["query_id"])
    assert "演示新村九幢房屋" in people["out"]
    acted = await terminals.json(SPECIALIST, "query", "act", matter, "--item", "2")
    assert acted["act"]["response"]["done"]
    hits = await terminals.run(SPECIALIST, "query", "hits", matter, "--after", "0", "--count", "1", "--json")
    hit = json.loads(hits["out"])
    assert (hit["instruction_id"], hit["hit"]["place"]) == (matter, "演示火车站")
    judge = await company.client(JUDGE)
    async with asyncio.timeout(READY_S):
        while not (outcomes := (await judge.instructions.get(matter)).outcomes):
            await asyncio.sleep(0.2)
    assert outcomes[0].findings[0].property.description == "演示新村九幢房屋"
    log = await stage.log(GUSU)
    assert "320500189901010016" not in log
    assert "张某演" not in log
    assert "320500189901010016" not in (simulator.folder / "log.txt").read_text("utf-8")


async def test_a_registry_killed_in_the_middle_holds_up_nothing(
    company: Company, simulator: Simulator
) -> None:
    matter = await worked_on(company)
    specialist = await company.client(SPECIALIST)
    states: dict[str, str] = {}
    async for told in specialist.queries.run(matter, 1, categories=("VEHICLE", "BANK")):
        answers = told.query.answers if told.query else (told.answer,)
        states |= {answer.category: answer.state for answer in answers}
        if states["VEHICLE"] == "FOUND" and states["BANK"] == "ASKED":
            await simulator.kill()
    assert states == {"VEHICLE": "FOUND", "BANK": "AWAY"}
    await simulator.start()
    async for told in specialist.queries.run(matter, 1, categories=("VEHICLE",)):
        answers = told.query.answers if told.query else (told.answer,)
        states |= {answer.category: answer.state for answer in answers}
    assert states["VEHICLE"] == "FOUND"


async def test_the_doctor_sees_it_and_without_a_certificate_nobody_is_let_in(
    stage: Stage, simulator: Simulator
) -> None:
    examined = await stage.run("xiezhi-node", "doctor", "--config", stage.config(GUSU))
    assert "可连接：模拟登记机构，提供 13 类查询" in examined["out"]
    credentials = grpc.ssl_channel_credentials((simulator.tls / "ca.pem").read_bytes())
    async with grpc.aio.secure_channel(simulator.address, credentials) as channel:
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await RegistryConnectorStub(channel).Describe(pb.RegistryConnectorDescribeRequest(), timeout=10)
    assert refused.value.code() is grpc.StatusCode.UNAVAILABLE
