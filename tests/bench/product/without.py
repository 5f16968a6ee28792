"""Runs a program of the platform without what makes its record evidence. Run as `… without PROGRAM ARGUMENTS`.

What is left is the same path: validation, headers and their hashes, the ladder and its fold, feeds as lists, the same
rows and commits. Left out are signatures and their checks, push trees, the tree of the log and its checkpoints, proofs
and cosignatures, the chains of the feeds, the tally, and TLS on the link. So `product` against `bare` says what
evidence costs. Nothing of this can be switched off in the programs themselves; functions are exchanged here, before
the program that uses them is loaded. A journal that was written so proves nothing and is thrown away.
"""

import asyncio
import importlib
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import grpc
from cryptography import x509

from xiezhi_domain.events import feed
from xiezhi_domain.evidence import push
from xiezhi_domain.evidence.push import PushProof
from xiezhi_journal import keys, tables, translog
from xiezhi_journal.ledger import Ledger
from xiezhi_wire import peer, tls
from xiezhi_wire.certificates import court_in
from xiezhi_wire.peer import PeerCertificate

MAINS = {"xiezhi-hub": "xiezhi_hub.cli", "xiezhi-node": "xiezhi_node.cli"}
NO_HASH, NO_SIGNATURE = bytes(32), bytes(64)
FOR_EVER = 1 << 62
AGENT = "grpc.primary_user_agent"
"""Names the court where no certificate does."""


def main() -> None:
    program, *arguments = sys.argv[1:]
    _without_signatures()
    _without_log()
    _without_link_tls()
    module = importlib.import_module(MAINS[program])
    if program == "xiezhi-node":
        _without_witnesses()
    else:
        _without_comparing()
    sys.argv = [program, *arguments]
    module.main()


def _exchange(owner: Any, name: str, new: Any) -> None:
    """Put *new* in place of what is there: a name that moved would be exchanged for nothing."""
    assert hasattr(owner, name), f"{owner} has no {name}"
    setattr(owner, name, new)


def _without_signatures() -> None:
    made = keys.SigningKey._of.__func__

    def of(cls: type, private: Any) -> Any:
        key = made(cls, private)
        return cls(key.key_id, key.public_key, lambda _message: NO_SIGNATURE)

    _exchange(keys.SigningKey, "_of", classmethod(of))
    _exchange(keys, "verify_signature", _holds)
    _exchange(push, "sign_push", _unsigned)
    _exchange(push, "check_membership", _passes)
    _exchange(push.PushVerifier, "check", _passes)


def _unsigned(
    court: str, key_id: str, first_position: int, headers: Sequence[bytes], signer: Callable[[bytes], bytes]
) -> list[PushProof]:
    return [
        PushProof(court, key_id, first_position, len(headers), NO_HASH, NO_SIGNATURE, index, ())
        for index in range(len(headers))
    ]


def _without_log() -> None:
    _exchange(feed, "feed_item_hash", lambda *_: NO_HASH)
    _exchange(Ledger, "count", _passes)
    _exchange(translog, "consistency_proof", lambda *_: [])
    _exchange(translog, "extend_log", _note_size)


def _note_size(ledger: Ledger, signer: translog.LogSigner) -> None:
    """Note how much was ruled on: nodes take nothing that lies beyond it."""
    if ledger.rows.get(tables.ruling.name):
        size = ledger.head.log_size
        note = signer.sign(size, NO_HASH)
        ledger.add_row(tables.checkpoint.name, (size, NO_HASH, ledger.head.ruled_at, note))


def _without_witnesses() -> None:
    witness = importlib.import_module("xiezhi_node.witnessing.witness")
    proving = importlib.import_module("xiezhi_node.witnessing.proving")

    async def never(_self: object) -> None:
        await asyncio.Event().wait()

    _exchange(witness.Witness, "vouch", _nothing)
    _exchange(proving.LogProver, "run", never)


def _without_comparing() -> None:
    recovery = importlib.import_module("xiezhi_hub.recovery.recovery")
    health = importlib.import_module("xiezhi_hub.health")
    certificates = importlib.import_module("xiezhi_hub.enrolment.certificates")
    _exchange(recovery.Recovery, "hear", _nothing)
    _exchange(certificates.RevocationList, "is_revoked", lambda *_: False)
    _exchange(health.Health, "_extends", lambda *_: "")


def _without_link_tls() -> None:
    dialled, listened = tls.channel_credentials, tls.server_credentials

    def channel_credentials(material: tls.ClientMaterial) -> grpc.ChannelCredentials:
        return dialled(material) if material.certificate is None else grpc.local_channel_credentials()

    def server_credentials(material: tls.ServerMaterial, *, require_client: bool) -> grpc.ServerCredentials:
        if require_client:
            return grpc.local_server_credentials()
        return listened(material, require_client=require_client)

    _exchange(tls, "channel_credentials", channel_credentials)
    _exchange(tls, "server_credentials", server_credentials)
    _exchange(peer, "peer_court", _named)
    _exchange(peer, "check_certificate", _passes)
    hub_channel = importlib.import_module("xiezhi_link.hub_channel")
    begun = hub_channel.HubChannel.__init__

    def begin(self: Any, address: str, material: tls.ClientMaterial) -> None:
        begun(self, address, material)
        hub_channel._OPTIONS = (*hub_channel._OPTIONS, (AGENT, _court(material).encode().hex()))

    _exchange(hub_channel.HubChannel, "__init__", begin)


def _court(material: tls.ClientMaterial) -> str:
    assert isinstance(material.certificate, Path)
    return court_in(x509.load_pem_x509_certificate(material.certificate.read_bytes()).extensions)


def _named(context: Any, _now_ms: int, _is_revoked: object) -> PeerCertificate:
    agent = dict(context.invocation_metadata())["user-agent"]
    return PeerCertificate(bytes.fromhex(agent.partition(" ")[0]).decode(), "0", FOR_EVER)


def _holds(*_: object) -> bool:
    return True


async def _nothing(*_: object) -> None:
    return None


def _passes(*_: object) -> None:
    return None


if __name__ == "__main__":
    main()
