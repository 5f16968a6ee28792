"""The operator's commands, as far as they end by themselves; `serve` runs in the tests with real processes."""

import json
import sys
from pathlib import Path

import pytest

from xiezhi_hub.cli import main
from xiezhi_wire.jointoken import decode

CONFIG = """\
court = "苏05"
origin = "hub.su05.example/xiezhi"
data_dir = "{directory}/data"
join_address = "127.0.0.1:7453"
"""


class Operator:
    """Types commands and reads what they say."""

    def __init__(
        self, directory: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.file = directory / "hub.toml"
        self.file.write_text(CONFIG.format(directory=directory), encoding="utf-8")
        self._monkeypatch, self._capsys = monkeypatch, capsys

    def run(self, *words: str) -> tuple[int, str, str]:
        """Exit code, what was printed, and what was said beside it."""
        self._capsys.readouterr()
        self._monkeypatch.setattr(sys, "argv", ["xiezhi-hub", *words, "--config", str(self.file)])
        with pytest.raises(SystemExit) as left:
            main()
        said = self._capsys.readouterr()
        return int(left.value.code or 0), said.out.strip(), said.err.strip()


@pytest.fixture
def operator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Operator:
    return Operator(tmp_path, monkeypatch, capsys)


def test_a_hub_from_nothing_to_a_join_token(operator: Operator) -> None:
    code, password, _ = operator.run("init")
    assert (code, len(password) >= 12) == (0, True)
    code, findings, _ = operator.run("doctor")
    assert (code, {line[0] for line in findings.splitlines()}) == (0, {"✓"})
    code, token, _ = operator.run("enrol", "苏0508")
    assert (code, decode(token).court, decode(token).address) == (0, "苏0508", "localhost:7453")


def test_the_log_is_exported_and_a_folder_with_a_longer_one_is_kept(
    operator: Operator, tmp_path: Path
) -> None:
    operator.run("init")
    folder = tmp_path / "log"
    for written in (2, 0):
        code, said, _ = operator.run("export", str(folder))
        assert (code, f"现有日志 2 项，本次写入 {written} 个文件" in said) == (0, True)
    assert json.loads((folder / "pins.json").read_text("utf-8"))["origin"] == "hub.su05.example/xiezhi"
    checkpoint = folder / "checkpoint"
    longer = checkpoint.read_text("utf-8").replace("\n2\n", "\n3\n")
    checkpoint.write_text(longer, "utf-8")
    code, _, error = operator.run("export", str(folder))
    assert (code, "枢纽可能丢失了记录" in error) == (1, True)
    assert checkpoint.read_text("utf-8") == longer


def test_mistakes_are_told_in_one_line(operator: Operator) -> None:
    code, _, error = operator.run("enrol", "苏0508")
    assert (code, "xiezhi-hub init" in error) == (1, True)
    operator.run("init")
    for words, said in {
        ("init",): "已经初始化",
        ("enrol", "苏0601"): "不是本枢纽服务的法院",
        ("enrol", "five"): "法院代字不正确",
        ("revoke", "苏0508"): "没有找到有效的证书",
        ("reopen",): "不可撤销",
        ("reopen", "--yes"): "origin",
        ("account", "create", "fan", "--name", "范督办", "--role", "KING"): "没有这个岗位",
    }.items():
        code, _, error = operator.run(*words)
        assert (code, said in error, "Traceback" in error) == (1, True, False)


def test_keys_are_exchanged(operator: Operator, tmp_path: Path) -> None:
    for words in (("rotate-key",), ("log-key", "begin"), ("log-key", "status"), ("log-key", "finish")):
        code, _, error = operator.run(*words)
        assert (code, "密钥" in error, error.count("\n")) == (1, True, 0)
    operator.run("init")
    code, said, _ = operator.run("rotate-key")
    assert (code, "新签名密钥" in said) == (0, True)
    code, _, error = operator.run("rotate-key")
    assert (code, "正在更换" in error) == (1, True)
    assert "✓ 签名密钥：正在更换" in operator.run("doctor")[1]
    code, _, error = operator.run("log-key", "begin", "--signer", str(tmp_path / "none.sock"))
    assert (code, "none.sock 不可用" in error) == (1, True)
    assert operator.run("log-key", "begin")[0] == 0
    old, new = operator.run("log-key", "status")[1].splitlines()
    code, said, _ = operator.run("log-key", "finish")
    assert (code, new in said, operator.run("log-key", "status")[1]) == (0, True, new)
    assert old != new
    code, _, error = operator.run("log-key", "finish")
    assert (code, "log-key begin" in error) == (1, True)


def test_accounts_are_made(operator: Operator) -> None:
    operator.run("init", "--admin", "root")
    words = ("account", "create", "fan", "--name", "范督办", "--role", "SUPERVISOR", "--role", "AUDITOR")
    code, password, _ = operator.run(*words)
    assert (code, len(password) >= 12) == (0, True)
    assert operator.run(*words)[0] == 1


def test_the_configuration_is_shown_and_checked(operator: Operator) -> None:
    assert operator.run("config", "check")[:2] == (0, "配置无误")
    shown = json.loads(operator.run("config", "show")[1])
    assert (shown["court"], shown["database_file"]) == ("苏05", None)
    operator.file.write_text(operator.file.read_text() + 'colour = "red"\n')
    code, _, error = operator.run("config", "check")
    assert (code, "colour" in error) == (1, True)


def test_migrating_and_renewing_do_no_harm(operator: Operator) -> None:
    operator.run("init")
    assert operator.run("migrate")[0] == 0
    assert operator.run("renew-certificate")[0] == 0
    assert operator.run("doctor")[0] == 0
