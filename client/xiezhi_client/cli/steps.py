"""A step that is taken with papers: they are uploaded for the matter first."""

from collections.abc import Awaitable, Callable, Sequence

import typer

from xiezhi_client.cli.run import take_step
from xiezhi_client.sdk import ActionReceipt, Client, Document
from xiezhi_client.typed.papers import Paper, upload
from xiezhi_domain.terms import Action

Step = Callable[[Client, str, tuple[Document, ...]], Awaitable[ActionReceipt]]


def step_with_papers(
    ctx: typer.Context, matter: list[str], action: Action, attach: Sequence[str], step: Step
) -> None:
    """Upload papers, take one step on a matter, print its receipt.

    Raise `typer.BadParameter`, before anything is sent, for a paper that is none.
    """
    papers = [Paper.parse(each) for each in attach]

    async def work(client: Client, which: str) -> ActionReceipt:
        return await step(client, which, await upload(client, which, papers))

    take_step(ctx, matter, action, work)
