"""What entries have to keep to, tried on entries that no hub would write."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.unit.evidence.signing import SigningKey
from tests.unit.evidence.vectors import FOLDER, needs_vectors

from xiezhi_client.verify.audit import Audit, run_audit
from xiezhi_client.verify.findings import Verdict, not_proven, tampered
from xiezhi_client.verify.log_audit import AuditedCopy
from xiezhi_client.verify.log_compare import compare_logs
from xiezhi_client.verify.log_rules import EntryRules
from xiezhi_client.verify.pins import Pins
from xiezhi_domain.events.header import Base, Header, Seen, encode_header
from xiezhi_domain.events.ids import stream_id
from xiezhi_domain.events.ruling import Ruling, encode_entry, encode_ruling
from xiezhi_domain.evidence.canonical import format_base64
from xiezhi_domain.evidence.keys import KeyId
from xiezhi_domain.evidence.merkle import EMPTY_ROOT, leaf_hash

COURT, OTHER = "苏0591", "苏0508"
KEY = SigningKey("court", 7)
KEY_ID = KeyId.of(KEY.public).format()
MATTER = "019b76da-a800-7a0b-8c0d-0e0f10111213"
NOT_PROVEN = 4


@dataclass
class Log:
    """A log in memory under the rules, that begins with the key of one court."""

    rules: EntryRules
    count: int = 0

    def add(self, header: Header, ruling: Ruling) -> tuple[list[str], str]:
        """What is said of the entry, and its leaf hash."""
        entry = encode_entry(encode_header(header), encode_ruling(ruling))
        leaf = leaf_hash(entry)
        found = list(self.rules.check(self.count, entry, leaf))
        self.count += 1
        return [finding.text for finding in found], leaf.hex()


def header(kind: str, instruction: str, facts: dict, sender: str = COURT, key: str = KEY_ID) -> Header:
    body = EMPTY_ROOT.hex()
    return Header(MATTER, instruction, kind, sender, OTHER, Base(), Seen("log"), 1, key, body, facts)


@pytest.fixture
def log() -> Log:
    facts = {"purpose": "EVENT", "key": KEY_ID, "public": format_base64(KEY.public)}
    begun = Log(EntryRules())
    said, _ = begun.add(header("KeyAdded", stream_id(COURT), facts), Ruling(True, 1, "", 1))
    assert said == []
    return begun


def first_key(sender: str, key: SigningKey) -> Header:
    key_id = KeyId.of(key.public).format()
    facts = {"purpose": "EVENT", "key": key_id, "public": format_base64(key.public)}
    return header("KeyAdded", stream_id(sender), facts, sender, key_id)


def test_a_second_key_that_nobody_signed_but_itself_convicts() -> None:
    """A hub that writes it could from then on speak for the court."""
    log, forged = Log(EntryRules()), SigningKey("forged", 8)
    assert log.add(first_key("苏05", SigningKey("hub", 9)), Ruling(True, 1, "", 1))[0] == []
    said, first = log.add(first_key(COURT, KEY), Ruling(True, 1, "", 2))
    assert said == []
    [said], _ = log.add(first_key(COURT, forged), Ruling(True, 2, first, 3))
    assert "登记的密钥不成立" in said
    [said], _ = log.add(step(key=KeyId.of(forged.public).format()), Ruling(True, 1, "", 4))
    assert "当时未登记" in said


def step(sender: str = COURT, key: str = KEY_ID) -> Header:
    return header("Signed", MATTER, {}, sender, key)


def test_entries_that_chain_are_not_spoken_of(log: Log) -> None:
    said, first = log.add(step(), Ruling(True, 1, "", 2))
    assert said == []
    assert log.add(step(), Ruling(False, 1, first, 3, "STALE_BASE"))[0] == []
    assert log.add(step(), Ruling(True, 2, first, 4))[0] == []


@pytest.mark.parametrize(
    ("ruling", "words"),
    [
        (Ruling(True, 2, "", 2), "序号 2，应为 1"),
        (Ruling(True, 1, "ab" * 32, 2), "不衔接"),
        (Ruling(False, 1, "", 2, "STALE_BASE"), "序号 1，应为 0"),
        (Ruling(True, 1, "", 1), "裁定时间"),
    ],
)
def test_a_ruling_that_does_not_follow_is_named(log: Log, ruling: Ruling, words: str) -> None:
    [said] = log.add(step(), ruling)[0]
    assert "第 1 项" in said
    assert words in said


def test_a_step_under_no_key_or_anothers_is_named(log: Log) -> None:
    [unknown] = log.add(step(key=KeyId.of(bytes(32)).format()), Ruling(True, 1, "", 2))[0]
    assert "未登记" in unknown
    log = Log(log.rules, 2)
    _, first = log.add(header("Viewed", "x", {}), Ruling(True, 1, "", 3))
    [foreign] = log.add(header("Viewed", "x", {}, sender=OTHER), Ruling(True, 2, first, 4))[0]
    assert f"由 {OTHER} 作出，所用密钥却是 {COURT} 的" in foreign


def test_a_key_that_was_revoked_signs_no_more(log: Log) -> None:
    facts = {"purpose": "EVENT", "key": KEY_ID, "public": format_base64(KEY.public)}
    first = next(iter(log.rules._last.values()))[0]
    assert log.add(header("KeyRevoked", stream_id(COURT), facts), Ruling(True, 2, first, 2))[0] == []
    [said] = log.add(step(), Ruling(True, 1, "", 3))[0]
    assert "已经停用" in said


def test_what_the_program_cannot_read_is_not_called_tampering() -> None:
    [finding] = EntryRules().check(0, b"\x02new", bytes(32))
    assert finding.verdict is Verdict.NOT_PROVEN


def test_what_a_difference_proves_depends_on_what_was_checked() -> None:
    whole = AuditedCopy("甲", leaves={0: b"a"}, whole=True)
    for other, words in (
        (AuditedCopy("乙", leaves={0: b"b"}, whole=True), "两套历史"),
        (AuditedCopy("乙", leaves={0: b"b"}, findings=[not_proven("缺少文件")]), "有一份没有读全"),
        (AuditedCopy("乙", leaves={0: b"b"}, signatures=1), "如该院存有这一项的存证回执"),
        (
            AuditedCopy("乙", leaves={0: b"b"}, findings=[tampered("改动")]),
            "乙 被改动；甲 与平台签名的检查点相符",
        ),
    ):
        assert words in compare_logs(whole, other)[0].text
    assert compare_logs(whole, AuditedCopy("乙", leaves={0: b"a"}, whole=True)) == []
    assert "没有共同的记录" in compare_logs(whole, AuditedCopy("乙"))[0].text


@needs_vectors
def test_a_log_of_others_has_its_root_and_tiles_checked(tmp_path: Path) -> None:
    """Its entries are words, so nothing is said of them; its tree holds."""
    for path in (FOLDER / "tessera-log").rglob("*"):
        if path.is_file():
            place = tmp_path / path.relative_to(FOLDER / "tessera-log")
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(path.read_bytes())
    (tmp_path / "checkpoint.8").rename(tmp_path / "checkpoint")
    vkey = "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx"
    pins = Pins("example.com/log/testdata", (vkey,))
    since = [tmp_path / f"checkpoint.{size}" for size in range(8)]
    result = run_audit(Audit(str(tmp_path), pins, since=since))
    assert result.verdict is Verdict.NOT_PROVEN
    assert all("读不懂" in finding.text for finding in result.copies[0].findings)
    (tmp_path / "tile" / "0" / "000.p" / "8").write_bytes(bytes(256))
    assert run_audit(Audit(str(tmp_path), pins)).verdict is Verdict.TAMPERED


def test_the_verifier_needs_nothing_that_its_extra_does_not_bring(tmp_path: Path) -> None:
    absent = [
        "typer",
        "rich",
        "openpyxl",
        "sqlalchemy",
        "httpx",
        "starlette",
        "uvicorn",
        "pydantic",
        "structlog",
    ]
    program = (
        f"import sys; sys.modules.update(dict.fromkeys({absent!r}))\n"
        "from xiezhi_client.verify.program import main\nmain()"
    )
    vkey = "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx"
    words = ["audit", str(tmp_path), "--origin", "example.com/log/testdata", "--log-key", vkey]
    done = subprocess.run(
        [sys.executable, "-c", program, *words], capture_output=True, text=True, check=False, encoding="utf-8"
    )
    assert (done.returncode, done.stderr) == (NOT_PROVEN, "")
    assert "缺少文件 checkpoint" in done.stdout
