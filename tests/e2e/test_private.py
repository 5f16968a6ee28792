"""Nothing personal in logs, metrics, temporary files or anything else beside journals and papers."""

import base64
from pathlib import Path

import pytest
from tests.e2e.private import beside_the_journals, personal_words, spellings, traces
from tests.stage.plugin import StageServer, run_command

WATCHED = Path(__file__).with_name("watched_demo.py")
STORIES = ("find", "queries", "entrust", "firstweek", "distribution")
"""Stories with parties, holders of property, accounts of courts, visits, sheets from outside."""


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize("story", STORIES)
async def test_nothing_personal_leaves_journals_and_papers(
    story: str, stage_server: StageServer, tmp_path: Path
) -> None:
    folder, temporary = tmp_path / "demo", tmp_path / "tmp"
    temporary.mkdir()
    command = ("python", WATCHED, "--once", "--folder", folder, "--story", story)
    done = await run_command(stage_server, *command, environment={"TMPDIR": str(temporary)}, seconds=580)
    assert done["code"] == 0, done["err"] + done["out"]
    words = personal_words(folder.rglob("journal.db"))
    assert {"320500189901010016", "张某演", "陈法官"} <= words
    files = [*beside_the_journals(folder), *(file for file in temporary.rglob("*") if file.is_file())]
    looked_into = {file.name for file in files}
    assert looked_into >= {"log.txt", "metrics.txt", "config.toml"}
    assert traces(files, words) == []


@pytest.mark.parametrize("word", ["张某演", "320500189901010016", "苏E·00000", "000-0000-0001"])
def test_what_is_planted_is_found_in_every_spelling(word: str, tmp_path: Path) -> None:
    for at, spelling in enumerate(sorted(spellings(word))):
        planted = tmp_path / f"log-{at}.txt"
        planted.write_bytes(b"2026-01-01 INFO before" + spelling + b"after\n")
        assert traces([planted], [word]) == [(str(planted), word)]


@pytest.mark.parametrize("before", ["", "a", "ab", "abc"])
def test_base64_is_seen_through_wherever_the_word_begins(before: str, tmp_path: Path) -> None:
    planted = tmp_path / "trace.json"
    planted.write_bytes(base64.b64encode(f"{before}张某演{before}".encode()))
    assert traces([planted], ["张某演", "李某演"]) == [(str(planted), "张某演")]
