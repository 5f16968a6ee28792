"""Courts join: what they are told, what they must bring, what is used up, what the others learn."""

from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import grpc
import pytest
from sqlalchemy import select
from tests.integration.hub.court import HUB_COURT, ORIGIN, RECEIVER, SENDER, Court, Link, header_of, joining
from tests.integration.hub.stand import HOUR_MS, Serving, new_hub
from tests.integration.hub.told import refusal

from xiezhi.v1 import enrolment_service_pb2 as pb
from xiezhi.v1.enrolment_service_pb2_grpc import EnrolmentServiceStub
from xiezhi_domain.events.ruling import decode_ruling, entry_leaf
from xiezhi_domain.evidence.note import VerifierKey
from xiezhi_domain.evidence.trust import TrustedLog
from xiezhi_domain.rulebook import shipped_rulebook
from xiezhi_hub.enrolment import certificates
from xiezhi_journal import tables
from xiezhi_journal.keyrings import read_keyring
from xiezhi_journal.keys import verify_signature
from xiezhi_wire.certificates import create_key, node_request
from xiezhi_wire.jointoken import JoinToken, decode

Code = grpc.StatusCode


@pytest.fixture
async def hub(tmp_path: Path) -> AsyncIterator[Serving]:
    async with new_hub(tmp_path / "hub") as serving:
        yield serving


async def greet(hub: Serving, token: JoinToken) -> pb.GreetResponse:
    async with joining(token, hub.authority) as channel:
        return await EnrolmentServiceStub(channel).Greet(pb.GreetRequest(token_secret=token.secret))


async def send(hub: Serving, token: JoinToken, request: pb.JoinRequest) -> pb.JoinResponse:
    async with joining(token, hub.authority) as channel:
        return await EnrolmentServiceStub(channel).Join(request)


async def log_size(hub: Serving) -> int:
    return await hub.parts.hub.journal.read(
        lambda connection: connection.scalar(select(tables.head.c.log_size))
    )


async def test_greeting_says_what_has_to_be_pinned(hub: Serving) -> None:
    greeting = await greet(hub, decode(await hub.token(SENDER)))
    assert (greeting.court.code, greeting.hub_court.code, greeting.origin) == (SENDER, HUB_COURT, ORIGIN)
    assert greeting.rulebook == shipped_rulebook().hash
    assert greeting.link_address == f"127.0.0.1:{hub.port('link')}"
    assert {SENDER, RECEIVER, HUB_COURT, "苏", "最高法"} <= {court.code for court in greeting.courts}
    log = TrustedLog(greeting.origin, (VerifierKey.parse(greeting.log_vkey),))
    # The hub's own key, and the rulebook that is in force.
    assert log.open(greeting.checkpoint, verify_signature).checkpoint.size == 2


async def test_joining_logs_the_keys_and_hands_out_a_certificate(hub: Serving, tmp_path: Path) -> None:
    court = Court(SENDER, tmp_path)
    answer = await court.join(await hub.token(SENDER), hub.authority)
    assert [decode_ruling(record.ruling).accepted for record in answer.key_events] == [True, True]
    keyring = await hub.parts.hub.journal.read(read_keyring)
    assert [key.key_id for key in keyring.of_court(SENDER)] == [
        court.event_key.key_id,
        court.cosign_key.key_id,
    ]
    assert answer.ca_certificate == hub.authority.read_bytes()
    async with hub.connect(court) as channel:
        welcome = await Link(channel).hello()
    assert (welcome.origin, welcome.recovering) == (ORIGIN, False)


async def test_the_answer_proves_that_the_keys_are_in_the_log(hub: Serving, tmp_path: Path) -> None:
    answer = await Court(SENDER, tmp_path).join(await hub.token(SENDER), hub.authority)
    signer = hub.parts.hub.journal.signer
    opened = TrustedLog(ORIGIN, (signer.verifier_key,)).open(answer.checkpoint, verify_signature)
    last = answer.key_events[-1]
    assert opened.checkpoint.size == last.log_index + 1
    leaves = await hub.parts.hub.journal.read(
        lambda connection: list(
            connection.scalars(select(tables.ruling.c.leaf).order_by(tables.ruling.c.log_index))
        )
    )
    assert leaves[-1] == entry_leaf(last.header, last.ruling)


async def test_a_repetition_is_answered_the_same(hub: Serving, tmp_path: Path) -> None:
    token = decode(await hub.token(SENDER))
    request = Court(SENDER, tmp_path).join_request(token)
    first = await send(hub, token, request)
    await hub.joined(RECEIVER, tmp_path)
    assert await send(hub, token, request) == first


