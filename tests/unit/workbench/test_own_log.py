"""What the workbench's own log tells: nothing of addresses, which hold what was searched for."""

import logging
import ssl
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
import uvicorn
from _pytest.logging import LogCaptureHandler
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from xiezhi_wire.ca import CertificateAuthority
from xiezhi_wire.certificates import create_key, server_request
from xiezhi_workbench.config import WorkbenchSettings
from xiezhi_workbench.serve import configure, listen

NOW = 1_767_225_600_000
HOST, NAME = "127.0.0.1", "张某演"


async def _found(_request: Request) -> Response:
    return PlainTextResponse("found")


APP = Starlette(routes=[Route("/received", _found)])


@pytest.fixture
def config(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> uvicorn.Config:
    """As the workbench is served, with everything told that it ever tells, to what *capfd* reads."""
    del capfd
    (tmp_path / "ca").mkdir()
    authority = CertificateAuthority.create(tmp_path / "ca", "desk", NOW, timedelta(days=1))
    key, chain = tmp_path / "desk.key", tmp_path / "desk.pem"
    request = server_request(create_key(key))
    chain.write_bytes(authority.issue_server(request, [HOST], NOW, timedelta(days=1)).chain_pem)
    files = {"server_authority": chain, "certificate": chain, "certificate_key": key}
    settings = {"serves": "node", "server": f"{HOST}:7443", "log_level": "DEBUG", **files}
    made = configure(WorkbenchSettings.model_validate(settings), APP)
    # pytest listens to loggers that pass nothing on, and whom somebody listens to uvicorn tells everything.
    access = logging.getLogger("uvicorn.access")
    access.handlers = [each for each in access.handlers if not isinstance(each, LogCaptureHandler)]
    return made


@pytest.fixture
def browser(config: uvicorn.Config) -> Iterator[httpx.Client]:
    trust = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trust.check_hostname, trust.verify_mode = False, ssl.CERT_NONE
    with listen(f"{HOST}:0") as listener:
        server = uvicorn.Server(config)
        serving = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        serving.start()
        try:
            address = f"https://{HOST}:{listener.getsockname()[1]}"
            with httpx.Client(base_url=address, verify=trust, trust_env=False) as browser:
                yield browser
        finally:
            server.should_exit = True
            serving.join()


def test_no_line_of_the_log_holds_what_was_asked_for(
    browser: httpx.Client, capfd: pytest.CaptureFixture[str]
) -> None:
    wanted = {"text": NAME}
    assert browser.get("/received", params=wanted).status_code == 200
    assert browser.get("/nowhere", params=wanted).status_code == 404
    told = "".join(capfd.readouterr())
    assert "Application startup complete" in told, "the log is heard"
    assert not [spelling for spelling in (NAME, quote(NAME), "/received", "/nowhere") if spelling in told]
