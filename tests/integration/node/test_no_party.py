"""Every method that names a matter, called by every role it lets in, at a court that is no party to the matter.

The matter is real, accepted and in the log; the node is a real one of a real hub, which it asks where it asks it. What
is told is what is told of a matter that nobody has: whether there is one is not found out.
"""

import hashlib
import os
import tomllib
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from importlib import resources
from pathlib import Path
from typing import Any

import grpc
from google.protobuf.descriptor import MethodDescriptor
from google.rpc.status_pb2 import Status
from prometheus_client import CollectorRegistry
from tests.integration.hub.court import RECEIVER, SENDER, header_of, upload
from tests.integration.hub.stand import Serving, new_hub
from tests.integration.node.requests_about import Matter, about, names_a_matter
from tests.integration.node.test_joining import joined_node

from xiezhi.v1 import court_pb2
from xiezhi_desk.accounts import store as accounts
from xiezhi_desk.accounts.account import Account
from xiezhi_domain.events.ids import uuid7
from xiezhi_domain.terms import Role
from xiezhi_hub.listeners import link_services
from xiezhi_journal.journal import system_clock
from xiezhi_node.node import Node
from xiezhi_node.services import node_services
from xiezhi_wire.accounting import Accounting
from xiezhi_wire.call import Call
from xiezhi_wire.caller import Caller
from xiezhi_wire.errors import DETAILS_KEY
from xiezhi_wire.interceptors import ChainParts, standard_chain
from xiezhi_wire.limits import RateLimiter
from xiezhi_wire.listener import Service
from xiezhi_wire.policy import MethodPolicy
from xiezhi_wire.streams import LiveStreams

THIRD, FOURTH = "苏0505", "苏0506"
CONTENT = b"%PDF-1.7 test"
CALLERS = {
    str(at): Caller(f"a-{at}", "测试", THIRD, frozenset({role}), session_id=f"{at:02x}")
    for at, role in enumerate(Role)
}

REFUSED = {grpc.StatusCode.NOT_FOUND, grpc.StatusCode.PERMISSION_DENIED}
OF_ITS_OWN = {
    "BulletinService.ListDataObjections": "lists the own court's",
    "CaseService.ImportCase": "there is no case system here",
    "CaseService.PutCase": "enters a case of the own court",
    "CaseService.ShareDossier": "asks first whether the paper lies here",
    "CoordinationService.FileRequest": "asks first what is requested",
    "DelegationService.IssueDelegations": "answers row by row: the court has no such case",
    "DocumentService.StartUpload": "brings a paper for a matter that the own court will begin",
    "ExportService.ExportList": "lists the own court's",
    "FieldService.MakeFieldSheet": "asks first for two officers",
    "FindService.IssueFinds": "answers row by row: the court has no such case",
    "InstructionService.BatchAct": "answers matter by matter: there is none",
    "InstructionService.ListInstructions": "lists the own court's",
    "LeaveService.HandOver": "asks first for a reason",
    "OutsideService.ListOutside": "lists the own court's",
    "OutsideService.RecordOutsideStep": "is about matters outside the platform",
    "OutsideService.RegisterOutside": "is about matters outside the platform",
    "PaperService.MakeLetters": "answers case by case: the court has none",
}
"""Methods that end in another way; what is told is the same all the same."""
BEFORE_A_MATTER = {"StartUpload"}
"""A court brings papers before its matter exists: an id that nobody has is its own to begin, and cannot be guessed."""
SOMEBODY = next(caller.account_id for caller in CALLERS.values() if Role.FIELD_OFFICER in caller.roles)


def unknown() -> Matter:
    """A matter that nobody has."""
    now = system_clock()
    return Matter(
        uuid7(now, os.urandom(10)),
        uuid7(now, os.urandom(10)),
        "（2026）苏0591执9号",
        hashlib.sha256(os.urandom(8)).digest(),
        SOMEBODY,
    )


async def hire(node: Node) -> None:
    """Everybody's account."""
    for caller in CALLERS.values():
        officer = court_pb2.Officer(name="测试", phone="0512-00000000")
        row = Account(caller.account_id, caller.account_id, officer, caller.roles)
        await node.journal.write(lambda connection, row=row: accounts.add_account(connection, row))


async def ruled(hub: Serving, folder: Path) -> Matter:
    """A matter of two courts, with its paper, that the hub has accepted."""
    sender, _ = await hub.joined(SENDER, folder), await hub.joined(RECEIVER, folder)
    sha256 = hashlib.sha256(CONTENT).digest()
    order = sender.issue(RECEIVER, documents=[sha256])
    header = header_of(order)
    async with hub.connect(sender) as channel:
        await upload(channel, header.instruction, CONTENT)
    assert await hub.parts.intake.rule(SENDER, [order]) == [None]
    return Matter(header.instruction, header.id, "（2026）苏0591执1号", sha256, SOMEBODY)


