"""What an audit of the log finds out: nothing where nothing was changed, and where and what it proves where it was."""

import asyncio
import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
import pytest_asyncio
from tests.integration.hub.court import ORIGIN, RECEIVER
from tests.integration.hub.tiled import MANY, Stand, served_log
from tests.unit.evidence.signing import SigningKey

from xiezhi_client.verify.audit import Audit, run_audit
from xiezhi_client.verify.findings import Verdict
from xiezhi_client.verify.pins import Pins
from xiezhi_client.verify.program import main
from xiezhi_domain.evidence.checkpoint import Checkpoint
from xiezhi_domain.evidence.cosignature import cosign
from xiezhi_domain.evidence.merkle import leaf_hash, root_of
from xiezhi_domain.evidence.note import ED25519, Note, VerifierKey
from xiezhi_domain.evidence.tilefiles import decode_bundle, encode_bundle


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stand(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stand]:
    async with served_log(tmp_path_factory.mktemp("tiled")) as stand:
        yield stand


pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture
async def log(stand: Stand, tmp_path: Path) -> Path:
    """An export, for one test to spoil."""
    await stand.export(tmp_path / "log")
    return tmp_path / "log"


async def test_a_whole_log_holds_wherever_it_is_read_from(stand: Stand, tmp_path: Path) -> None:
    await stand.export(tmp_path / "log")
    earlier = tmp_path / "earlier"
    earlier.write_bytes((tmp_path / "log" / "checkpoint").read_bytes())
    await stand.rule(2)
    address = f"https://127.0.0.1:{stand.port}"
    database = stand.hub.parts.hub.paths.data_dir / "journal.db"
    for copy in (address, database):
        result = await stand.audit(copy, since=[earlier])
        assert result.verdict is Verdict.CHECKED, result.lines()
        assert len(result.copies[0].leaves) == result.copies[0].newest.size > MANY
    assert result.copies[0].signatures == len(result.copies[0].leaves)
    both = await stand.audit(tmp_path / "log", against=address)
    assert both.verdict is Verdict.CHECKED, both.lines()
    await stand.export(tmp_path / "log")
    old = await stand.audit(tmp_path / "log", since=[tmp_path / "log" / "checkpoint"])
    assert old.verdict is Verdict.CHECKED, old.lines()


async def test_the_witnesses_of_the_checkpoint_are_counted(stand: Stand, log: Path) -> None:
    witnesses = [SigningKey(court, seed) for seed, court in enumerate(("苏0505", "苏0508", "苏0591"), 41)]
    stranger = SigningKey("苏0581", 50)
    note = Note.parse((log / "checkpoint").read_bytes())
    tree = Checkpoint.parse(note.text)
    signers = (*witnesses[:2], stranger)
    lines = tuple(cosign(tree, each.witness_key, 1_767_225_600, each.sign) for each in signers)
    (log / "checkpoint").write_bytes(Note(note.text, note.signatures + lines).format())
    keys = tuple(each.witness_key.format() for each in witnesses)
    for needed, word in ((2, "WITNESSED"), (3, "ACCEPTED")):
        pins = Pins(ORIGIN, stand.pins.log_vkeys, keys, needed)
        result = await asyncio.to_thread(run_audit, Audit(str(log), pins))
        assert result.verdict is Verdict.CHECKED
        [copy] = result.plain()["copies"]
        assert (copy["standing"], copy["cosigned"]) == (word, ["苏0505", "苏0508"])
        assert any(f"3 家见证方中 2 家会签，须 {needed} 家" in line for line in result.lines())
    [copy] = (await stand.audit(log)).plain()["copies"]
    assert (copy["standing"], copy["witnesses"]) == ("ACCEPTED", 0)


async def test_a_truncated_tile_and_a_missing_one_are_told_apart(stand: Stand, log: Path) -> None:
    tile = log / "tile" / "0" / "000"
    whole = tile.read_bytes()
    tile.write_bytes(whole[:-1])
    truncated = await stand.audit(log)
    assert truncated.verdict is Verdict.TAMPERED
    assert any("tile/0/000" in line and "8191" in line for line in truncated.lines())
    tile.unlink()
    missing = await stand.audit(log)
    assert missing.verdict is Verdict.NOT_PROVEN
    assert any("缺少文件 tile/0/000" in line for line in missing.lines())


