"""渠道: on which channel matters go, the policy in force, and at the hub the next one."""

from typing import Final, cast

from starlette.responses import Response
from starlette.routing import Route

from xiezhi_client.sdk import ChannelRule, XiezhiError
from xiezhi_client.sdk.vocabulary import Channel as ChannelName
from xiezhi_domain.terms import Channel, Kind, Role
from xiezhi_workbench import administering
from xiezhi_workbench.numbers import whole
from xiezhi_workbench.page import Page, Problem, page, status_of

HERE: Final = f"{administering.HERE}/channels"
_SPARE: Final = 3
"""Empty rows of the form."""


@page
async def show(page: Page) -> Response:
    """Show the policy in force."""
    return await _shown(page)


@page
async def put(page: Page) -> Response:
    """Put another policy in force; a row without a channel is left out."""
    rules = _rules(page)
    try:
        seen = whole(page.text("seen"), "seen", "请刷新页面后重新填写")
        policy = await page.client.channels.set_policy(
            rules, page.text("ground"), seen_version=seen, request_id=page.text("request_id")
        )
    except XiezhiError as error:
        return await _shown(page, rules, error)
    return page.see(HERE, f"渠道规则第 {policy.version} 版已启用")


async def _shown(
    page: Page, typed: list[ChannelRule] | None = None, error: XiezhiError | None = None
) -> Response:
    policy = await page.client.channels.policy()
    courts = await page.client.directory.courts()
    rows = list(policy.rules) if typed is None else typed
    return page.render(
        "admin/channels.html",
        status_of(error) if error else 200,
        tabs=administering.tabs(page.roles, is_hub=page.is_hub),
        policy=policy,
        rows=[*rows, *[ChannelRule()] * _SPARE],
        kinds=[(each.value, each.zh) for each in Kind],
        channels=Channel,
        courts=[(each.code, each.name) for each in courts],
        may_change=page.is_hub and Role.CENTRE_DIRECTOR in page.roles,
        ground=page.text("ground"),
        problem=Problem.of(error) if error else None,
    )


def _rules(page: Page) -> list[ChannelRule]:
    columns = [page.form.getlist(name) for name in ("kind", "sender", "receiver", "channel")]
    rows = [[str(cell) for cell in row] for row in zip(*columns, strict=False)]
    return [
        ChannelRule(kind=kind, sender=sender, receiver=receiver, channel=cast(ChannelName, channel))
        for kind, sender, receiver, channel in rows
        if channel in set(Channel)
    ]


routes = [Route(HERE, show), Route(HERE, put, methods=["POST"])]