@asynccontextmanager
async def desk(node: Node) -> AsyncIterator[grpc.aio.Channel]:
    """Everything that the node serves, for callers who say which role they have."""

    async def by_number(call: Call) -> Caller | None:
        return CALLERS.get(call.metadata("x-caller") or "")

    policy = resources.files("xiezhi_node").joinpath("policy_desk.toml").read_text(encoding="utf-8")
    chain = standard_chain(
        ChainParts(
            Accounting(CollectorRegistry()),
            (by_number,),
            MethodPolicy.load(policy),
            RateLimiter(1e6, 1_000_000, system_clock),
            LiveStreams(),
        )
    )
    server = grpc.aio.server(interceptors=[chain])
    for service in node_services(node):
        service.add(service.servicer, server)
    port = server.add_secure_port("127.0.0.1:0", grpc.local_server_credentials())
    await server.start()
    try:
        credentials = grpc.local_channel_credentials()
        async with grpc.aio.secure_channel(f"127.0.0.1:{port}", credentials) as channel:
            yield channel
    finally:
        await server.stop(0)


def let_in(words: Any) -> Iterator[str]:
    """The callers whom a row of the policy lets in."""
    named = {words} if isinstance(words, str) else set(words)
    return (name for name, caller in CALLERS.items() if "session" in named or named & caller.roles)


async def told(
    channel: grpc.aio.Channel, method: MethodDescriptor, matter: Matter, who: str
) -> tuple[Any, ...]:
    """How a call about *matter* ends: code, words, reason; of what is answered, its size."""
    path = f"/{method.containing_service.full_name}/{method.name}"
    sent = about(matter, method.input_type, os.urandom(8).hex()).SerializeToString()
    shape = f"{'stream' if method.client_streaming else 'unary'}_{'stream' if method.server_streaming else 'unary'}"
    metadata = (("x-caller", who),) if who else ()
    call = getattr(channel, shape)(path)(iter([sent]) if method.client_streaming else sent, metadata=metadata)
    try:
        answer = await (call.read() if method.server_streaming else call)
    except grpc.aio.AioRpcError as error:
        details = dict(error.trailing_metadata() or ()).get(DETAILS_KEY, b"")
        status = Status.FromString(details)
        reasons = [
            any_.value for any_ in status.details if any_.type_url.endswith(("ErrorInfo", "BadRequest"))
        ]
        words = status.message or error.details() or ""
        return error.code(), _plain(words.encode(), matter), [_plain(each, matter) for each in reasons]
    finally:
        call.cancel()
    return grpc.StatusCode.OK, str(len(answer) if isinstance(answer, bytes) else 0).encode()


def _plain(data: bytes, matter: Matter) -> bytes:
    """What is told, with what was asked about left out."""
    asked = (matter.instruction, matter.event, matter.case_number)
    for each in (*(word.encode() for word in asked), matter.sha256, matter.sha256.hex().encode()):
        data = data.replace(each, b"*")
    return data


def methods(services: Iterable[Service]) -> list[MethodDescriptor]:
    """Those that name what may be another court's."""
    every = (method for service in services for method in service.descriptor.methods)
    return [method for method in every if names_a_matter(method.input_type)]


def rows(program: str, listener: str) -> dict[str, dict[str, Any]]:
    return tomllib.loads(
        resources.files(program).joinpath(f"policy_{listener}.toml").read_text(encoding="utf-8")
    )


async def test_people_of_a_court_that_is_no_party_are_told_what_is_told_of_what_nobody_has(
    tmp_path: Path,
) -> None:
    table, codes = rows("xiezhi_node", "desk"), dict[str, set[grpc.StatusCode]]()
    async with new_hub(tmp_path / "hub") as hub:
        matter = await ruled(hub, tmp_path)
        async with joined_node(hub, THIRD, tmp_path) as node, desk(node) as channel:
            await hire(node)
            for method in methods(node_services(node)):
                for who in let_in(table[method.containing_service.full_name].get(method.name, [])):
                    found = await told(channel, method, matter, who)
                    never = await told(channel, method, unknown(), who)
                    assert found == never, (method.full_name, CALLERS[who].roles)
                    codes.setdefault(f"{method.containing_service.name}.{method.name}", set()).add(found[0])
    assert len(codes) > 5 * len(OF_ITS_OWN)
    elsewhere = {name for name, ends in codes.items() if not ends <= REFUSED}
    assert elsewhere == OF_ITS_OWN.keys(), (
        "named, with the reason, where nothing of another court's is asked for"
    )


async def test_the_node_of_a_court_that_is_no_party_is_told_no_more_by_the_hub(tmp_path: Path) -> None:
    table = rows("xiezhi_hub", "link")
    async with new_hub(tmp_path / "hub") as hub:
        matter = await ruled(hub, tmp_path)
        stranger = await hub.joined(FOURTH, tmp_path)
        asked = set()
        async with hub.connect(stranger) as channel:
            for method in methods(link_services(hub.parts)):
                if table[method.containing_service.full_name].get(method.name) != "node":
                    continue
                asked.add(method.name)
                found, never = (
                    await told(channel, method, matter, ""),
                    await told(channel, method, unknown(), ""),
                )
                if method.name in BEFORE_A_MATTER:
                    assert found[0] in REFUSED
                else:
                    assert found == never, method.full_name
    assert asked >= {"GetReceipt", "DownloadDocument", "UploadDocument", *BEFORE_A_MATTER}
