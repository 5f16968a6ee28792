"""本地要求: a court's own rules, proposed and taken back at its node, consented to or declined at the hub."""

from typing import Final

from starlette.responses import Response
from starlette.routing import Route

from xiezhi_client.sdk import (
    DecidedChange,
    NotFound,
    NotSignedIn,
    ProposedChange,
    ProposedRules,
    RulebookDocument,
    XiezhiError,
)
from xiezhi_domain.errors import FormatError
from xiezhi_domain.terms import OwnRulesState, Role
from xiezhi_workbench.page import Page, Problem, page, status_of
from xiezhi_workbench.pages.rules import HERE as RULES
from xiezhi_workbench.pages.rules import day_in, documents_in, tabs_of

_KEYS: Final = {
    "papers": "所需文书",
    "feedback": "办结应交文书",
    "limits": "期限",
    "approval": "审批",
    "channel": "渠道",
    "valid_from": "生效日期",
}
"""What the hub's court consents to, by the key of the rules."""


@page
async def propose_form(page: Page) -> Response:
    """Show the form: a file, or that the court wants no rules of its own any more."""
    return _form(page, withdrawing="withdraw" in page.request.query_params)


@page
async def propose(page: Page) -> Response:
    """Tell what would change, or propose what was told."""
    withdrawing, tried, error = bool(page.text("withdraw")), None, None
    document = RulebookDocument()
    try:
        if not withdrawing:
            document = (await documents_in(page))[0]
        proposing = page.text("step") == "propose"
        tried = await page.client.own_rules.propose(
            document, day_in(page), dry_run=not proposing, request_id=page.text("request_id")
        )
        if proposing:
            return page.see(RULES, "已申报，线路畅通时自动送中院")
    except (XiezhiError, FormatError) as refused:
        tried, error = None, refused
    return _form(page, document, tried, error, withdrawing=withdrawing)


def _form(
    page: Page,
    document: RulebookDocument | None = None,
    tried: ProposedChange | None = None,
    error: XiezhiError | FormatError | None = None,
    *,
    withdrawing: bool,
) -> Response:
    return page.render(
        "rules/propose.html",
        status_of(error) if error else 200,
        tabs=tabs_of(page),
        document=document,
        tried=tried,
        withdrawing=withdrawing,
        keys=_KEYS,
        valid_from=page.text("valid_from"),
        problem=Problem.of(error) if error else None,
    )


@page
async def proposal(page: Page) -> Response:
    """Show a proposal, and at the hub what consent would change."""
    return await _one(page)


@page
async def decide(page: Page) -> Response:
    """Consent to a proposal, which publishes it, or decline."""
    consent = page.text("decision") == "consent"
    try:
        await page.client.own_rules.decide(
            page.request.path_params["id"],
            consent=consent,
            reason=page.text("reason"),
            seen=page.text("seen") if consent else "",
            request_id=page.text("request_id"),
        )
    except XiezhiError as error:
        return await _one(page, error)
    return page.see(RULES, "已同意并发布" if consent else "已不予采纳，理由已告知该院")


async def _one(page: Page, error: XiezhiError | None = None) -> Response:
    which = page.request.path_params["id"]
    found = await _find(page, which)
    may_decide = (
        page.is_hub and Role.CENTRE_DIRECTOR in page.roles and found.state == OwnRulesState.AWAITING_CONSENT
    )
    tried, problem = None, Problem.of(error) if error else None
    if may_decide:
        try:
            tried = await _try(page, which)
        except NotSignedIn:
            raise
        except XiezhiError as refused:
            problem = problem or Problem.of(refused)
    return page.render(
        "rules/proposal.html",
        status_of(error) if error else 200,
        tabs=tabs_of(page),
        proposal=found,
        tried=tried,
        may_decide=may_decide,
        states=OwnRulesState,
        keys=_KEYS,
        reason=page.text("reason"),
        problem=problem,
    )


async def _try(page: Page, which: str) -> DecidedChange:
    return await page.client.own_rules.decide(which, consent=True, dry_run=True)


async def _find(page: Page, which: str) -> ProposedRules:
    async for each in page.client.own_rules.proposed(page_size=200):
        if each.proposal_id == which:
            return each
    raise NotFound("RULES_PROPOSAL_UNKNOWN", "没有这项申报")


routes = [
    Route(f"{RULES}/propose", propose_form),
    Route(f"{RULES}/propose", propose, methods=["POST"]),
    Route(f"{RULES}/proposals/{{id}}", proposal),
    Route(f"{RULES}/proposals/{{id}}", decide, methods=["POST"]),
]
