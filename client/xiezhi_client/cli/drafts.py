"""Drafting an order of any kind with its papers, and handing it in."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import typer

from xiezhi_client.cli.arguments import read_file
from xiezhi_client.cli.run import Run, instruction_id, say_receipt
from xiezhi_client.orders import AnyDraft, AnyOrder, draft
from xiezhi_client.sdk import (
    ActionReceipt,
    Client,
    DossierPick,
    InvalidInput,
    new_instruction_id,
)
from xiezhi_client.typed.papers import Paper, beside, upload
from xiezhi_client.typed.words import word
from xiezhi_domain.terms import Action, PaperType


@dataclass(frozen=True, slots=True)
class Attached:
    """What goes with an order: files, and papers of the case's dossier."""

    papers: Sequence[Paper]
    picks: Sequence[DossierPick]


def draft_with_papers(
    run: Run, order: AnyOrder, attached: Attached, redraft: str, *, submit: bool
) -> AnyDraft:
    """Upload the papers, draft, tell what is missing, and hand in if asked; leaves with 1 where papers are missing."""

    async def work(client: Client) -> tuple[AnyDraft, ActionReceipt | None]:
        which = await instruction_id(client, [redraft]) if redraft else new_instruction_id()
        documents = await upload(client, which, attached.papers)
        documents += await client.dossiers.attach(which, order.case_number, attached.picks)
        drafted = await draft(client, replace(order, documents=order.documents + documents), which)
        if not submit or drafted.missing_papers:
            return drafted, None
        return drafted, await client.instructions.submit(which)

    drafted, submitted = run.online(work)
    run.screen.data({"draft": drafted, "submitted": submitted})
    if drafted.receipt is not None:
        say_receipt(run.screen, Action.CREATE, drafted.receipt)
    _show_missing(run, drafted)
    if submitted is not None:
        say_receipt(run.screen, Action.SUBMIT, submitted)
    elif submit:
        run.screen.say("文书不齐，尚未送审。补齐后运行 xiezhi submit")
        raise typer.Exit(1)
    return drafted


def read_order_file(file: Path) -> tuple[dict[str, Any], list[Paper]]:
    """Read the fields of an order, and the papers of its ``attach`` list; relative files lie beside the order's."""
    values = read_file(file)
    attached = values.pop("attach", [])
    if not isinstance(attached, list) or not all(isinstance(each, str) for each in attached):
        raise InvalidInput.in_field("attach", "应为文字列表，每项写成 类型=文件")
    return values, [Paper.parse(each, beside(file.parent)) for each in attached]


def _show_missing(run: Run, drafted: AnyDraft) -> None:
    for warning in drafted.warnings:
        run.screen.say(f"请注意：{warning}")
    if drafted.missing_papers:
        rows = [(word(PaperType, paper.paper_type), paper.reason) for paper in drafted.missing_papers]
        run.screen.table("尚缺文书", ("文书", "依据"), rows)
