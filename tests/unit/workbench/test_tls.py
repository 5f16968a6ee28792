"""Which TLS browsers are let in with."""

import ssl
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from starlette.applications import Starlette

from xiezhi_wire.ca import CertificateAuthority
from xiezhi_wire.certificates import create_key, server_request
from xiezhi_workbench.certificate import CertificateFiles
from xiezhi_workbench.config import WorkbenchSettings
from xiezhi_workbench.serve import configure

NOW = 1_767_225_600_000
HOST = "127.0.0.1"


@pytest.fixture
def served(tmp_path: Path) -> ssl.SSLContext:
    """What the workbench shakes hands with."""
    (tmp_path / "ca").mkdir()
    authority = CertificateAuthority.create(tmp_path / "ca", "desk", NOW, timedelta(days=1))
    key, chain = tmp_path / "desk.key", tmp_path / "desk.pem"
    request = server_request(create_key(key))
    chain.write_bytes(authority.issue_server(request, [HOST], NOW, timedelta(days=1)).chain_pem)
    files = {"server_authority": chain, "certificate": chain, "certificate_key": key}
    settings = WorkbenchSettings.model_validate({"serves": "node", "server": "127.0.0.1:7443", **files})
    context = configure(settings, Starlette()).ssl
    assert context is not None
    return context


def shaken(served: ssl.SSLContext, newest: ssl.TLSVersion) -> str | None:
    """The version that a browser and the workbench agree on, whose newest is *newest*."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    # Which certificate it is, is tried elsewhere.
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.maximum_version = newest
    to_server, to_browser = ssl.MemoryBIO(), ssl.MemoryBIO()
    browser = context.wrap_bio(to_browser, to_server)
    server = served.wrap_bio(to_server, to_browser, server_side=True)
    for end in (browser, server, browser, server):
        try:
            end.do_handshake()
        except ssl.SSLWantReadError:
            continue
    return server.version()


def shown_by(served: ssl.SSLContext) -> bytes | None:
    """The certificate that a browser sees."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    to_server, to_browser = ssl.MemoryBIO(), ssl.MemoryBIO()
    browser = context.wrap_bio(to_browser, to_server)
    server = served.wrap_bio(to_server, to_browser, server_side=True)
    for end in (browser, server, browser, server):
        with suppress(ssl.SSLWantReadError):
            end.do_handshake()
    return browser.getpeercert(binary_form=True)


def test_a_renewed_certificate_is_shown_to_who_comes_next(served: ssl.SSLContext, tmp_path: Path) -> None:
    chain, key = tmp_path / "desk.pem", tmp_path / "desk.key"
    files, first = CertificateFiles(served, chain, key), shown_by(served)
    assert not files.look()
    good = chain.read_bytes()
    for half in (b"", b"no certificate"):
        chain.write_bytes(half)
        assert not files.look()
        assert shown_by(served) == first
    authority = CertificateAuthority.load(tmp_path / "ca")
    request = server_request(key.read_bytes())
    chain.write_bytes(authority.issue_server(request, [HOST], NOW, timedelta(days=1)).chain_pem)
    assert chain.read_bytes() != good
    assert files.look()
    assert shown_by(served) not in (None, first)


def test_browsers_come_in_by_tls_1_3_alone(served: ssl.SSLContext) -> None:
    assert shaken(served, ssl.TLSVersion.TLSv1_3) == "TLSv1.3"
    with pytest.raises(ssl.SSLError, match=r"(?i)protocol"):
        shaken(served, ssl.TLSVersion.TLSv1_2)
