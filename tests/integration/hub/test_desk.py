"""The hub's own people: figures, what is late, histories, proofs; each by his role."""

from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import grpc
import pytest
from sqlalchemy import func, select
from tests.integration.hub.court import ORIGIN, RECEIVER, SENDER, Court, Link, header_of, instruction_of
from tests.integration.hub.stand import Serving, new_hub
from tests.integration.hub.told import refusal

from xiezhi.v1 import account_service_pb2, event_pb2, instruction_pb2
from xiezhi.v1 import evidence_service_pb2 as evidence
from xiezhi.v1 import supervision_service_pb2 as supervision
from xiezhi.v1.account_service_pb2_grpc import AccountServiceStub
from xiezhi.v1.directory_service_pb2 import GetRulebookRequest, ListCourtsRequest, ListKeysRequest
from xiezhi.v1.directory_service_pb2_grpc import DirectoryServiceStub
from xiezhi.v1.evidence_service_pb2_grpc import EvidenceServiceStub
from xiezhi.v1.link_service_pb2 import StoredEvent
from xiezhi.v1.supervision_service_pb2_grpc import SupervisionServiceStub
from xiezhi_client.sdk import EvidenceReceipt
from xiezhi_client.sdk.records.event import Body
from xiezhi_client.verify.files import verified_file
from xiezhi_client.verify.part import PART_SUFFIX, check_part, show_part, words_of
from xiezhi_client.verify.pins import Pins
from xiezhi_desk.accounts import store
from xiezhi_desk.accounts.account import Account
from xiezhi_domain.court_time import to_date
from xiezhi_domain.events.ruling import entry_leaf
from xiezhi_domain.evidence.errors import ProofError
from xiezhi_domain.evidence.merkle import verify_consistency, verify_inclusion
from xiezhi_domain.evidence.tlogproof import TlogProof
from xiezhi_domain.evidence.trust import TrustedLog
from xiezhi_domain.indicators import Period
from xiezhi_domain.rulebook import shipped_rulebook
from xiezhi_domain.terms import Role
from xiezhi_journal import tables
from xiezhi_journal.keys import verify_signature
from xiezhi_journal.reading import day_curve, history

Code = grpc.StatusCode
PASSWORD = "a long enough password"


@pytest.fixture
async def hub(tmp_path: Path) -> AsyncIterator[Serving]:
    async with new_hub(tmp_path / "hub") as serving:
        yield serving


@pytest.fixture
async def sender(hub: Serving, tmp_path: Path) -> Court:
    await hub.joined(RECEIVER, tmp_path)
    return await hub.joined(SENDER, tmp_path)


@pytest.fixture
async def order(hub: Serving, sender: Court) -> StoredEvent:
    """A ruled order."""
    record = sender.issue(RECEIVER, 7)
    async with hub.connect(sender) as channel:
        link = Link(channel)
        await link.hello()
        await link.items(6)
        await link.push(record)
        return (await link.items(1))[0].record


class Desk:
    """A person at the hub's desk."""

    def __init__(self, channel: grpc.aio.Channel, token: str) -> None:
        self.bearing = (("authorization", f"Bearer {token}"),)
        self.supervision = SupervisionServiceStub(channel)
        self.evidence = EvidenceServiceStub(channel)
        self.directory = DirectoryServiceStub(channel)


@pytest.fixture
async def desk(hub: Serving) -> AsyncIterator[Desk]:
    async with signed_in(hub, Role.SUPERVISOR) as desk:
        yield desk


class signed_in:  # noqa: N801  # reads as a statement
    def __init__(self, hub: Serving, role: Role) -> None:
        self._hub, self._role = hub, role
        self._channel = hub.anybody("desk")

    async def __aenter__(self) -> Desk:
        login = self._role.lower()
        hashed = await self._hub.parts.passwords.hash(PASSWORD)
        account = Account(
            login, login, account_service_pb2.Account().officer, frozenset({self._role}), hashed
        )
        await self._hub.parts.hub.journal.write(lambda connection: store.add_account(connection, account))
        request = account_service_pb2.SignInRequest(login=login, password=PASSWORD)
        answer = await AccountServiceStub(self._channel).SignIn(request)
        return Desk(self._channel, answer.session_token)

    async def __aexit__(self, *_: object) -> None:
        await self._channel.close()


async def test_the_overview_counts_by_court(hub: Serving, desk: Desk, order: StoredEvent) -> None:
    answer = await desk.supervision.GetOverview(supervision.GetOverviewRequest(), metadata=desk.bearing)
    courts = {court.court: court for court in answer.courts}
    assert len(courts) == len(hub.parts.hub.seat.courts.subtree("苏05"))
    assert (courts[SENDER].sent_open, courts[RECEIVER].received_open) == (1, 1)
    [state] = courts[RECEIVER].received_by_state
    assert (state.state, state.count) == (instruction_pb2.INSTRUCTION_STATE_IN_TRANSIT, 1)
    assert answer.log_size == 7
    assert [(flow.sender, flow.receiver, flow.open) for flow in answer.flows] == [(SENDER, RECEIVER, 1)]


