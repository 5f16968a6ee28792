"""改派转办, 投诉与异议: matters in which courts wait for a decision of their superior."""

from collections.abc import Collection
from typing import Final

from starlette.responses import Response
from starlette.routing import Route

from xiezhi_client.sdk import AwaitingMatter
from xiezhi_domain.terms import Action, Appeal
from xiezhi_workbench.asking import first
from xiezhi_workbench.page import Page, page

_MOST: Final = 200
_MOVING: Final = frozenset({Appeal.WRONG_COURT, Appeal.TRANSFER, Appeal.RULING})
_ACTS: Final = {
    Appeal.WRONG_COURT: (Action.REROUTE, Action.REFUSE_REROUTE),
    Appeal.TRANSFER: (Action.TRANSFER_SENDER, Action.REFUSE_TRANSFER),
    Appeal.OBJECTION: (Action.RULE_ON_OBJECTION,),
    Appeal.DISPUTE: (Action.RULE_ON_DISPUTE,),
    Appeal.COMPLAINT: (Action.RULE_ON_COMPLAINT,),
}
"""What answers what the courts wait for; the page of the matter says whether the reader may."""


@page
async def moving(page: Page) -> Response:
    """Show what may have to go to another court."""
    return await _shown(page, "改派转办", "受托法院认为应由其他法院办理、案件已移送其他法院的事项", _MOVING)


@page
async def appeals(page: Page) -> Response:
    """Show complaints, objections to returns, disputes about results."""
    return await _shown(page, "投诉与异议", "投诉、退回异议和对办理结果的争议", frozenset(Appeal) - _MOVING)


async def _shown(page: Page, title: str, about: str, wanted: Collection[str]) -> Response:
    def is_wanted(matter: AwaitingMatter) -> bool:
        return any(appeal in wanted for appeal in matter.appeals)

    found = await first(page.client.superior.awaiting(page_size=_MOST), _MOST, is_wanted)
    return page.render(
        "supervise/awaiting.html",
        title=title,
        about=about,
        found=found,
        most=_MOST,
        acts=_ACTS,
        wanted=wanted,
    )


routes = [Route("/rerouting", moving), Route("/appeals", appeals)]
