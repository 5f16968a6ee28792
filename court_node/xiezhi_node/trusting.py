"""Whom the node trusts at the other end: authorities and log keys that follow each other (protocol §6, §13).

The hub says over the link whom it trusts now. A new authority is believed where one that is pinned already vouches
for it with its own key, so that neither who holds the hub's server certificate nor the hub's program alone can put
another one there.
"""

from collections.abc import Iterable, Sequence
from functools import partial

import structlog
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from xiezhi.v1.enrolment_service_pb2 import GetTrustResponse, TrustedAuthority
from xiezhi_domain.evidence.log_keys import follow_changes
from xiezhi_journal.durable_files import replace_file
from xiezhi_journal.journal import Journal
from xiezhi_journal.keys import verify_signature
from xiezhi_node.config import NodePaths
from xiezhi_node.pins import write_log_keys
from xiezhi_node.seat import LogKeys, Seat
from xiezhi_wire.ca import is_vouched_for

_log = structlog.get_logger(__name__)


def follow_authorities(paths: NodePaths, told: Sequence[TrustedAuthority]) -> bool:
    """Pin what *told* rightly says; returns whether anything changed.

    An authority that is not named any more is let go, as long as one is left that this node trusts.

    :raises OSError, ValueError: the file of pinned authorities, or what was told, holds no certificate.
    """
    before = pinned_authorities(paths)
    after = _believed(before, told)
    if not after or after == before:
        return False
    replace_file(paths.hub_authority, b"".join(after))
    _log.info("authorities_followed", before=len(before), after=len(after))
    return True


def pinned_authorities(paths: NodePaths) -> list[bytes]:
    """Return the authorities that this node trusts, each as PEM.

    :raises OSError, ValueError: the file is no good.
    """
    return [*map(_pem, x509.load_pem_x509_certificates(paths.hub_authority.read_bytes()))]


def is_from_newest(paths: NodePaths, told: Sequence[TrustedAuthority]) -> bool:
    """Return whether the node's certificate comes from the newest authority, or that one is not trusted.

    :raises OSError, ValueError: a file is no good.
    """
    newest = _pem(x509.load_pem_x509_certificate(told[-1].certificate)) if told else b""
    if newest not in pinned_authorities(paths):
        return True
    own = x509.load_pem_x509_certificate(paths.tls_chain.read_bytes())
    try:
        own.verify_directly_issued_by(x509.load_pem_x509_certificate(newest))
    except Exception:  # noqa: BLE001  # ValueError, TypeError or InvalidSignature, as cryptography has it
        return False
    return True


async def follow_log_keys(journal: Journal, seat: Seat, told: GetTrustResponse) -> None:
    """Trust the keys of the log that rightly follow those trusted now, and let go those that sign no more.

    :raises DomainError: a statement is malformed or false, or nothing can be stored now.
    """
    followed = {
        key.format(): key
        for key in follow_changes(seat.trusted_keys, told.log_key_changes, verify_signature)
        if key.name == seat.origin
    }
    now = tuple(vkey for vkey in told.log_vkeys if vkey in followed)
    if not now or now == tuple(key.format() for key in seat.trusted_keys):
        return
    keys = LogKeys(now, tuple(dict.fromkeys((*seat.log_vkeys, *now))))
    await journal.write(partial(write_log_keys, keys=keys))
    seat.log_keys.now, seat.log_keys.every = keys.now, keys.every
    _log.info("log_keys_followed", keys=[*now])


def _believed(pinned: Sequence[bytes], told: Iterable[TrustedAuthority]) -> list[bytes]:
    known, believed = [*pinned], list[bytes]()
    for each in told:
        pem = _pem(x509.load_pem_x509_certificate(each.certificate))
        if pem in known or any(is_vouched_for(pem, each.vouched_for, by) for by in known):
            known.append(pem)
            believed.append(pem)
        else:
            _log.error("authority_not_believed", certificate=pem.decode())
    return believed


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.PEM)
