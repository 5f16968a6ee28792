"""Registries act on accepted orders alone, once; rank, expiry and 回执 become the outcome; hits are never lost."""

import asyncio
from pathlib import Path
from typing import Any

from tests.integration.desk.desk import refusal
from tests.integration.node.delegations import seal_house
from tests.integration.node.pair import new_id
from tests.integration.registries.stand import Stand, open_stand, seal_car, simulator

from xiezhi.v1 import instruction_service_pb2 as matters
from xiezhi.v1 import item_pb2, property_pb2, registry_pb2
from xiezhi.v1 import registry_connector_pb2 as connector_pb
from xiezhi_adapters.registry_sim.behaviour import Behaviour, ControlConduct, WatchConduct
from xiezhi_journal import tables

PARKING = property_pb2.Property(
    category=property_pb2.PROPERTY_CATEGORY_HOUSE,
    description="演示新村九幢房屋",
    immovable=property_pb2.Immovable(certificate="演示权证1号", location="演示新村九幢"),
)


async def outcomes(stand: Stand, identifier: str) -> list[item_pb2.ItemOutcome]:
    """What the sender has been told."""
    await stand.pair.exchange()
    request = matters.GetInstructionRequest(instruction_id=identifier)
    return list((await stand.pair.sender.as_("judge").matters.GetInstruction(request)).instruction.outcomes)


def acts(stand: Stand) -> list[Any]:
    journal = stand.pair.receiver.node.journal
    return journal.read_now(lambda connection: connection.execute(tables.registry_act.select()).all())


async def test_a_seal_is_made_once_and_reported_with_rank_expiry_and_receipt(stand: Stand) -> None:
    identifier = await stand.sealing(seal_car())
    told = await stand.control(identifier)
    assert told.act.response.done
    assert (told.act.response.rank, told.act.response.expires_on) == (1, "2027-12-31")
    again = await stand.control(identifier)
    assert again.act == told.act
    assert again.receipt.event_id == told.receipt.event_id
    [row] = acts(stand)
    assert (row.state, row.event_id) == ("DONE", told.receipt.event_id)
    [outcome] = await outcomes(stand, identifier)
    assert outcome.outcome == item_pb2.OUTCOME_DONE
    assert (outcome.rank_obtained, outcome.expires_on) == ("首封", "2027-12-31")
    assert told.act.response.receipt_number in outcome.note


async def test_behind_others_it_waits_and_says_so(stand: Stand) -> None:
    identifier = await stand.sealing(seal_house(100_000, property=PARKING))
    told = await stand.control(identifier)
    assert told.act.response.kind == registry_pb2.SEIZURE_KIND_WAITING
    assert [seizure.rank for seizure in told.act.response.seizures] == [1, 2]
    [outcome] = await outcomes(stand, identifier)
    assert outcome.outcome == item_pb2.OUTCOME_UNSPECIFIED  # who occupies the house is for the officer to say
    assert outcome.act_done == item_pb2.ACT_WAITING_SEIZURE
    assert outcome.rank_obtained == "轮候第 1 位"
    assert outcome.deviation


async def test_a_seizure_in_advance_takes_the_place_of_a_seal(stand: Stand) -> None:
    identifier = await stand.sealing(seal_car())
    told = await stand.control(identifier, action=connector_pb.CONTROL_ACTION_SEAL_IN_ADVANCE)
    assert told.act.response.kind == registry_pb2.SEIZURE_KIND_IN_ADVANCE
    sealed = await stand.control(identifier)
    assert sealed.act.request_number == told.act.request_number
    assert len(acts(stand)) == 1


async def test_the_same_item_with_another_content_is_refused_and_nothing_is_done(stand: Stand) -> None:
    identifier = await stand.sealing(seal_car())
    told = await stand.control(identifier, action=connector_pb.CONTROL_ACTION_SEAL)
    again = await stand.control(identifier, name="centre", action=connector_pb.CONTROL_ACTION_SEAL)
    assert (again.act, again.receipt.event_id) == (told.act, told.receipt.event_id)
    for other in ({"action": connector_pb.CONTROL_ACTION_SEAL_IN_ADVANCE}, {"region": "320509"}):
        refused = await refusal(stand.control(identifier, **other))
        assert refused.reason == "REQUEST_ID_REUSED"
        assert "不能再以其他内容提交" in refused.message
    assert len(acts(stand)) == 1


async def test_the_register_is_asked_as_often_as_wanted_and_changes_nothing(stand: Stand) -> None:
    identifier = await stand.sealing(seal_house(100_000, property=PARKING))
    for _ in range(2):
        told = await stand.control(identifier, action=connector_pb.CONTROL_ACTION_QUERY)
        assert [seizure.court for seizure in told.act.response.seizures] == ["演示市演示区人民法院"]
        assert not told.HasField("receipt")
    assert await outcomes(stand, identifier) == []