async def test_a_reordered_log_is_found_out_and_the_entries_named(stand: Stand, log: Path) -> None:
    bundle = log / "tile" / "entries" / "000"
    entries = decode_bundle(bundle.read_bytes(), 256)
    entries[40], entries[50] = entries[50], entries[40]
    bundle.write_bytes(encode_bundle(entries))
    result = await stand.audit(log)
    assert result.verdict is Verdict.TAMPERED
    said = "\n".join(result.lines())
    for index in (40, 50):
        assert f"日志第 {index} 项的内容与节点块中的哈希值不符：平台签名所覆盖的记录不是这一项" in said
    untouched = shutil.copytree(log, log.parent / "good")
    bundle_of_good = untouched / "tile" / "entries" / "000"
    entries[40], entries[50] = entries[50], entries[40]
    bundle_of_good.write_bytes(encode_bundle(entries))
    compared = await stand.audit(log, against=str(untouched))
    assert any(
        f"从第 40 项起不同（共同的 {len(compared.copies[0].leaves)} 项中有 2 项不同）" in line
        for line in compared.lines()
    )
    assert any(f"{log} 被改动；{untouched} 与平台签名的检查点相符" in line for line in compared.lines())


async def test_two_histories_under_one_key_convict_the_hub(stand: Stand, log: Path) -> None:
    """The hub signs a second history: whoever has both copies can show it."""
    other = rewritten(stand, log, shutil.copytree(log, log.parent / "other"))
    for copy in (log, other):
        assert (await stand.audit(copy)).verdict is Verdict.CHECKED
    result = await stand.audit(log, against=str(other))
    assert result.verdict is Verdict.TAMPERED
    assert any("平台对同一位置签出了两套历史" in line for line in result.lines())
    since = await stand.audit(log, since=[other / "checkpoint"])
    assert since.verdict is Verdict.TAMPERED
    assert any("平台签过名的历史不会再变" in line for line in since.lines())


async def test_a_copy_that_cannot_be_read_whole_convicts_nobody(stand: Stand, log: Path) -> None:
    other = shutil.copytree(log, log.parent / "other")
    bundle = other / "tile" / "entries" / "000"
    entries = decode_bundle(bundle.read_bytes(), 256)
    entries[40], entries[50] = entries[50], entries[40]
    bundle.write_bytes(encode_bundle(entries))
    shutil.rmtree(other / "tile" / "entries" / "001.p")
    result = await stand.audit(log, against=str(other))
    said = "\n".join(result.lines())
    assert "从第 40 项起不同" in said
    assert f"{other} 被改动；{log} 与平台签名的检查点相符" in said
    assert "两套历史" not in said


def rewritten(stand: Stand, log: Path, other: Path) -> Path:
    """The log without its last entry but one, signed by the hub's own key."""
    size = int((log / "checkpoint").read_bytes().split(b"\n")[1])
    last = log / f"tile/entries/001.p/{size - 256}"
    entries = decode_bundle(last.read_bytes(), size - 256)
    del entries[-2]
    shutil.rmtree(other / "tile/entries/001.p")
    shutil.rmtree(other / "tile/0/001.p")
    for kind, content in (("entries", encode_bundle(entries)), ("0", b"".join(map(leaf_hash, entries)))):
        place = other / f"tile/{kind}/001.p/{len(entries)}"
        place.parent.mkdir()
        place.write_bytes(content)
    first = decode_bundle((log / "tile/entries/000").read_bytes(), 256)
    root = root_of([leaf_hash(entry) for entry in (*first, *entries)])
    (other / "checkpoint").write_bytes(stand.journal.signer.sign(size - 1, root))
    return other


async def test_without_the_right_pins_nothing_is_proven(stand: Stand, log: Path) -> None:
    stranger = VerifierKey(ORIGIN, ED25519, stand.court.event_key.public_key).format()
    rotated = Pins(ORIGIN, (stranger, *stand.pins.log_vkeys))
    for pins, verdict in (
        (Pins(ORIGIN, (stranger,)), Verdict.NOT_PROVEN),
        (Pins("hub.other.example/xiezhi", stand.pins.log_vkeys), Verdict.NOT_PROVEN),
        (rotated, Verdict.CHECKED),
    ):
        result = await asyncio.to_thread(run_audit, Audit(str(log), pins))
        assert result.verdict is verdict, result.lines()
    said = (await asyncio.to_thread(run_audit, Audit(str(log), Pins(ORIGIN, (stranger,))))).lines()
    assert any(stranger.split("+")[1] in line and "更换日志密钥" in line for line in said)


