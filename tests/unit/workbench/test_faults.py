"""A fault of ours: said in Chinese, without what went wrong, under the same policy as every page."""

from pathlib import Path

import httpx
import pytest

from xiezhi_workbench.app import build
from xiezhi_workbench.config import WorkbenchSettings


@pytest.fixture
def settings(tmp_path: Path) -> WorkbenchSettings:
    return WorkbenchSettings(
        serves="node",
        server="127.0.0.1:1",
        server_authority=tmp_path / "ca.pem",
        certificate=tmp_path / "chain.pem",
        certificate_key=tmp_path / "key.pem",
    )


async def test_a_fault_tells_nothing_and_carries_the_policy(settings: WorkbenchSettings) -> None:
    app = build(settings)

    async def broken(_request: object) -> None:
        raise RuntimeError("what nobody outside may read")

    app.add_route("/broken", broken)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="https://court.example") as client:
        answer = await client.get("/broken")
    assert answer.status_code == 500
    assert "系统管理员" in answer.text
    assert "nobody outside" not in answer.text
    assert "script-src 'self';" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"
