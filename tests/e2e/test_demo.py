"""The demo that the README promises, as a visitor runs it."""

import json
import stat
from pathlib import Path

from tests.e2e.private import beside_the_journals, personal_words, traces
from tests.stage.plugin import ROOT, StageServer, run_command

SCENES = (
    "一、备案",
    "二、园区法院发起",
    "三、姑苏法院签收分派",
    "四、枢纽被强行断电",
    "五、姑苏节点被强行断电",
)


async def test_the_demo_plays_its_story_and_leaves(stage_server: StageServer, tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    program = ROOT / "examples" / "suzhou" / "demo.py"
    done = await run_command(stage_server, "python", program, "--once", "--folder", folder, seconds=280)
    assert done["code"] == 0, done["err"] + done["out"]
    for scene in (*SCENES, "六、办理轨迹", "七、核验"):
        assert scene in done["out"]
    assert "短信 → 1000000" in done["out"]
    assert "签名有效" in done["out"]
    assert "三方所存 7 项记录逐字节一致" in done["out"]
    endpoints = folder / "endpoints.json"
    assert stat.S_IMODE(endpoints.stat().st_mode) == 0o600
    told = json.loads(endpoints.read_text("utf-8"))
    assert set(told["nodes"]) == {"苏05", "苏0591", "苏0508"}
    assert told["accounts"]["chen"]["password"]
    directors = {told["accounts"][login]["place"] for login in ("qian", "sun", "zhou")}
    assert directors == set(told["nodes"])
    words = personal_words(folder.rglob("journal.db"))
    assert {"320500189901010016", "张某演", "陈法官"} <= words
    assert traces(beside_the_journals(folder), words) == []