async def test_a_false_signature_of_a_pinned_key_is_tampering(stand: Stand, log: Path) -> None:
    note = (log / "checkpoint").read_bytes()
    (log / "checkpoint").write_bytes(note.replace(b"\n3", b"\n4", 1))
    assert (await stand.audit(log)).verdict is Verdict.TAMPERED


async def test_a_journal_that_was_changed_says_at_which_entry(stand: Stand, tmp_path: Path) -> None:
    source = sqlite3.connect(stand.hub.parts.hub.paths.data_dir / "journal.db")
    copy = sqlite3.connect(tmp_path / "journal.db")
    with closing(source), closing(copy):
        source.backup(copy)
        header, position = copy.execute(
            "SELECT header, event.position FROM event "
            "JOIN ruling ON ruling.position = event.position WHERE log_index = 60"
        ).fetchone()
        changed = header.replace("〔2026〕".encode(), "〔2025〕".encode())
        assert changed != header
        copy.execute("UPDATE event SET header = ? WHERE position = ?", (changed, position))
        copy.commit()
    result = await stand.audit(tmp_path / "journal.db")
    assert result.verdict is Verdict.TAMPERED
    said = "\n".join(result.lines())
    assert "日志第 60 项的内容与入库时的哈希值不符" in said
    assert "日志第 60 项的法院签名不成立" in said


async def test_a_court_holds_its_part_against_the_whole_log(stand: Stand, log: Path, tmp_path: Path) -> None:
    """What a node has is a part of the log: alone it proves nothing of its place, with the whole log it does."""
    source = sqlite3.connect(stand.hub.parts.hub.paths.data_dir / "journal.db")
    part = sqlite3.connect(tmp_path / "part.db")
    with closing(source), closing(part):
        source.backup(part)
        part.execute("DELETE FROM ruling WHERE log_index BETWEEN 100 AND 120")
        part.commit()
    assert (await stand.audit(tmp_path / "part.db")).verdict is Verdict.NOT_PROVEN
    result = await stand.audit(tmp_path / "part.db", against=str(log))
    assert result.verdict is Verdict.CHECKED, result.lines()


async def test_what_a_court_was_never_sent_is_named(stand: Stand, log: Path, tmp_path: Path) -> None:
    """The journal of a node whose hub has left out 21 entries that name its court."""
    source = sqlite3.connect(stand.hub.parts.hub.paths.data_dir / "journal.db")
    node = sqlite3.connect(tmp_path / "node.db")
    with closing(source), closing(node):
        source.backup(node)
        node.execute("INSERT OR REPLACE INTO pin (name, value) VALUES ('court', ?)", [RECEIVER])
        node.commit()
        whole = await stand.audit(tmp_path / "node.db", against=str(log))
        assert whole.verdict is Verdict.CHECKED, whole.lines()
        node.execute("DELETE FROM ruling WHERE log_index BETWEEN 100 AND 120")
        node.commit()
    for copy, against in ((tmp_path / "node.db", log), (log, tmp_path / "node.db")):
        result = await stand.audit(copy, against=str(against))
        assert result.verdict is Verdict.NOT_PROVEN
        [finding] = result.between
        assert f"有 21 项写明与 {RECEIVER} 有关（最早为第 100 项）" in finding.text


async def test_the_verifier_alone_audits_what_lies_in_a_folder(
    stand: Stand, log: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["audit", str(log), "--origin", ORIGIN, "--log-key", stand.pins.log_vkeys[0]]
    for extra, code in (([], 0), (["--json"], 0), (["--against", str(log / "checkpoint")], 2)):
        with pytest.raises(SystemExit) as left:
            main([*words, *extra])
        assert left.value.code == code
    assert "核对通过" in capsys.readouterr().out


async def test_a_database_of_somebody_else_is_no_journal(stand: Stand, tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE ruling (log_index, position, ruling, leaf)")
        database.commit()
    result = await stand.audit(path)
    assert result.verdict is Verdict.NOT_PROVEN
    assert any("不是协执的日志库" in line for line in result.lines())
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE event (position, header, push)")
        database.execute("CREATE TABLE checkpoint (size, note)")
        database.execute("INSERT INTO ruling VALUES (0, 1, 'text', 7)")
        database.execute("INSERT INTO event VALUES (1, 'text', NULL)")
        database.execute("INSERT INTO checkpoint VALUES (1, 'text')")
        database.commit()
    result = await stand.audit(path)
    assert result.verdict is Verdict.TAMPERED
    assert any("不是协执所写的内容" in line for line in result.lines())
