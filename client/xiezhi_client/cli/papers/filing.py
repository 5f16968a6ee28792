"""`xiezhi letter filing`: the papers at the filing of cases, for every debtor of every case, with one command."""

import hashlib
import json
import sys
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.progress import Progress

from xiezhi_client.cli.arguments import read_file
from xiezhi_client.cli.papers.fields import Entries, Folder, Formats, entries_of, formats_of, save
from xiezhi_client.cli.run import run_of
from xiezhi_client.sdk import (
    Case,
    Client,
    InvalidInput,
    LetterForm,
    LetterOrder,
    MadeRow,
    NotAllowed,
    NotFound,
    Subject,
    batch_request_id,
)
from xiezhi_client.sdk.content import safe_name
from xiezhi_client.sdk.vocabulary import LetterFormat
from xiezhi_client.typed.words import word
from xiezhi_domain.terms import PaperType, SubjectRole

MOST_AT_ONCE: Final = 500
"""Letters of one call (PaperService.MakeLetters)."""
RESTRICTED: Final = "restricted"
"""The entry that is read from the case: who is restricted together with an organisation (限高规定 第3条)."""
_BEHIND: Final = frozenset(
    {SubjectRole.LEGAL_REPRESENTATIVE, SubjectRole.PERSON_IN_CHARGE, SubjectRole.ACTUAL_CONTROLLER}
)


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper to be made, or why there is none for its case."""

    case_number: str
    debtor: str = ""
    letter: LetterOrder | None = None
    reason: str = ""
    problem: str = ""


def filing(
    ctx: typer.Context,
    case: Annotated[list[str], typer.Option("--case", metavar="案号", help="案号，可重复")] = [],  # noqa: B006  # typer copies it
    listed: Annotated[
        Path | None,
        typer.Option(
            "--list", exists=True, dir_okay=False, metavar="清单", help="案号清单：文本文件，每行一个"
        ),
    ] = None,
    entries: Entries = [],  # noqa: B006  # typer copies it
    fields: Annotated[
        Path | None,
        typer.Option(
            "--fields",
            exists=True,
            dir_okay=False,
            metavar="文件",
            help="字段内容（JSON 或 TOML），如执行款专户",
        ),
    ] = None,
    formats: Formats = [],  # noqa: B006  # typer copies it
    to: Folder = Path(),
) -> None:
    """Make the papers, telling how far it is; what cannot be known is asked for once."""
    run = run_of(ctx)
    numbers = _numbers(case, listed)
    forms = [form for form in run.online(lambda client: client.papers.letters()) if form.about_case]
    given = {**_of_file(fields), **entries_of(entries)}
    given |= _asked(forms, given, may_ask=sys.stdin.isatty() and not run.screen.as_json)
    papers = run.online(lambda client: _papers(client, numbers, forms, given, formats_of(formats)))
    results = [_result(paper, paper.reason, paper.problem) for paper in papers if paper.letter is None]
    results += run.online(lambda client: _made(client, papers, to))
    run.screen.data(results)
    run.screen.table(
        "",
        ("案号", SubjectRole.DEBTOR.zh, "文书", "结果"),
        [(each["case"], each["debtor"], word(PaperType, each["paper"]), _word(each)) for each in results],
    )
    if any(each["reason"] for each in results):
        raise typer.Exit(1)


# --- What was entered ------------------------------------------------------------------------------------------------


def _numbers(named: Sequence[str], listed: Path | None) -> list[str]:
    """Give the case numbers, each once. Raise `typer.BadParameter` where there is none."""
    lines = listed.read_text("utf-8-sig").splitlines() if listed else []
    numbers = dict.fromkeys(text.strip() for text in (*named, *lines) if text.strip())
    if not numbers:
        raise typer.BadParameter("请用 --case 写明案号，或用 --list 指定案号清单")
    return list(numbers)


def _of_file(path: Path | None) -> dict[str, str]:
    return {name: str(value) for name, value in read_file(path).items()} if path else {}


def _asked(forms: Sequence[LetterForm], given: Mapping[str, str], *, may_ask: bool) -> dict[str, str]:
    """Ask for the fields that are required and were not *given*.

    Raise `InvalidInput`, naming all of them, where nobody is there to be asked, and for a field that no paper has: a
    slip of the pen would leave a place empty.
    """
    entered = {field.name: field for form in forms for field in form.fields if field.entered}
    if unknown := sorted(given.keys() - entered.keys()):
        known = "、".join(f"{name}（{field.label}）" for name, field in entered.items())
        raise InvalidInput.in_field(unknown[0], f"没有这个字段，可填写的有：{known}")
    lacking = [each for each in entered.values() if each.required and not given.get(each.name, "").strip()]
    if lacking and not may_ask:
        names = "、".join(f"{field.name}（{field.label}）" for field in lacking)
        raise InvalidInput.in_field(lacking[0].name, f"请用 --set 或 --fields 填写：{names}")
    return {field.name: typer.prompt(field.label) for field in lacking}


# --- The cases -------------------------------------------------------------------------------------------------------


async def _papers(
    client: Client,
    numbers: Sequence[str],
    forms: Sequence[LetterForm],
    given: Mapping[str, str],
    formats: Sequence[LetterFormat],
) -> list[Paper]:
    """Give all papers of all cases; a case that cannot be read is one that has a problem."""
    papers: list[Paper] = []
    for number in numbers:
        try:
            papers += _of_case(await client.cases.get(number), forms, given, formats)
        except (InvalidInput, NotAllowed, NotFound) as error:
            papers.append(Paper(number, reason=error.reason, problem=error.message))
    return papers


def _of_case(
    case: Case, forms: Sequence[LetterForm], given: Mapping[str, str], formats: Sequence[LetterFormat]
) -> Iterator[Paper]:
    debtors = [subject for subject in case.subjects if subject.role == SubjectRole.DEBTOR]
    if not debtors:
        yield Paper(case.case_number, reason="NO_DEBTOR", problem=f"本案没有{SubjectRole.DEBTOR.zh}")
    for debtor in debtors:
        known = {RESTRICTED: _people_behind(case)} if debtor.organisation else {}
        for form in forms:
            names = {field.name for field in form.fields if field.entered}
            entries = {name: text for name, text in {**known, **given}.items() if name in names and text}
            yield Paper(
                case.case_number,
                _name(debtor),
                LetterOrder(
                    paper_type=form.paper_type,
                    case_number=case.case_number,
                    subject_number=debtor.number,
                    entries=entries,
                    formats=formats,
                ),
            )


def _people_behind(case: Case) -> str:
    """Give the people whom the case names behind its organisations."""
    return "、".join(_name(subject) for subject in case.subjects if subject.role in _BEHIND)


def _name(subject: Subject) -> str:
    if subject.person:
        return subject.person.name
    return subject.organisation.name if subject.organisation else ""


# --- The papers ------------------------------------------------------------------------------------------------------


async def _made(client: Client, papers: Sequence[Paper], folder: Path) -> list[dict[str, Any]]:
    """Make and save the papers, each case's in a folder of its own."""
    rows = {str(at): paper for at, paper in enumerate(papers, 1) if paper.letter is not None}
    results = []
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("生成文书", total=len(rows))
        async for row in _in_batches(client, rows):
            bar.advance(task)
            paper = rows[row.row]
            results.append(_result(paper, row.reason, row.message, _saved(paper, row, folder)))
    return results


