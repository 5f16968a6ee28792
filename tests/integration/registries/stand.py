"""A receiving court with a registry beside it: real journals, the real simulator over mTLS on loopback."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import grpc
from tests.integration.journal.scene import RECEIVER
from tests.integration.node.delegations import delegation, draft, put_case, seal_house
from tests.integration.node.pair import Court, Pair, a_case, new_id, open_pair

from xiezhi.v1 import case_service_pb2, find_service_pb2, item_pb2, property_pb2
from xiezhi.v1 import query_service_pb2 as pb
from xiezhi.v1.query_service_pb2_grpc import QueryServiceStub, add_QueryServiceServicer_to_server
from xiezhi.v1.registry_connector_pb2_grpc import (
    RegistryConnectorServicer,
    add_RegistryConnectorServicer_to_server,
)
from xiezhi_adapters.registry_sim.behaviour import Behaviour
from xiezhi_adapters.registry_sim.program import SimulatorSettings, make_certificates, simulator_listener
from xiezhi_domain.registries import read_categories
from xiezhi_domain.terms import PaperType
from xiezhi_node.registries.asking import Again
from xiezhi_node.registries.connector import Tries
from xiezhi_node.registries.desk import RegistryDesk
from xiezhi_node.registries.service import QueryService
from xiezhi_node.registries.settings import ConnectorTable, RegistrySettings
from xiezhi_wire.streams import LiveStreams
from xiezhi_wire.tls import ServerMaterial, server_credentials

REGION = "320508"
QUICK = Tries(attempts=2, first_pause_s=0.01)
SEAL_PAPERS = (
    PaperType.ENTRUSTMENT_LETTER,
    PaperType.RULING,
    PaperType.ENFORCEMENT_NOTICE,
    PaperType.WORK_CARD,
    PaperType.ENFORCEMENT_CARD,
)
CAR = property_pb2.Property(
    category=property_pb2.PROPERTY_CATEGORY_VEHICLE,
    description="小型轿车一辆",
    vehicle=property_pb2.Vehicle(
        plate="演示A00000", plate_kind="小型汽车", vin="XXX00000000000001", registry="演示车辆管理所"
    ),
)


@dataclass
class Stand:
    """The pair, and the desk with registries at the receiver."""

    pair: Pair
    settings: RegistrySettings
    again: Again = field(default_factory=Again)
    desk: RegistryDesk | None = None

    def stub(self, name: str = "field") -> QueryServiceStub:
        return self.pair.receiver.stub(QueryServiceStub, name)

    async def run(self, identifier: str, **changes: Any) -> list[pb.RunQueryResponse]:
        """One click to its end."""
        return [told async for told in self.stub().RunQuery(self.click(identifier, **changes))]

    def click(self, identifier: str, **changes: Any) -> pb.RunQueryRequest:
        fields = {"request_id": new_id(self.pair.clock), "instruction_id": identifier, "item_number": 1}
        return pb.RunQueryRequest(**(fields | changes))

    async def get(self, query_id: str, name: str = "field") -> pb.RegistryQuery:
        return (await self.stub(name).GetQuery(pb.GetQueryRequest(query_id=query_id))).query

    async def control(self, identifier: str, name: str = "field", **changes: Any) -> pb.ControlItemResponse:
        fields = {"request_id": new_id(self.pair.clock), "instruction_id": identifier, "item_number": 1}
        return await self.stub(name).ControlItem(pb.ControlItemRequest(**(fields | changes)))

    async def asked(self, identifier: str = "", *, subjects: tuple[int, ...] = (1, 2, 3)) -> str:
        """A find matter that is worked on at the receiver: query the first subject, look for him."""
        pair, identifier = self.pair, identifier or new_id(self.pair.clock)
        case = a_case()
        case.subjects[2].role_ground = "作为线索"
        request = case_service_pb2.PutCaseRequest(request_id=new_id(pair.clock), case_file=case)
        await pair.sender.as_("judge").cases.PutCase(request)
        papers = PaperType.ENTRUSTMENT_LETTER, PaperType.QUERY_NOTICE
        documents = [
            await pair.sender.has_document(identifier, f"{paper}{identifier}", paper) for paper in papers
        ]
        order = find_service_pb2.FindOrder(
            case_number=case.case_number,
            receiver=RECEIVER,
            subject_numbers=subjects,
            items=[
                item_pb2.Item(
                    number=1,
                    act=item_pb2.ACT_QUERY,
                    subject_number=1,
                    scope="查询登记",
                    clue="本地登记",
                    assisting_body=item_pb2.AssistingBody(
                        name="演示登记中心", category="登记机关", address="演示路三号", phone="0512-00000002"
                    ),
                    network_query=item_pb2.NetworkQuery(queried_on="2026-01-01", result="未反馈"),
                    property=property_pb2.Property(
                        category=property_pb2.PROPERTY_CATEGORY_HOUSE, description="房屋"
                    ),
                ),
                item_pb2.Item(
                    number=2,
                    act=item_pb2.ACT_LOCATE_PERSON,
                    subject_number=1,
                    scope="查找下落",
                    clue="演示路",
                ),
            ],
            documents=documents,
            request_text="请协助查询",
            why_not_query="需要本地登记",
        )
        draft_request = find_service_pb2.DraftFindRequest(
            request_id=new_id(pair.clock), instruction_id=identifier, order=order
        )
        answer = await pair.sender.as_("judge").finds.DraftFind(draft_request)
        assert not answer.missing_papers, answer
        await pair.send(identifier)
        await pair.assigned(identifier)
        return identifier

    async def sealing(self, *items: item_pb2.Item) -> str:
        """A delegation that seals, worked on at the receiver."""
        await put_case(self.pair)
        order = delegation(*items, kind="ENTRUST_REGISTRABLE")
        papers = SEAL_PAPERS
        if any(item.HasField("earlier") for item in items):
            papers = (*papers, PaperType.RELEASE_RULING, PaperType.RELEASE_NOTICE, PaperType.ORIGINAL_PAPERS)
        answer = await draft(self.pair, order, papers)
        assert not answer.missing_papers, answer
        await self.pair.send(answer.receipt.instruction_id)
        await self.pair.assigned(answer.receipt.instruction_id)
        return answer.receipt.instruction_id

    async def watched(self, after: int = 0, name: str = "field", **changes: Any) -> AsyncIterator[Any]:
        request = pb.WatchHitsRequest(after=after, **changes)
        async for told in self.stub(name).WatchHits(request):
            yield told


def seal_car(fen: int = 100_000, **changes: Any) -> item_pb2.Item:
    return seal_house(fen, property=CAR, expires_on="2027-12-31", **changes)


@asynccontextmanager
async def simulator(folder: Path, behaviour: Behaviour | None = None) -> AsyncIterator[ConnectorTable]:
    """The simulator in this process, with everything that it is as a program."""
    if not folder.exists():
        make_certificates(folder, ("127.0.0.1",), RECEIVER, time.time_ns() // 1_000_000)
    settings = SimulatorSettings("127.0.0.1:0", folder, behaviour or Behaviour(), folder.with_suffix(".json"))
    listener = simulator_listener(settings, LiveStreams())
    await listener.start()
    try:
        yield table(folder, listener.address)
    finally:
        await listener.stop(0)


@asynccontextmanager
async def foreign(folder: Path, servicer: RegistryConnectorServicer) -> AsyncIterator[ConnectorTable]:
    """A connector that is not ours, over the same mTLS."""
    make_certificates(folder, ("127.0.0.1",), RECEIVER, time.time_ns() // 1_000_000)
    server = grpc.aio.server()
    add_RegistryConnectorServicer_to_server(servicer, server)
    material = ServerMaterial(folder / "chain.pem", folder / "key.pem", folder / "ca.pem")
    credentials = server_credentials(material, require_client=True)
    port = server.add_secure_port("127.0.0.1:0", credentials)
    await server.start()
    try:
        yield table(folder, f"127.0.0.1:{port}")
    finally:
        await server.stop(0)


def table(folder: Path, address: str, **changes: Any) -> ConnectorTable:
    fields = {
        "name": "模拟登记机构",
        "address": address,
        "authority": folder / "ca.pem",
        "certificate": folder / "node" / "chain.pem",
        "key": folder / "node" / "key.pem",
        "controls": True,
        "watch": True,
    }
    return ConnectorTable(**(fields | changes))


@asynccontextmanager
async def open_stand(
    urls: list[str],
    *connectors: ConnectorTable,
    again: Again | None = None,
    timeout_s: float = 5.0,
    more: Callable[[Court, grpc.aio.Server], None] | None = None,
) -> AsyncIterator[Stand]:
    """The stand on three databases: hub, sender, receiver; every category may take *timeout_s*.

    *more* adds services that only some stories need.
    """
    shipped = read_categories({})
    categories = read_categories({code: {"timeout_s": timeout_s} for code in shipped})
    settings = RegistrySettings(REGION, {each.name: each for each in connectors}, categories)
    holder: dict[str, Stand] = {}
    registries = partial(_add, settings=settings, again=again or Again(), holder=holder)

    def add(court: Court, server: grpc.aio.Server) -> None:
        registries(court, server)
        if more is not None:
            more(court, server)

    async with AsyncExitStack() as stack:
        pair = await stack.enter_async_context(open_pair(urls, more=add))
        stand = Stand(pair, settings, again or Again(), holder["desk"])
        stack.push_async_callback(stand.desk.close)
        yield stand


def _add(
    court: Court, server: grpc.aio.Server, *, settings: RegistrySettings, again: Again, holder: dict[str, Any]
) -> None:
    if court.code == RECEIVER:
        journal, seat = court.node.journal, court.node.seat
        desk = holder["desk"] = RegistryDesk.around(journal, seat, settings, court.commits, QUICK, again)
        service = QueryService(journal, seat, desk, court.commits)
        add_QueryServiceServicer_to_server(service, server)
