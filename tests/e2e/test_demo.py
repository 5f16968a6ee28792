"""The demo that the README promises, as a visitor runs it."""

import json
import stat
from pathlib import Path

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
    assert "三方所存 7 项记录逐字节一致" in done["out"]
    endpoints = folder / "endpoints.json"
    assert stat.S_IMODE(endpoints.stat().st_mode) == 0o600
    told = json.loads(endpoints.read_text("utf-8"))
    assert set(told["nodes"]) == {"苏05", "苏0591", "苏0508"}
    assert told["accounts"]["chen"]["password"]
    directors = {told["accounts"][login]["place"] for login in ("qian", "sun", "zhou")}
    assert directors == set(told["nodes"])


async def test_the_stories_of_delegation_play_one_after_another(
    stage_server: StageServer, tmp_path: Path
) -> None:
    folder = tmp_path / "demo"
    program = ROOT / "examples" / "suzhou" / "demo.py"
    stories = ("--story", "entrust", "--story", "assistance")
    done = await run_command(
        stage_server, "python", program, "--once", "--folder", folder, *stories, seconds=280
    )
    assert done["code"] == 0, done["err"] + done["out"]
    for told in (
        "已委托 125,000.00 元，已控制 50,000.00 元",
        "超过申请标的及费用 128,000.00 元",
        "已委托 125,000.00 元，已控制 0.00 元",
        "三件事项，三方所存 18 项记录逐字节一致",
        "陆局长、何院长 先后审批",
        "三方所存 6 项记录逐字节一致",
    ):
        assert told in done["out"]
