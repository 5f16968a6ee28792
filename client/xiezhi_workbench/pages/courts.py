"""法院接入: the courts' nodes and their links as the hub measures them; inviting a court and shutting one out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from starlette.responses import Response
from starlette.routing import Route

from xiezhi_client.sdk import CourtInvitation, CourtLink, InvalidInput, XiezhiError
from xiezhi_domain.terms import Role
from xiezhi_workbench import words
from xiezhi_workbench.page import Page, Problem, page, status_of

HERE: Final = "/courts"
_LAGGING: Final = timedelta(minutes=5)
_CLOCK_OFF_MS: Final = 60_000
"""The hub refuses a node whose clock is five minutes off; people should know long before."""
_EXPIRING: Final = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Line:
    """A court's link with what deserves attention."""

    link: CourtLink
    state: str
    tone: str
    lags: bool
    clock_off: bool
    expires: datetime | None
    expiring: bool

    @classmethod
    def of(cls, link: CourtLink) -> "Line":
        """Judge a link."""
        now = words.now()
        stream = link.stream
        # What was shown on the line counts; where there is none, what was handed out.
        shown = stream.certificate_ends_at if stream and link.connected else None
        expires = shown or link.certificate_ends_at
        state, tone = _state(link)
        return cls(
            link=link,
            state=state,
            tone=tone,
            lags=bool(link.waiting_since and now - link.waiting_since > _LAGGING),
            clock_off=bool(stream and abs(stream.clock_offset_ms) > _CLOCK_OFF_MS),
            expires=expires,
            expiring=bool(expires and expires - now < _EXPIRING),
        )


def _state(link: CourtLink) -> tuple[str, str]:
    if link.connected:
        return "已连接", "done"
    if link.disabled:
        return "已停用", "over"
    if link.joined_at:
        return "未连接", "wrong"
    return ("待加入", "wait") if link.invited_until else ("尚未加入", "over")


@page
async def show(page: Page) -> Response:
    """Show the courts."""
    return await _shown(page)


@page
async def confirm(page: Page) -> Response:
    """Ask before a court is shut out."""
    code = page.request.path_params["code"]
    links = (await page.client.admission.links()).links
    return page.render("courts/disable.html", line=_line(links, code), problem=None)


@page
async def invite(page: Page) -> Response:
    """Make a token and show it, this once; it is in no address and in no history."""
    code = page.request.path_params["code"]
    try:
        made = await page.client.admission.invite(code, request_id=page.text("request_id"))
    except XiezhiError as error:
        return await _shown(page, error=error)
    return await _shown(page, invited=(code, made))


@page
async def disable(page: Page) -> Response:
    """Shut a court out, whose code was typed once more."""
    code = page.request.path_params["code"]
    try:
        if page.text("code") != code:
            raise InvalidInput.in_field("code", f"请输入 {code} 以确认")
        serials = await page.client.admission.disable(code, request_id=page.text("request_id"))
    except XiezhiError as error:
        links = (await page.client.admission.links()).links
        template, problem = "courts/disable.html", Problem.of(error)
        return page.render(template, status_of(error), line=_line(links, code), problem=problem)
    return page.see(HERE, f"已停用{words.court(code)}，吊销证书 {len(serials)} 张")


def _line(links: Sequence[CourtLink], code: str) -> Line:
    return Line.of(next((link for link in links if link.court == code), CourtLink(court=code)))


async def _shown(
    page: Page, invited: tuple[str, CourtInvitation] | None = None, error: XiezhiError | None = None
) -> Response:
    found = await page.client.admission.links()
    return page.render(
        "courts/list.html",
        status_of(error) if error else 200,
        found=found,
        lines=[Line.of(link) for link in found.links],
        invited=invited,
        may_change=Role.ADMINISTRATOR in page.roles,
        problem=Problem.of(error) if error else None,
    )


routes = [
    Route(HERE, show),
    Route(f"{HERE}/{{code}}/invite", invite, methods=["POST"]),
    Route(f"{HERE}/{{code}}/disable", confirm),
    Route(f"{HERE}/{{code}}/disable", disable, methods=["POST"]),
]
