"""What the hub's people see of a matter before they decide, and the register of their calls."""

from collections.abc import AsyncIterator
from pathlib import Path

import grpc
import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from sqlalchemy import select
from tests.integration.hub.told import refusal
from tests.integration.node.pair import new_id
from tests.integration.node.trio import Trio, open_trio

from xiezhi.v1 import (
    court_pb2,
    instruction_pb2,
    order_service_pb2,
    request_desk_service_pb2,
    urge_service_pb2,
)
from xiezhi.v1 import superior_service_pb2 as pb
from xiezhi.v1.order_service_pb2_grpc import OrderServiceStub
from xiezhi.v1.request_desk_service_pb2_grpc import RequestDeskServiceStub
from xiezhi.v1.superior_service_pb2_grpc import SuperiorServiceStub
from xiezhi.v1.urge_service_pb2_grpc import UrgeServiceStub
from xiezhi_desk.terms import ACTIONS
from xiezhi_domain.errors import Reason
from xiezhi_domain.terms import Action, EventKind
from xiezhi_journal import tables

OFFICER = court_pb2.Officer(name="吴某演", phone="0512-00000002")


@pytest.fixture
async def trio(journal_url: str, tmp_path: Path) -> AsyncIterator[Trio]:
    urls = [journal_url, f"sqlite:///{tmp_path / 'sender.db'}", f"sqlite:///{tmp_path / 'receiver.db'}"]
    async with open_trio(urls, tmp_path) as trio:
        yield trio


def superior(trio: Trio, name: str) -> SuperiorServiceStub:
    return trio.desk.stub(SuperiorServiceStub, name)


async def offered(trio: Trio, name: str, instruction: str) -> dict[Action, instruction_pb2.ActionOffer]:
    answer = await superior(trio, name).GetMatter(pb.GetMatterRequest(instruction_id=instruction))
    return {ACTIONS.from_proto(each.action, "action"): each for each in answer.matter.actions}


async def called(trio: Trio, instruction: str, text: str) -> None:
    request = pb.LogSupervisorCallRequest(
        request_id=new_id(trio.clock),
        instruction_id=instruction,
        called_at=Timestamp(seconds=trio.clock() // 1000),
        promise_at=Timestamp(seconds=trio.clock() // 1000 + 86_400),
        counterpart=OFFICER,
        text=text,
    )
    await superior(trio, "officer").LogSupervisorCall(request)


async def test_what_may_be_done_depends_on_role_and_state(trio: Trio) -> None:
    instruction = await trio.issued()
    officer, leader = (
        await offered(trio, "officer", instruction),
        await offered(trio, "leader", instruction),
    )
    assert officer[Action.REROUTE].allowed
    assert leader[Action.REROUTE].why_not == Reason.WRONG_ROLE.zh
    assert not officer[Action.RULE_ON_COMPLAINT].allowed
    assert officer[Action.RULE_ON_COMPLAINT].why_not
    assert Action.SIGN not in officer


async def test_the_timeline_is_without_words_until_a_look_is_recorded(trio: Trio) -> None:
    instruction = await trio.issued()
    await called(trio, instruction, "请今日签收")
    desk = superior(trio, "supervisor")
    found = await desk.GetMatter(pb.GetMatterRequest(instruction_id=instruction))
    assert [each.kind for each in found.timeline][-1] == EventKind.CALL_LOGGED
    assert not any(each.text or each.actor for each in found.timeline)
    assert found.matter.summary.last_event_id == found.timeline[-1].event_id
    read = await desk.ReadMatter(pb.ReadMatterRequest(instruction_id=instruction, purpose="核实催办"))
    assert "请今日签收" in read.timeline[-1].text
    assert OFFICER.name in read.timeline[-1].text
    code, *_ = await refusal(desk.ReadMatter(pb.ReadMatterRequest(instruction_id=instruction)))
    assert code is grpc.StatusCode.INVALID_ARGUMENT
    code, *_ = await refusal(
        superior(trio, "statistician").ReadMatter(
            pb.ReadMatterRequest(instruction_id=instruction, purpose="x")
        )
    )
    assert code is grpc.StatusCode.PERMISSION_DENIED


async def test_calls_are_listed_newest_first_by_pages(trio: Trio) -> None:
    instruction = await trio.issued()
    for text in ("第一次", "第二次"):
        await called(trio, instruction, text)
    desk, purpose = superior(trio, "supervisor"), "核对承诺"
    first = await desk.ListSupervisorCalls(pb.ListSupervisorCallsRequest(page_size=1, purpose=purpose))
    assert [each.text for each in first.calls] == ["第二次"]
    assert first.calls[0].instruction.instruction_id == instruction
    assert first.calls[0].promise_at.seconds - first.calls[0].called_at.seconds == 86_400
    following = pb.ListSupervisorCallsRequest(page_token=first.next_page_token, purpose=purpose)
    rest = await desk.ListSupervisorCalls(following)
    assert [each.text for each in rest.calls] == ["第一次"]
    assert not rest.next_page_token


async def test_the_register_of_calls_is_read_for_a_purpose_and_on_record(trio: Trio) -> None:
    matters = [await trio.issued(), await trio.issued()]
    for instruction in (*matters, matters[0]):
        await called(trio, instruction, "请今日签收")
    desk = superior(trio, "supervisor")
    for purpose in ("", "  "):
        call = desk.ListSupervisorCalls(pb.ListSupervisorCallsRequest(purpose=purpose))
        assert await refusal(call) == (grpc.StatusCode.INVALID_ARGUMENT, Reason.INVALID_FIELD, ["purpose"])
    wrong = pb.ListSupervisorCallsRequest(page_token="x", purpose="核对承诺")
    assert (await refusal(desk.ListSupervisorCalls(wrong)))[0] is grpc.StatusCode.INVALID_ARGUMENT
    assert await looks(trio) == []
    found = await desk.ListSupervisorCalls(pb.ListSupervisorCallsRequest(purpose=" 核对承诺 "))
    assert len(found.calls) == 3
    looked = ("hub-supervisor", "ListSupervisorCalls", "核对承诺")
    assert await looks(trio) == [(*looked, matters[0]), (*looked, matters[1])]


async def looks(trio: Trio) -> list[tuple[str, ...]]:
    row = tables.access.c
    query = select(row.account, row.method, row.purpose, row.object).order_by(row.id)
    found = await trio.hub.journal.read(lambda connection: connection.execute(query).all())
    return [tuple(each) for each in found]


async def test_urges_orders_and_requests_are_read_for_a_purpose_alone(trio: Trio) -> None:
    matter = await trio.issued()
    urges, orders, requests = (
        trio.desk.stub(UrgeServiceStub, "supervisor"),
        trio.desk.stub(OrderServiceStub, "supervisor"),
        trio.desk.stub(RequestDeskServiceStub, "supervisor"),
    )
    for why in ("", "  "):
        for call in (
            urges.GetUrge(urge_service_pb2.GetUrgeRequest(instruction_id=matter, purpose=why)),
            orders.GetOrder(order_service_pb2.GetOrderRequest(instruction_id=matter, purpose=why)),
            requests.GetRequest(
                request_desk_service_pb2.GetRequestRequest(instruction_id=matter, purpose=why)
            ),
        ):
            assert await refusal(call) == (
                grpc.StatusCode.INVALID_ARGUMENT,
                Reason.INVALID_FIELD,
                ["purpose"],
            )
    assert await looks(trio) == []
