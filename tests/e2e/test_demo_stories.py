"""The stories of the demo, each played by itself to its end; what has to be told is told."""

from pathlib import Path

import pytest
from tests.stage.plugin import ROOT, StageServer, run_command

TOLD = {
    "firstweek": (
        "结束时一键清除",
        "初始密码只写入文件一次",
        "同一台账再导入一次没有重复",
        "请在全国事项委托系统办理",
        "改正后起草 3 件并送审",
        "份存证回执和录入单",
    ),
    "papers": (
        "5/5",
        "缺委托函",
        "字段写错时指出",
        "到达时自动核验：签章有效（苏0591 演示印章）",
        "文书逐字节一致",
    ),
    "supervision": ("中院看到该期限已超期", "电话催办在先", "同时看到", "退回第一稿", "获准", "标记消失"),
    "remedies": (
        "转办：",
        "改派：",
        "委托法院异议成立",
        "再提一次被拒",
        "恢复后办理期限顺延",
        "评价“满意”",
        "撤回：",
        "催办：",
        "中院裁定“成立”",
        "代为确认",
        "电话先行：",
    ),
    "clocks": (
        "已提醒姑苏法院",
        "姑苏法院收到超期通知",
        "试算不产生任何影响",
        "三、枢纽停机数日",
        "逐一列出",
    ),
    "queries": (
        "【不动产登记】有记录",
        "【税务】暂未返回",
        "【商业保险】协助单位退回",
        "三、查询其他人被拒绝",
        "轮候第 1 位",
        "演示火车站",
        "结果拆回两件事项",
    ),
}
CHECKED = "逐字节一致，存证回执离线核验通过"


@pytest.mark.parametrize("story", TOLD)
async def test_a_story_plays_to_its_end(story: str, stage_server: StageServer, tmp_path: Path) -> None:
    program = ROOT / "examples" / "suzhou" / "demo.py"
    command = ("python", program, "--once", "--folder", tmp_path / "demo", "--story", story)
    done = await run_command(stage_server, *command, seconds=280)
    assert done["code"] == 0, done["err"] + done["out"]
    missing = [words for words in (*TOLD[story], CHECKED) if words not in done["out"]]
    assert not missing, done["out"]
