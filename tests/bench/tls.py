"""Certificates of a benchmark run: one hub, two courts; every connection is mTLS."""

import time
from datetime import timedelta
from pathlib import Path

from tests.bench.courts import HUB, RECEIVER, SENDER

from xiezhi_wire.ca import CertificateAuthority
from xiezhi_wire.certificates import create_key, node_request, server_request

LIFETIME = timedelta(days=1)


def create(directory: Path) -> None:
    """Write the authority and, for hub and courts, `<code>.key` with `<code>.server.pem` and `<code>.client.pem`."""
    directory.mkdir()
    now_ms = time.time_ns() // 1_000_000
    authority = CertificateAuthority.create(directory, "bench", now_ms, 2 * LIFETIME)
    for court in (HUB, SENDER, RECEIVER):
        key = create_key(directory / f"{court}.key")
        server = authority.issue_server(server_request(key), ["127.0.0.1"], now_ms, LIFETIME)
        client = authority.issue_node(node_request(key, court), court, now_ms, LIFETIME)
        (directory / f"{court}.server.pem").write_bytes(server.chain_pem)
        (directory / f"{court}.client.pem").write_bytes(client.chain_pem)