async def test_a_used_token_is_good_for_nothing_else(hub: Serving, tmp_path: Path) -> None:
    text = await hub.token(SENDER)
    await Court(SENDER, tmp_path).join(text, hub.authority)
    token, size = decode(text), await log_size(hub)
    other = Court(SENDER, tmp_path / "thief").join_request(token)
    assert await refusal(send(hub, token, other)) == (Code.UNAUTHENTICATED, "TOKEN_INVALID", [])
    assert await refusal(greet(hub, token)) == (Code.UNAUTHENTICATED, "TOKEN_INVALID", [])
    assert await log_size(hub) == size


async def test_a_lost_answer_is_made_good_by_a_new_token(hub: Serving, tmp_path: Path) -> None:
    first, second = decode(await hub.token(SENDER)), decode(await hub.token(SENDER))
    request = Court(SENDER, tmp_path).join_request(first)
    before = await send(hub, first, request)
    request.token_secret = second.secret
    after = await send(hub, second, request)
    assert list(after.key_events) == list(before.key_events)
    assert after.certificate_chain != before.certificate_chain


async def test_an_expired_token_is_refused(hub: Serving) -> None:
    token = decode(await hub.token(SENDER, lifetime_ms=HOUR_MS))
    clock = hub.parts.hub.journal.clock
    hub.parts.hub.journal.clock = lambda: clock() + HOUR_MS
    assert await refusal(greet(hub, token)) == (Code.UNAUTHENTICATED, "TOKEN_INVALID", [])


async def test_an_unknown_token_is_refused(hub: Serving) -> None:
    async with hub.anybody("join") as channel:
        call = EnrolmentServiceStub(channel).Greet(pb.GreetRequest(token_secret="nobody"))
        assert await refusal(call) == (Code.UNAUTHENTICATED, "TOKEN_INVALID", [])


async def test_a_token_of_another_court_lets_nobody_in(hub: Serving, tmp_path: Path) -> None:
    token, size = decode(await hub.token(RECEIVER)), await log_size(hub)
    request = Court(SENDER, tmp_path).join_request(token)
    assert await refusal(send(hub, token, request)) == (Code.PERMISSION_DENIED, "WRONG_COURT", [])
    request = Court(RECEIVER, tmp_path).join_request(token)
    request.certificate_request = node_request(create_key(tmp_path / "other.key"), SENDER)
    answer = await refusal(send(hub, token, request))
    assert answer == (Code.INVALID_ARGUMENT, "INVALID_FIELD", ["certificate_request"])
    assert await log_size(hub) == size


async def test_a_broken_request_leaves_the_token_unused(hub: Serving, tmp_path: Path) -> None:
    token = decode(await hub.token(SENDER))
    court = Court(SENDER, tmp_path)
    request = court.join_request(token)
    good = request.certificate_request
    request.certificate_request = b"no certificate request"
    answer = await refusal(send(hub, token, request))
    assert answer == (Code.INVALID_ARGUMENT, "INVALID_FIELD", ["certificate_request"])
    request.certificate_request = good
    assert (await send(hub, token, request)).certificate_chain


async def test_key_events_must_be_the_two_that_add_keys(hub: Serving, tmp_path: Path) -> None:
    token = decode(await hub.token(SENDER))
    court = Court(SENDER, tmp_path)
    request = court.join_request(token)
    event, cosign = request.key_events
    wrong = {
        "key_events": [event],
        "key_events[0]": [cosign, event],
        "key_events[1]": [event, event],
    }
    for field, events in wrong.items():
        attempt = pb.JoinRequest(
            token_secret=token.secret, certificate_request=request.certificate_request, key_events=events
        )
        assert await refusal(send(hub, token, attempt)) == (Code.INVALID_ARGUMENT, "INVALID_FIELD", [field])


async def test_a_forged_key_event_is_refused(hub: Serving, tmp_path: Path) -> None:
    token, size = decode(await hub.token(SENDER)), await log_size(hub)
    request = Court(SENDER, tmp_path).join_request(token)
    request.key_events[1].push.signature = bytes(64)
    assert await refusal(send(hub, token, request)) == (Code.INVALID_ARGUMENT, "SIGNATURE_INVALID", [])
    assert await log_size(hub) == size


async def test_keys_that_the_log_refuses_leave_no_trace(hub: Serving, tmp_path: Path) -> None:
    """A court that has keys cannot add others by joining anew; not even the first of the two events stays."""
    await hub.joined(SENDER, tmp_path)
    token, size = decode(await hub.token(SENDER)), await log_size(hub)
    request = Court(SENDER, tmp_path / "again").join_request(token)
    answer = await refusal(send(hub, token, request))
    assert answer == (Code.INVALID_ARGUMENT, "INVALID_FIELD", ["key_events[0]"])
    assert await log_size(hub) == size
    keyring = await hub.parts.hub.journal.read(read_keyring)
    assert len(list(keyring.of_court(SENDER))) == 2


