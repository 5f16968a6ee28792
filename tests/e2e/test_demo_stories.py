"""The stories of the demo, each played by itself to its end (`make test-stories`); what has to be told is told."""

import runpy
from pathlib import Path

import pytest
from tests.stage.plugin import ROOT, StageServer, run_command

SUZHOU = ROOT / "examples" / "suzhou"
STORIES = tuple(runpy.run_path(str(SUZHOU / "stories.py"))["STORIES"])
TOLD = {
    "find": ("四、枢纽被强行断电", "五、姑苏节点被强行断电", "逐字节一致"),
    "entrust": (
        "已委托 125,000.00 元，已控制 50,000.00 元",
        "超过申请标的及费用 128,000.00 元",
        "已委托 125,000.00 元，已控制 0.00 元",
        "三件事项，三方所存 18 项记录逐字节一致",
    ),
    "assistance": ("陆局长、何院长 先后审批", "三方所存 6 项记录逐字节一致"),
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
        "苏0508.toml:4 kind.FIND.papers.paper",
        "姑苏法院的本地要求：委托调查车辆的，附车辆照片",
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
    "distribution": (
        "合计分毫不差",
        "异议期内不能定稿：还不能确定分配方案：异议期未满",
        "争议的 50,000.00 元提存",
        "共得 86,585.37 元",
        "逐字节一致",
    ),
    "handover": (
        "已超过60日",
        "到达证明为日志第",
        "首封法院答复的期间尚未届满",
        "应先续封",
        "顺位不变：{1: 1, 2: 2}",
        "与总额 156800001 分不符",
        "登记簿与款项一致",
    ),
    "orders": (
        "尚缺执行裁定书",
        "执行规定 第70条",
        "多一分立案被拒绝",
        "编号和历史不变",
        "跟踪至归结",
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
    "delegation": (
        "省内请用事项委托或报请指定执行",
        "应先续行查封再移交（依据：委托执行规定 第6条）",
        "新案申请标的应为原案未执行到位的金额",
        "顺位 2 不变",
        "逐字节一致",
    ),
}
CHECKED = "离线核验通过"


@pytest.mark.stories
@pytest.mark.timeout(600)
@pytest.mark.parametrize("story", STORIES)
async def test_a_story_plays_to_its_end(story: str, stage_server: StageServer, tmp_path: Path) -> None:
    program, folder = SUZHOU / "demo.py", tmp_path / "demo"
    command = ("python", program, "--once", "--folder", folder, "--story", story)
    done = await run_command(stage_server, *command, seconds=580)
    assert done["code"] == 0, done["err"] + done["out"]
    missing = [words for words in (*TOLD.get(story, ()), CHECKED) if words not in done["out"]]
    assert not missing, done["out"]
