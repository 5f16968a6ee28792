"""通知: what was told outside the platform and what became of it; where one is told, and of what."""

from typing import Any, Final, cast
from urllib.parse import urlencode

from starlette.responses import Response
from starlette.routing import Route

from xiezhi_client.sdk import NotificationSettings, XiezhiError
from xiezhi_client.sdk.vocabulary import NotificationChannel as ChannelName
from xiezhi_client.sdk.vocabulary import NotificationState as StateName
from xiezhi_domain.terms import NotificationChannel, NotificationKind, NotificationState, Role
from xiezhi_workbench.page import Page, Problem, page, status_of
from xiezhi_workbench.words import known

HERE: Final = "/notices"
_ROWS: Final = 50
_OVERSEES: Final = frozenset({Role.ADMINISTRATOR, Role.AUDITOR, Role.CENTRE_DIRECTOR, Role.CENTRE_OFFICER})
"""Who is shown what went to others; the server says so too."""
_RETRIES: Final = _OVERSEES - {Role.AUDITOR}
_TONES: Final[dict[str, str]] = {
    "QUEUED": "wait",
    "FAILED": "wait",
    "SENT": "done",
    "GIVEN_UP": "wrong",
    "OUTDATED": "over",
    "DIGESTED": "over",
}


@page
async def show(page: Page) -> Response:
    """Show the journal, narrowed as the address says, and one's own settings."""
    return await _shown(page)


@page
async def retry(page: Page) -> Response:
    """Let one be tried again, and show the journal as it was."""
    try:
        await page.client.notifications.retry(page.request.path_params["id"])
    except XiezhiError as error:
        return await _shown(page, error)
    return page.see(_address(_wanted(page)))


@page
async def save(page: Page) -> Response:
    """Keep one's own settings."""
    channels, kinds = page.form.getlist("channel"), page.form.getlist("kind")
    choices = await page.client.notifications.settings()
    wanted = NotificationSettings(
        email=page.text("settings.email"),
        declined_channels=cast("Any", tuple(str(each) for each in choices.channels if each not in channels)),
        declined_kinds=cast(
            "Any",
            tuple(
                each.value
                for each in NotificationKind
                if each not in kinds and each not in choices.binding_kinds
            ),
        ),
    )
    try:
        await page.client.notifications.set_settings(wanted)
    except XiezhiError as error:
        return await _shown(page, error, typed=wanted)
    return page.see(f"{HERE}?saved=1#wanted")


async def _shown(
    page: Page, error: XiezhiError | None = None, typed: NotificationSettings | None = None
) -> Response:
    wanted = _wanted(page)
    oversees = not _OVERSEES.isdisjoint(page.roles)
    found = await page.client.notifications.page(
        cast("StateName", wanted["state"]),
        cast("ChannelName", wanted["channel"]),
        mine_only=not oversees or wanted["whose"] == "mine",
        page_size=_ROWS,
        page_token=page.request.query_params.get("page", ""),
    )
    choices = await page.client.notifications.settings()
    return page.render(
        "notices/show.html",
        status_of(error) if error else 200,
        problem=Problem.of(error) if error else None,
        wanted=wanted,
        found=found,
        first=_address(wanted) if page.request.query_params.get("page") else "",
        next=_address(wanted | {"page": found.next_page_token}) if found.next_page_token else "",
        oversees=oversees,
        retries=not _RETRIES.isdisjoint(page.roles),
        choices=choices,
        settings_shown=typed or choices.settings or NotificationSettings(),
        query=urlencode({name: value for name, value in wanted.items() if value}),
        tones=_TONES,
        kinds=NotificationKind,
        channels=NotificationChannel,
        states=NotificationState,
    )


def _wanted(page: Page) -> dict[str, str]:
    """Give what the address narrows the journal to; nothing for words that it does not know."""
    query = page.request.query_params
    return {
        "state": known(NotificationState, query.get("state", "")),
        "channel": known(NotificationChannel, query.get("channel", "")),
        "whose": "mine" if query.get("whose") == "mine" else "",
    }


def _address(wanted: dict[str, str]) -> str:
    query = urlencode({name: value for name, value in wanted.items() if value})
    return f"{HERE}?{query}" if query else HERE


routes = [
    Route(HERE, show),
    Route(f"{HERE}/settings", save, methods=["POST"]),
    Route(f"{HERE}/{{id}}/retry", retry, methods=["POST"]),
]