async def test_the_node_of_the_hubs_own_court_joins_like_any_other(hub: Serving, tmp_path: Path) -> None:
    court = await hub.joined(HUB_COURT, tmp_path)
    keyring = await hub.parts.hub.journal.read(read_keyring)
    assert hub.parts.hub.journal.key is not None
    assert [key.key_id for key in keyring.of_court(HUB_COURT)] == [
        hub.parts.hub.journal.key.key_id,
        court.event_key.key_id,
        court.cosign_key.key_id,
    ]


async def test_a_court_that_joins_finds_all_earlier_keys_on_its_feed(hub: Serving, tmp_path: Path) -> None:
    first = await hub.joined(SENDER, tmp_path)
    second = await hub.joined(RECEIVER, tmp_path)
    third = await hub.joined("苏0505", tmp_path)
    async with hub.connect(third) as channel:
        link = Link(channel)
        await link.hello()
        items = await link.items(8)
    assert [item.feed_seq for item in items] == list(range(1, 9))
    assert [item.record.log_index for item in items] == list(range(8))
    senders = [header_of(item.record).sender for item in items]
    assert senders == [HUB_COURT] * 2 + [first.code] * 2 + [second.code] * 2 + [third.code] * 2


async def test_courts_are_joined_in_the_directory(hub: Serving, tmp_path: Path) -> None:
    await hub.joined(SENDER, tmp_path)
    greeting = await greet(hub, decode(await hub.token(RECEIVER)))
    assert [court.code for court in greeting.courts if court.joined] == [SENDER]


async def test_a_certificate_is_renewed_over_the_link(hub: Serving, tmp_path: Path) -> None:
    court = await hub.joined(SENDER, tmp_path)
    old = (court.directory / "tls.pem").read_bytes()
    async with hub.connect(court) as channel:
        request = pb.RenewCertificateRequest(certificate_request=node_request(court.tls_key, SENDER))
        answer = await EnrolmentServiceStub(channel).RenewCertificate(request)
        wrong = pb.RenewCertificateRequest(certificate_request=node_request(court.tls_key, RECEIVER))
        told = await refusal(EnrolmentServiceStub(channel).RenewCertificate(wrong))
    assert told == (Code.INVALID_ARGUMENT, "INVALID_FIELD", ["certificate_request"])
    assert answer.certificate_chain != old
    (court.directory / "tls.pem").write_bytes(answer.certificate_chain)
    async with hub.connect(court) as channel:
        assert (await Link(channel).hello()).origin == ORIGIN


async def test_join_methods_are_not_for_nodes_nor_renewal_for_strangers(hub: Serving, tmp_path: Path) -> None:
    court = await hub.joined(SENDER, tmp_path)
    async with hub.connect(court) as channel:
        call = EnrolmentServiceStub(channel).Greet(pb.GreetRequest(token_secret="x"))
        assert await refusal(call) == (Code.PERMISSION_DENIED, "FORBIDDEN", [])
    async with hub.anybody("join") as channel:
        call = EnrolmentServiceStub(channel).RenewCertificate(pb.RenewCertificateRequest())
        assert await refusal(call) == (Code.UNAUTHENTICATED, "SIGNED_OUT", [])


async def test_a_revoked_court_is_cut_off_and_stays_out(hub: Serving, tmp_path: Path) -> None:
    court, other = await hub.joined(SENDER, tmp_path), await hub.joined(RECEIVER, tmp_path)
    journal = hub.parts.hub.journal
    async with hub.connect(court) as channel, hub.connect(other) as elsewhere:
        link, unharmed = Link(channel), Link(elsewhere)
        await link.hello()
        await unharmed.hello()
        work = partial(certificates.revoke, court_or_serial=SENDER, now=journal.clock())
        assert len(await journal.write(work)) == 1
        await hub.parts.revocations.refresh()
        assert await link.ended() is Code.UNAUTHENTICATED
        assert await Link(channel).ended() is Code.UNAUTHENTICATED
        assert len(await unharmed.items(6)) == 6


async def test_a_renewal_under_way_gets_nothing_once_the_court_is_shut_out(
    hub: Serving, tmp_path: Path
) -> None:
    court = await hub.joined(SENDER, tmp_path)
    journal = hub.parts.hub.journal
    async with hub.connect(court) as channel:
        # The list of revoked certificates is not read anew: the call passes the door, as one under way has passed it.
        await journal.write(partial(certificates.revoke, court_or_serial=SENDER, now=journal.clock()))
        request = pb.RenewCertificateRequest(certificate_request=node_request(court.tls_key, SENDER))
        told = await refusal(EnrolmentServiceStub(channel).RenewCertificate(request))
    assert told == (Code.UNAUTHENTICATED, "CERTIFICATE_INVALID", [])
    assert (await journal.read(certificates.validity))[SENDER] == 0