async def _in_batches(client: Client, rows: Mapping[str, Paper]) -> AsyncIterator[MadeRow]:
    waiting = [(row, paper.letter) for row, paper in rows.items() if paper.letter is not None]
    for first in range(0, len(waiting), MOST_AT_ONCE):
        letters = dict(waiting[first : first + MOST_AT_ONCE])
        # Made of the content, so that a broken batch can be asked for again without a letter made twice.
        content = [str(letter.to_proto()) for letter in letters.values()]
        digest = hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()
        async for row in client.papers.make_many(letters, request_id=batch_request_id(digest, "filing")):
            yield row


def _saved(paper: Paper, row: MadeRow, folder: Path) -> list[str]:
    """Save what was made of a paper; debtors of one name do not get into each other's way."""
    own = folder / safe_name(paper.case_number)
    if row.made:
        own.mkdir(exist_ok=True)
    number = paper.letter.subject_number if paper.letter else 0
    return [save(own, f"{number}-{each.name}", each.content) for each in row.made]


def _result(paper: Paper, reason: str, message: str, files: Sequence[str] = ()) -> dict[str, Any]:
    return {
        "case": paper.case_number,
        "debtor": paper.debtor,
        "paper": paper.letter.paper_type if paper.letter else "",
        "files": list(files),
        "reason": reason,
        "message": message,
    }


def _word(result: Mapping[str, Any]) -> str:
    return f"未生成：{result['message']}" if result["reason"] else "、".join(result["files"])
