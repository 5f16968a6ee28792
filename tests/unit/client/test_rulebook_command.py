"""`xiezhi rulebook`: rules in words, slips with their place, what has changed."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from xiezhi_client.cli.app import app
from xiezhi_domain.rulebook import shipped_rulebook

JIANGSU = 'province = "苏"\n[kind.FIND.limits.handle]\namount = 5\n'


def run(*args: str) -> Result:
    return CliRunner().invoke(app, ["rulebook", *args])


@pytest.fixture
def jiangsu(tmp_path: Path) -> Path:
    path = tmp_path / "jiangsu.toml"
    path.write_text(JIANGSU, encoding="utf-8")
    return path


@pytest.mark.parametrize("kind", shipped_rulebook().kinds)
def test_every_kind_is_shown_by_its_chinese_name(kind: str) -> None:
    rules = shipped_rulebook().kind(kind)
    shown = run("show", rules.name)
    assert shown.exit_code == 0
    for word in (rules.name, "未确认", rules.limits["handle"].title, *(act.zh for act in rules.acts)):
        assert word in shown.output


def test_the_rules_between_two_courts(jiangsu: Path) -> None:
    def days(*between: str) -> int:
        shown = run("show", "FIND", "--file", str(jiangsu), "--json", *between)
        return next(
            limit["amount"] for limit in json.loads(shown.output)["limits"] if limit["name"] == "handle"
        )

    assert days("--from", "苏0591", "--to", "苏0508") == 5
    assert days("--from", "浙0102", "--to", "苏0508") == 7


def test_papers_of_later_steps_are_shown_with_who_brings_them() -> None:
    shown = run("show", "DISTRIBUTION")
    for word in ("各步骤随附文书", "财产分配方案", "分配方案异议书", "送达回证"):
        assert word in shown.output
    rows = json.loads(run("show", "DISTRIBUTION", "--json").output)["enclosures"]
    told = {tuple(row["moves"]): row for row in rows}
    assert told["PlanIssued",]["papers"] == ["DISTRIBUTION_PLAN"]
    assert (told["PlanObjected",]["sides"], told["PlanObjected",]["optional"]) == (["sender"], False)


def test_what_an_article_keeps_off_the_ladder_is_shown_with_it() -> None:
    bars = shipped_rulebook().kind("ORDER_INSTRUCT").bars
    assert bars
    shown = run("show", "ORDER_INSTRUCT", "--json")
    told = {bar["event"]: bar for bar in json.loads(shown.output)["bars"]}
    assert told.keys() == bars.keys()
    assert told["Returned"]["source"] == bars["Returned"].citation.source
    table = "".join(run("show", "ORDER_INSTRUCT").output.split())
    assert "不得进行的步骤" in table
    assert "执行规定第70条" in table
    assert "不得进行的步骤" not in run("show", "FIND").output


def test_an_unknown_kind_is_told_with_the_known_ones() -> None:
    shown = run("show", "NO_SUCH_KIND")
    assert shown.exit_code == 2
    assert "FIND" in shown.output


def test_check_names_file_line_and_key(jiangsu: Path) -> None:
    assert "正确" in run("check", str(jiangsu)).output
    jiangsu.write_text(JIANGSU.replace("amount", "amuont"), encoding="utf-8")
    refused = run("check", str(jiangsu))
    assert refused.exit_code == 1
    assert "jiangsu.toml:3 kind.FIND.limits.handle.amuont" in refused.stderr


def test_diff_names_what_has_changed(tmp_path: Path) -> None:
    other = tmp_path / "other.toml"
    other.write_bytes(shipped_rulebook().content.replace(b'version = "2026.1"', b'version = "2026.2"'))
    changed = json.loads(run("diff", "shipped", str(other), "--json").output)
    assert changed == [{"path": "version", "before": "2026.1", "after": "2026.2"}]
    assert "内容相同" in run("diff", "shipped", "shipped").output
