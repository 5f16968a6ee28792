"""Renewing the node's TLS client certificate at two thirds of its life, over the link's own channel (protocol §13).

It is renewed before, where the hub's authority is followed by another one. A hub that was restored from a backup does
not know what it has handed out since: then the node shows the certificate that it had before, and renews that.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import grpc
import structlog
from cryptography import x509

from xiezhi.v1.enrolment_service_pb2 import GetTrustRequest, GetTrustResponse, RenewCertificateRequest
from xiezhi.v1.enrolment_service_pb2_grpc import EnrolmentServiceStub
from xiezhi_domain.court_time import to_ms, to_text
from xiezhi_domain.errors import DomainError, Reason
from xiezhi_journal.durable_files import move_file, replace_file
from xiezhi_link.hub_channel import HubChannel
from xiezhi_node.config import NodePaths
from xiezhi_node.hub_calls import as_told
from xiezhi_node.trusting import follow_authorities, is_from_newest
from xiezhi_wire.certificates import court_in, load_key, node_request
from xiezhi_wire.startup import StartupError

LOOK_EVERY_S: Final = 600.0
CALL_TIMEOUT_S: Final = 30.0
_log = structlog.get_logger(__name__)


class CertificateRenewal:
    """Keeps the certificate of *court*'s node fresh; *changed* is called after the file has got a new one.

    *told* is called with what the hub says is to be trusted.

    The key stays: one file is replaced whole or not at all, two could be found not to fit after a crash.
    """

    def __init__(
        self,
        paths: NodePaths,
        court: str,
        hub: HubChannel,
        changed: Callable[[], None],
        clock: Callable[[], int],
        told: Callable[[GetTrustResponse], Awaitable[None]] | None = None,
    ) -> None:
        self._paths = paths
        self._court = court
        self._hub = hub
        self._changed = changed
        self._clock = clock
        self._told = told
        self._refused = ""

    async def run(self) -> None:
        """Look every few minutes, until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(LOOK_EVERY_S)

    async def look(self) -> bool:
        """Follow the hub's authorities, and renew the certificate if it is time; returns whether it was renewed.

        A failure is logged and tried again.
        """
        try:
            followed, behind = await self._follow()
            renewed = behind or self._clock() >= await asyncio.to_thread(self._due_at)
            if renewed:
                await self._renew()
        except (DomainError, grpc.RpcError, OSError, StartupError, ValueError) as error:
            _log.warning("certificate_not_renewed", problem=str(error))
            await self._fall_back(error)
            return False
        if followed or renewed:
            self._changed()
        return renewed

    async def _follow(self) -> tuple[bool, bool]:
        """Return whether other authorities are trusted now, and whether the certificate is from an older one."""
        stub = EnrolmentServiceStub(self._hub.channel)
        try:
            answer = await stub.GetTrust(GetTrustRequest(), timeout=CALL_TIMEOUT_S)
        except grpc.aio.AioRpcError as error:
            if error.code() is grpc.StatusCode.UNIMPLEMENTED:
                return False, False  # a hub of the version before
            raise
        await self._tell(answer)
        followed = await asyncio.to_thread(follow_authorities, self._paths, answer.authorities)
        return followed, not await asyncio.to_thread(is_from_newest, self._paths, answer.authorities)

    async def _tell(self, answer: GetTrustResponse) -> None:
        """Pass on what the hub says; a false statement about keys of its log ends neither trust nor certificates."""
        if self._told is None:
            return
        refused = ""
        try:
            await self._told(answer)
        except DomainError as error:
            refused = error.message
        if refused and refused != self._refused:
            _log.error("log_keys_not_followed", problem=refused)
        self._refused = refused

    async def _fall_back(self, error: Exception) -> None:
        """Take the certificate of before, once, where the hub says that it never handed out the present one."""
        before, told = self._paths.tls_chain_before, None
        if isinstance(error, grpc.aio.AioRpcError):
            told = as_told(error)
        if told is not None and told.reason is Reason.CERTIFICATE_INVALID and before.exists():
            _log.warning("certificate_of_before_taken")
            await asyncio.to_thread(move_file, before, self._paths.tls_chain)
            self._changed()

    def _due_at(self) -> int:
        certificate = x509.load_pem_x509_certificate(self._paths.tls_chain.read_bytes())
        begin, end = to_ms(certificate.not_valid_before_utc), to_ms(certificate.not_valid_after_utc)
        return begin + (end - begin) * 2 // 3

    async def _renew(self) -> None:
        key_pem = await asyncio.to_thread(self._paths.tls_key.read_bytes)
        request = RenewCertificateRequest(certificate_request=node_request(key_pem, self._court))
        stub = EnrolmentServiceStub(self._hub.channel)
        answer = await stub.RenewCertificate(request, timeout=CALL_TIMEOUT_S)
        await asyncio.to_thread(self._keep, answer.certificate_chain, key_pem)

    def _keep(self, chain: bytes, key_pem: bytes) -> None:
        """Put the new certificate in the place of the old one.

        :raises ValueError: it is not this node's, which could not connect with it any more.
        """
        certificate = x509.load_pem_x509_certificate(chain)
        if certificate.public_key() != load_key(key_pem).public_key():
            raise ValueError("the certificate is of another key")
        if court_in(certificate.extensions) != self._court:
            raise ValueError("the certificate is another court's")
        replace_file(self._paths.tls_chain_before, self._paths.tls_chain.read_bytes())
        replace_file(self._paths.tls_chain, chain)
        _log.info("certificate_renewed", until=to_text(to_ms(certificate.not_valid_after_utc)))
