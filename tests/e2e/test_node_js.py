"""The contract is enough: a client in another language, made from the .proto files alone."""

import json
import shutil
from pathlib import Path

import pytest
from tests.stage.company import Company
from tests.stage.people import DISPATCHER, GUSU, JUDGE, PASSWORD
from tests.stage.plugin import ROOT, Stage

pytestmark = pytest.mark.long

PACKAGES = ("@grpc/grpc-js@1", "@grpc/proto-loader@0")


@pytest.fixture
async def packages(stage: Stage, tmp_path: Path) -> Path:
    """A folder with Node's gRPC packages."""
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")
    done = await stage.run(
        "npm", "install", "--no-audit", "--no-fund", "--prefix", tmp_path, *PACKAGES, cwd=str(tmp_path)
    )
    if done["code"]:
        pytest.skip(f"npm cannot install {' and '.join(PACKAGES)}: {done['err'].strip()[-300:]}")
    return tmp_path


@pytest.mark.node_js
async def test_a_javascript_client_takes_a_step(stage: Stage, packages: Path, company: Company) -> None:
    matter = await company.deliver()
    node = stage.endpoints[GUSU]
    script = Path(__file__).with_name("client.mjs")
    where = (ROOT / "protos", node["desk"], node["ca"])
    done = await stage.run(
        "node", script, *where, DISPATCHER.login, PASSWORD, matter, cwd=str(packages), seconds=60
    )
    assert done["code"] == 0, done["err"]
    assert json.loads(done["out"]) == {
        "listed": [matter],
        "timeline": ["Issued", "Delivered"],
        "state": "INSTRUCTION_STATE_SIGNED",
    }
    await company.until(JUDGE, matter, "SIGNED", settled=True)
