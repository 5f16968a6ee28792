"""Registries that die, answer twice, answer garbage, or answer about somebody else."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from tests.integration.node.remedies import take
from tests.integration.registries.stand import Stand, foreign, open_stand, simulator

from xiezhi.v1 import query_service_pb2 as pb
from xiezhi.v1 import registry_connector_pb2 as connector_pb
from xiezhi.v1 import registry_pb2
from xiezhi.v1.registry_connector_pb2_grpc import RegistryConnectorServicer
from xiezhi_adapters.registry_sim.behaviour import Behaviour, Conduct, Manner
from xiezhi_domain.terms import AnswerState
from xiezhi_node.registries.asking import Again

SOON = Again(pauses_ms=(1_000, 1_000))


def states(query: pb.RegistryQuery) -> dict[str, str]:
    names = registry_pb2.AnswerState.Name
    return {answer.category: names(answer.state).removeprefix("ANSWER_STATE_") for answer in query.answers}


async def asked_once(stand: Stand, **changes: Any) -> pb.RegistryQuery:
    told = await stand.run(await stand.asked(), **changes)
    return await stand.get(told[0].query.query_id)


async def test_some_are_down_and_the_others_are_shown(urls: list[str], tmp_path: Path) -> None:
    behaviour = Behaviour(
        category={
            "BANK": Conduct(down=True),
            "TAX": Conduct(manner=Manner.REFUSE),
            "VEHICLE": Conduct(manner=Manner.TWICE),
            "MARRIAGE": Conduct(manner=Manner.OTHER_PERSON),
            "HOUSEHOLD": Conduct(manner=Manner.GARBAGE),
            "UTILITIES": Conduct(manner=Manner.OTHER_QUESTION),
            "IMMOVABLE": Conduct(manner=Manner.BREAK),
            "ENTERPRISE": Conduct(fail_first=1),
        }
    )
    async with simulator(tmp_path / "tls", behaviour) as connector, open_stand(urls, connector) as stand:
        query = await asked_once(stand)
    found = states(query)
    assert (found["BANK"], found["TAX"], found["VEHICLE"]) == ("AWAY", "REFUSED", "FOUND")
    assert found["MARRIAGE"] == found["HOUSEHOLD"] == found["UTILITIES"] == "MISMATCHED"
    assert (found["IMMOVABLE"], found["ENTERPRISE"], found["INSURANCE"]) == ("PARTIAL", "FOUND", "NOTHING")
    answers = {answer.category: answer for answer in query.answers}
    assert len(answers["VEHICLE"].records) == len(answers["IMMOVABLE"].records) == 1
    assert not answers["MARRIAGE"].records
    assert "411000188002290019" not in str(query)
    assert answers["TAX"].problem == "协助查询通知书未加盖公章，退回补正"
    assert answers["BANK"].HasField("next_at")


async def test_what_was_away_is_asked_again_and_given_up_in_the_end(urls: list[str], tmp_path: Path) -> None:
    # Two tries at each time: BANK is there at the second time, TAX never.
    behaviour = Behaviour(category={"BANK": Conduct(fail_first=3), "TAX": Conduct(down=True)})
    async with (
        simulator(tmp_path / "tls", behaviour) as connector,
        open_stand(urls, connector, again=SOON) as stand,
    ):
        query = await asked_once(stand, categories=["BANK", "TAX"])
        assert states(query) == {"BANK": "AWAY", "TAX": "AWAY"}
        for expected in ({"BANK": "FOUND", "TAX": "AWAY"}, {"BANK": "FOUND", "TAX": "GIVEN_UP"}):
            stand.pair.clock.now += 120_000
            await stand.desk.asking.ask_due()
            await stand.desk.asking.settled()
            query = await stand.get(query.query_id)
            assert states(query) == expected
        assert not query.answers[1].HasField("next_at")


async def test_a_registry_that_died_in_the_middle_is_asked_again_when_it_is_back(
    urls: list[str], tmp_path: Path
) -> None:
    slow = Behaviour(default=Conduct(delay_ms=60_000))
    async with simulator(tmp_path / "tls", slow) as connector:
        port = connector.address.rpartition(":")[2]
        async with open_stand(urls, connector, again=SOON) as stand:
            click = stand.click(await stand.asked(), categories=["IMMOVABLE"])
            stream = stand.stub().RunQuery(click)
            told = await stream.read()
            await stand.desk.asking.stop()
            stream.cancel()
            # The node was stopped while it asked: the question is still there, on record, for the next start.
            query = await stand.get(told.query.query_id)
            assert states(query) == {"IMMOVABLE": "ASKED"}
            table = stand.desk.connectors[connector.name].table
            async with simulator(tmp_path / "tls") as again:
                assert again.address.rpartition(":")[2] != port
                stand.desk.connectors[connector.name].table = table.model_copy(
                    update={"address": again.address}
                )
                await stand.desk.connectors[connector.name].close()
                stand.desk.connectors[connector.name]._opened = None
                stand.pair.clock.now += 3_600_000
                await stand.desk.asking.ask_due()
                await stand.desk.asking.settled()
            assert states(await stand.get(told.query.query_id)) == {"IMMOVABLE": "FOUND"}


async def test_after_the_matter_has_ended_nobody_is_asked_again(urls: list[str], tmp_path: Path) -> None:
    behaviour = Behaviour(category={"BANK": Conduct(fail_first=2)})
    async with (
        simulator(tmp_path / "tls", behaviour) as connector,
        open_stand(urls, connector, again=SOON) as stand,
    ):
        identifier = await stand.asked()
        told = await stand.run(identifier, categories=["BANK"])
        pair = stand.pair
        await take(pair, pair.sender, "judge", "StopInstruction", identifier, reason="PAID", text="已履行")
        pair.clock.now += 120_000
        await stand.desk.asking.ask_due()
        await stand.desk.asking.settled()
        query = await stand.get(told[0].query.query_id)
        assert states(query) == {"BANK": "GIVEN_UP"}


async def test_a_registry_that_always_fails_is_left_in_peace(urls: list[str], tmp_path: Path) -> None:
    down = Behaviour(default=Conduct(down=True))
    async with simulator(tmp_path / "tls", down) as connector, open_stand(urls, connector) as stand:
        query = await asked_once(stand)
        assert set(states(query).values()) == {"AWAY"}
        listed = await stand.stub().ListCategories(pb.ListCategoriesRequest())
        assert all(category.resting for category in listed.categories)
        assert any("暂停查询" in answer.problem for answer in query.answers)


class Foreign(RegistryConnectorServicer):
    """Breaks with words that must not be told on, or says nothing for ever about TAX."""

    async def Query(self, request: Any, context: Any) -> AsyncIterator[Any]:  # noqa: N802  named by the contract
        if request.category == "TAX":
            await asyncio.sleep(600)
        yield connector_pb.RegistryConnectorQueryResponse(
            request_number=request.request_number, category=request.category
        )
        await context.abort(grpc.StatusCode.INTERNAL, "boom 320500189901010016")


async def test_a_time_out_and_an_internal_error_are_away_and_nothing_personal_is_said(
    urls: list[str], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    async with (
        foreign(tmp_path / "tls", Foreign()) as connector,
        open_stand(urls, connector, timeout_s=0.5) as stand,
    ):
        query = await asked_once(stand, categories=["BANK", "TAX"])
        assert states(query) == {"BANK": "AWAY", "TAX": "AWAY"}
        assert not any("320500189901010016" in answer.problem for answer in query.answers)
    said = capfd.readouterr()
    assert "registry" in said.out + said.err or "call" in said.out + said.err
    assert "320500189901010016" not in said.out + said.err
    assert "测试甲" not in said.out + said.err


class Breaking(RegistryConnectorServicer):
    """Tells one record and breaks off; then it is away for ever."""

    def __init__(self) -> None:
        self.calls = 0

    async def Query(self, request: Any, context: Any) -> AsyncIterator[Any]:  # noqa: N802  named by the contract
        self.calls += 1
        if self.calls == 1:
            fact = registry_pb2.RegistryFact(label="婚姻状况", value="已婚")
            record = registry_pb2.RegistryRecord(record_id="1", holder=request.subject, facts=[fact])
            yield connector_pb.RegistryConnectorQueryResponse(
                request_number=request.request_number, category=request.category, records=[record]
            )
        await context.abort(grpc.StatusCode.UNAVAILABLE, "away")


async def test_what_came_before_it_broke_off_is_kept_while_it_is_away(
    urls: list[str], tmp_path: Path
) -> None:
    async with (
        foreign(tmp_path / "tls", Breaking()) as connector,
        open_stand(urls, connector, again=SOON) as stand,
    ):
        query = await asked_once(stand, categories=["MARRIAGE"])
        for expected in ("PARTIAL", "PARTIAL", "GIVEN_UP"):
            assert states(query) == {"MARRIAGE": expected}
            assert query.answers[0].records[0].facts[0].value == "已婚"
            stand.pair.clock.now += 120_000
            await stand.desk.asking.ask_due()
            await stand.desk.asking.settled()
            query = await stand.get(query.query_id)


async def test_without_a_connector_it_says_so(urls: list[str]) -> None:
    async with open_stand(urls) as stand:
        identifier = await stand.asked()
        told = await stand.run(identifier)
        assert len(told) == 1
        assert set(states(told[0].query).values()) == {str(AnswerState.NOT_CONNECTED)}
