"""The simulated registry beside one court's node: a process of its own, over mTLS."""

import json
import subprocess
from pathlib import Path

from stage import BIN, Actor, StageError

REGION = "320508"
NAME = "苏州模拟登记平台"
BEHAVIOUR = """
[default]
delay_ms = 150
[category.BANK]
delay_ms = 900
[category.UTILITIES]
delay_ms = 600
[category.TAX]
down = true
[category.INSURANCE]
manner = "refuse"
[watch]
seen_after_ms = 300
copies = 2
"""


def open_registry(folder: Path, court: str, node: Actor) -> Actor:
    """Start the simulator and let the node of *court* know it; the node is started again. Returns the simulator."""
    folder.mkdir(mode=0o700)
    program, tls = str(BIN / "xiezhi-registry-sim"), folder / "tls"
    made = subprocess.run(
        [program, "certificate", str(tls), "--court", court], capture_output=True, text=True, check=False
    )
    if made.returncode:
        raise StageError(f"模拟登记平台的证书没有生成：{made.stderr.strip()}")
    (folder / "behaviour.toml").write_text(BEHAVIOUR, "utf-8")
    (folder / "data").mkdir()
    announced = folder / "data" / "endpoints.json"
    command = [
        *(program, "serve", "--certificates", str(tls), "--address", "127.0.0.1:0"),
        *("--behaviour", str(folder / "behaviour.toml"), "--announce", str(announced)),
    ]
    registry = Actor(NAME, program, command, folder)
    registry.start()
    (folder / "registries.toml").write_text(_known_as(registry.endpoints()["address"], tls), "utf-8")
    config = node.folder / "config.toml"
    known = f"registries_file = {json.dumps(str(folder / 'registries.toml'))}\n"
    node.stop()
    config.write_text(config.read_text("utf-8") + known, "utf-8")
    node.start()
    return registry


def _known_as(address: str, tls: Path) -> str:
    """Return what the node's configuration says of the simulator."""
    values = {
        "name": NAME,
        "address": address,
        "authority": str(tls / "ca.pem"),
        "certificate": str(tls / "node" / "chain.pem"),
        "key": str(tls / "node" / "key.pem"),
        "regions": [REGION[:4]],
        "controls": True,
        "watch": True,
        "at_once": 4,
    }
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in values.items()]
    return "\n".join([f'region = "{REGION}"', "[[connector]]", *lines, ""])