async def test_the_overview_draws_the_day_hour_by_hour(hub: Serving, desk: Desk, order: StoredEvent) -> None:
    journal = hub.parts.hub.journal
    newest = select(func.max(tables.ruling.c.ruled_at))
    ruled_at = journal.read_now(lambda connection: connection.scalar(newest))
    day = Period(to_date(ruled_at), to_date(ruled_at))
    start, end = day.start_ms, day.end_ms - 1
    hours = journal.read_now(lambda connection: day_curve(connection, start, end))
    assert [(hour.hour, hour.reported) for hour in hours] == [(hour, 0) for hour in range(24)]
    assert [hour.hour for hour in hours if hour.sent] == [(ruled_at - start) // 3_600_000]
    assert not any(
        hour.sent for hour in journal.read_now(lambda connection: day_curve(connection, end + 1, end + 9))
    )
    journal.clock = lambda: ruled_at
    answer = await desk.supervision.GetOverview(supervision.GetOverviewRequest(), metadata=desk.bearing)
    assert [(hour.hour, hour.sent) for hour in answer.today] == [
        (hour.hour, hour.sent) for hour in hours[: len(answer.today)]
    ]
    assert answer.today[-1].sent == 1


async def test_the_overview_shows_who_is_connected(hub: Serving, desk: Desk, sender: Court) -> None:
    async with hub.connect(sender) as channel:
        link = Link(channel)
        await link.hello()
        answer = await desk.supervision.GetOverview(supervision.GetOverviewRequest(), metadata=desk.bearing)
    assert [court.court for court in answer.courts if court.connected] == [SENDER]


async def test_what_is_late_is_listed_without_names(hub: Serving, desk: Desk, order: StoredEvent) -> None:
    request = supervision.ListOverdueRequest(court=RECEIVER)
    assert not (await desk.supervision.ListOverdue(request, metadata=desk.bearing)).instructions
    clock = hub.parts.hub.journal.clock
    hub.parts.hub.journal.clock = lambda: clock() + 9 * 86_400_000
    async with signed_in(hub, Role.AUDITOR) as later:
        answer = await later.supervision.ListOverdue(request, metadata=later.bearing)
    [row] = answer.instructions
    assert (row.instruction_id, row.subject_names) == (instruction_of(order), "")
    assert row.marks == [instruction_pb2.MARK_OVERDUE]


async def test_matters_are_listed_by_what_is_asked_for_and_never_by_name(
    hub: Serving, desk: Desk, order: StoredEvent
) -> None:
    async def found(**wanted: object) -> list[str]:
        request = supervision.ListMattersRequest(**wanted)
        answer = await desk.supervision.ListMatters(request, metadata=desk.bearing)
        assert not any(row.subject_names for row in answer.instructions)
        return [row.instruction_id for row in answer.instructions]

    facts, this = header_of(order).facts, instruction_of(order)
    assert await found() == await found(kinds=["FIND"], court=SENDER, open_only=True) == [this]
    assert await found(court=RECEIVER, states=[instruction_pb2.INSTRUCTION_STATE_IN_TRANSIT]) == [this]
    assert await found(number=facts["number"][-6:]) == [this]
    assert not await found(kinds=["ENTRUST_SERVICE"])
    assert not await found(court="苏0581")
    assert not await found(overdue_only=True)
    assert not await found(number="张")
    assert not await found(states=[instruction_pb2.INSTRUCTION_STATE_CONFIRMED])


async def test_bodies_are_shown_for_a_purpose_and_on_record(
    hub: Serving, desk: Desk, order: StoredEvent
) -> None:
    request = supervision.GetSupervisedHistoryRequest(instruction_id=instruction_of(order))
    answer = await desk.supervision.GetSupervisedHistory(request, metadata=desk.bearing)
    assert [record.HasField("body") for record in answer.records] == [False]
    request.with_bodies = True
    call = desk.supervision.GetSupervisedHistory(request, metadata=desk.bearing)
    assert await refusal(call) == (Code.INVALID_ARGUMENT, "INVALID_FIELD", ["purpose"])
    request.instruction_id, request.purpose = header_of(order).facts["number"], "督办超期事项"
    answer = await desk.supervision.GetSupervisedHistory(request, metadata=desk.bearing)
    assert [record.HasField("body") for record in answer.records] == [True]
    looks = await hub.parts.hub.journal.read(
        lambda connection: connection.execute(select(tables.access)).all()
    )
    [look] = looks
    assert (look.account, look.object, look.purpose, look.unmasked) == (
        "supervisor",
        instruction_of(order),
        "督办超期事项",
        True,
    )


async def test_a_list_is_taken_out_for_a_purpose_and_on_record(
    hub: Serving, desk: Desk, order: StoredEvent
) -> None:
    request = supervision.ExportMattersRequest(filter={"court": RECEIVER, "open_only": True, "page_size": 1})
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        [part async for part in desk.supervision.ExportMatters(request, metadata=desk.bearing)]
    assert refused.value.code() is Code.INVALID_ARGUMENT
    assert "导出须填写事由" in str(refused.value.details())
    request.purpose = "每月核对"
    parts = [part async for part in desk.supervision.ExportMatters(request, metadata=desk.bearing)]
    [row] = [row for part in parts for row in part.instructions]
    assert (row.instruction_id, row.subject_names) == (instruction_of(order), "")
    request.filter.overdue_only = True
    assert [part async for part in desk.supervision.ExportMatters(request, metadata=desk.bearing)] == []
    looks = await hub.parts.hub.journal.read(
        lambda connection: connection.execute(select(tables.access)).all()
    )
    assert [(look.account, look.method, look.purpose) for look in looks] == [
        ("supervisor", "ExportMatters", "每月核对")
    ] * 2
    assert [look.object for look in looks] == [
        f"全市事项 1 件（法院 {RECEIVER}；未办结）",
        f"全市事项 0 件（法院 {RECEIVER}；未办结；已超期）",
    ]


async def test_an_unknown_matter_is_not_found(desk: Desk) -> None:
    request = supervision.GetSupervisedHistoryRequest(instruction_id="苏0591委〔2026〕999号")
    call = desk.supervision.GetSupervisedHistory(request, metadata=desk.bearing)
    assert (await refusal(call))[:2] == (Code.NOT_FOUND, "UNKNOWN_INSTRUCTION")


async def test_the_wrong_role_and_nobody_are_refused(hub: Serving, order: StoredEvent) -> None:
    request = supervision.GetSupervisedHistoryRequest(instruction_id=instruction_of(order))
    async with signed_in(hub, Role.STATISTICIAN) as desk:
        call = desk.supervision.GetSupervisedHistory(request, metadata=desk.bearing)
        assert await refusal(call) == (Code.PERMISSION_DENIED, "WRONG_ROLE", [])
        call = desk.supervision.GetSupervisedHistory(request)
        assert await refusal(call) == (Code.UNAUTHENTICATED, "SIGNED_OUT", [])


async def test_an_unknown_method_is_refused(hub: Serving) -> None:
    async with hub.anybody("desk") as channel:
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await channel.unary_unary("/xiezhi.v1.LinkService/Connect")(b"")
    assert refused.value.code() is Code.UNIMPLEMENTED


async def test_a_receipt_can_be_checked_offline(hub: Serving, desk: Desk, order: StoredEvent) -> None:
    request = evidence.GetReceiptRequest(event_id=header_of(order).id)
    receipt = await desk.evidence.GetReceipt(request, metadata=desk.bearing)
    log = TrustedLog(ORIGIN, (hub.parts.hub.journal.signer.verifier_key,))
    assert not receipt.record.HasField("body")
    leaf = entry_leaf(receipt.record.header, receipt.record.ruling)
    opened = TlogProof.parse(receipt.tlog_proof).verify(leaf, log, verify_signature)
    key_leaf = entry_leaf(receipt.key_record.header, receipt.key_record.ruling)
    assert TlogProof.parse(receipt.key_tlog_proof).verify(key_leaf, log, verify_signature) == opened
    assert header_of(receipt.key_record).facts["key"] == receipt.court_key.key_id == header_of(order).key


async def test_one_part_is_proven_by_a_file_alone(
    hub: Serving, desk: Desk, order: StoredEvent, tmp_path: Path
) -> None:
    request = evidence.GetReceiptRequest(event_id=header_of(order).id)
    receipt = EvidenceReceipt.from_proto(await desk.evidence.GetReceipt(request, metadata=desk.bearing))
    stored = partial(history, instruction=instruction_of(order), bodies=True)
    rows = {row.event_id: row for row in await hub.parts.hub.journal.read(stored)}
    body = Body.from_proto(event_pb2.Body.FromString(rows[header_of(order).id].body or b""))
    proof = show_part(receipt, body, "prose")
    path = tmp_path / f"shown{PART_SUFFIX}"
    path.write_bytes(proof.to_proto().SerializeToString())
    pins = Pins(ORIGIN, (hub.parts.hub.journal.signer.verifier_key.format(),))
    shown = verified_file(path, pins)
    assert shown.part is not None
    assert (shown.header, shown.part.name) == (header_of(order), "prose")
    assert event_pb2.Prose.FromString(shown.part.content).text in words_of(shown.part)
    for changed in ({"content": b"x"}, {"name": "case"}, {"salt": bytes(32)}):
        with pytest.raises(ProofError):
            check_part(replace(proof, part=replace(proof.part, **changed)), pins)


async def test_proofs_hold_and_end_where_the_log_ends(hub: Serving, desk: Desk, order: StoredEvent) -> None:
    checkpoint = await desk.evidence.GetCheckpoint(evidence.GetCheckpointRequest(), metadata=desk.bearing)
    log = TrustedLog(ORIGIN, (hub.parts.hub.journal.signer.verifier_key,))
    tree = log.open(checkpoint.checkpoint, verify_signature).checkpoint
    request = evidence.GetInclusionProofRequest(log_index=order.log_index)
    proof = await desk.evidence.GetInclusionProof(request, metadata=desk.bearing)
    verify_inclusion(proof.leaf_hash, proof.log_index, tree.size, proof.path, tree.root)
    assert proof.leaf_hash == entry_leaf(order.header, order.ruling)
    both = evidence.GetConsistencyProofRequest(first_size=2, second_size=tree.size)
    extension = await desk.evidence.GetConsistencyProof(both, metadata=desk.bearing)
    first = await hub.parts.hub.journal.read(
        lambda connection: connection.scalar(
            select(tables.checkpoint.c.root).where(tables.checkpoint.c.size == 2)
        )
    )
    verify_consistency(2, first, tree.size, tree.root, extension.path)
    for index, size in ((tree.size, 0), (0, tree.size + 1), (-1, 0)):
        beyond = evidence.GetInclusionProofRequest(log_index=index, tree_size=size)
        call = desk.evidence.GetInclusionProof(beyond, metadata=desk.bearing)
        assert (await refusal(call))[:2] == (Code.OUT_OF_RANGE, "OFFSET_OUT_OF_RANGE")
    backwards = evidence.GetConsistencyProofRequest(first_size=tree.size, second_size=2)
    call = desk.evidence.GetConsistencyProof(backwards, metadata=desk.bearing)
    assert (await refusal(call))[0] is Code.OUT_OF_RANGE


async def test_nodes_get_proofs_of_their_own_matters_and_of_keys(
    hub: Serving, sender: Court, order: StoredEvent, tmp_path: Path
) -> None:
    stranger = await hub.joined("苏0505", tmp_path)
    receipt = evidence.GetReceiptRequest(event_id=header_of(order).id)
    async with hub.connect(sender) as channel:
        assert (await EvidenceServiceStub(channel).GetReceipt(receipt)).tlog_proof
    async with hub.connect(stranger) as channel:
        stub = EvidenceServiceStub(channel)
        # Not even that there is such an event.
        missing = stub.GetReceipt(evidence.GetReceiptRequest(event_id="nothing"))
        assert await refusal(stub.GetReceipt(receipt)) == await refusal(missing)
        request = evidence.GetInclusionProofRequest(log_index=order.log_index)
        assert (await refusal(stub.GetInclusionProof(request)))[0] is Code.PERMISSION_DENIED
        assert (await stub.GetInclusionProof(evidence.GetInclusionProofRequest(log_index=0))).path
        assert (await refusal(stub.GetReceipt(receipt)))[0] is Code.NOT_FOUND


async def test_the_directory_is_served(hub: Serving, desk: Desk, sender: Court) -> None:
    joined = await desk.directory.ListCourts(ListCourtsRequest(joined_only=True), metadata=desk.bearing)
    assert [court.code for court in joined.courts] == [RECEIVER, SENDER]
    keys = await desk.directory.ListKeys(ListKeysRequest(court=SENDER), metadata=desk.bearing)
    assert [key.key_id for key in keys.keys] == [sender.event_key.key_id, sender.cosign_key.key_id]
    assert [key.ended_at_index for key in keys.keys] == [-1, -1]
    rulebook = await desk.directory.GetRulebook(GetRulebookRequest(), metadata=desk.bearing)
    assert (rulebook.hash, rulebook.content) == (shipped_rulebook().hash, shipped_rulebook().content)
    known = GetRulebookRequest(known=rulebook.hash)
    again = await desk.directory.GetRulebook(known, metadata=desk.bearing)
    assert (again.hash, again.content) == (rulebook.hash, b"")
    other = await desk.directory.GetRulebook(GetRulebookRequest(known="ab" * 32), metadata=desk.bearing)
    assert other.content == rulebook.content
    call = desk.directory.GetRulebook(GetRulebookRequest(hash="ab" * 32), metadata=desk.bearing)
    assert (await refusal(call))[1] == "RULEBOOK_UNKNOWN"