async def test_nothing_is_done_before_the_hub_has_accepted(stand: Stand) -> None:
    pair = stand.pair
    identifier = await stand.sealing(seal_car())
    other = await stand.sealing(seal_car())
    hand_back = matters.HandBackRequest(
        request_id=new_id(pair.clock), instruction_id=other, reason="请另行分派"
    )
    await pair.receiver.as_("field").matters.HandBack(hand_back)
    await pair.exchange()
    assign = matters.AssignInstructionRequest(
        request_id=new_id(pair.clock),
        instruction_id=other,
        assignee_account_id=pair.receiver.account("field"),
    )
    await pair.receiver.as_("centre").matters.AssignInstruction(assign)
    assert (await refusal(stand.control(other))).reason == "NOT_ACCEPTED"
    assert acts(stand) == []
    await pair.exchange()
    assert (await stand.control(other)).act.response.done
    assert (await stand.control(identifier)).act.response.rank == 2


async def test_what_was_not_ordered_is_not_done(stand: Stand) -> None:
    identifier = await stand.sealing(seal_car())
    told = await refusal(stand.control(identifier, action=connector_pb.CONTROL_ACTION_RELEASE))
    assert told.reason == "FORBIDDEN"
    assert (await refusal(stand.control(identifier, name="other_field"))).reason == "UNKNOWN_INSTRUCTION"


async def test_a_renewal_after_expiry_is_refused(stand: Stand) -> None:
    earlier = item_pb2.EarlierMeasure(
        case_number="（2026）苏0505执1234号", document="原裁定", request_number="1", expires_on="2026-02-01"
    )
    item = seal_car(act=item_pb2.ACT_EXTEND_SEAL, earlier=earlier)
    identifier = await stand.sealing(item)
    stand.pair.clock.now += 60 * 86_400_000
    told = await refusal(stand.control(identifier))
    assert told.reason == "TOO_LATE"
    assert "第485条" in told.message
    assert acts(stand) == []


async def test_a_lost_answer_is_asked_for_again_with_its_number(urls: list[str], tmp_path: Path) -> None:
    behaviour = Behaviour(control=ControlConduct(lose_first=3))
    async with simulator(tmp_path / "tls", behaviour) as connector, open_stand(urls, connector) as stand:
        identifier = await stand.sealing(seal_car())
        assert (await refusal(stand.control(identifier))).reason == "REGISTRY_AWAY"
        [row] = acts(stand)
        assert row.state == "ASKED"
        told = await stand.control(identifier)
        assert (told.act.request_number, told.act.response.rank) == (row.request_number, 1)
        assert len(told.act.response.seizures) == 1


async def test_a_person_seen_is_told_once_and_from_the_cursor_on(urls: list[str], tmp_path: Path) -> None:
    behaviour = Behaviour(watch=WatchConduct(seen_after_ms=0, copies=3, strangers=True))
    async with simulator(tmp_path / "tls", behaviour) as connector, open_stand(urls, connector) as stand:
        identifier = await stand.asked()
        told = await stand.control(identifier, item_number=2)
        assert told.act.action == connector_pb.CONTROL_ACTION_WATCH
        assert told.receipt.event_id
        watching = asyncio.create_task(stand.desk.watch())
        hit = await _first(stand, after=0)
        assert (hit.item_number, hit.instruction_id, hit.hit.place) == (2, identifier, "演示火车站")
        other = await stand.asked(subjects=(1,))
        await stand.control(other, item_number=2)
        second = await _first(stand, after=hit.cursor)
        assert second.instruction_id == other
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
        # Begun anew, it goes on where it was and takes nothing twice.
        watching = asyncio.create_task(stand.desk.watch())
        third = await stand.asked(subjects=(1,))
        await stand.control(third, item_number=2)
        assert (await _first(stand, after=second.cursor)).instruction_id == third
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
        journal = stand.pair.receiver.node.journal
        rows = journal.read_now(lambda connection: connection.execute(tables.registry_hit.select()).all())
        assert len(rows) == 3
        assert not any(b"411000188002290019" in row.content for row in rows)


async def test_after_the_watch_has_ended_nobody_is_told(urls: list[str], tmp_path: Path) -> None:
    behaviour = Behaviour(watch=WatchConduct(seen_after_ms=0))
    async with simulator(tmp_path / "tls", behaviour) as connector, open_stand(urls, connector) as stand:
        ended = await stand.asked()
        await stand.control(ended, item_number=2)
        told = await stand.control(ended, item_number=2, action=connector_pb.CONTROL_ACTION_UNWATCH)
        assert told.act.response.done
        other = await stand.asked(subjects=(1,))
        await stand.control(other, item_number=2)
        watching = asyncio.create_task(stand.desk.watch())
        assert (await _first(stand, after=0)).instruction_id == other
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)


async def _first(stand: Stand, **wanted: Any) -> Any:
    async with asyncio.timeout(20):
        async for told in stand.watched(**wanted):
            return told
    raise AssertionError("the stream does not end")
