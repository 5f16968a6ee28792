"""What the hub asks before it shows what courts wrote: what it is read for. Sent as a form, it stands in no address."""

from starlette.responses import Response

from xiezhi_client.sdk import XiezhiError
from xiezhi_workbench.page import Page, Problem, status_of
from xiezhi_workbench.pages.matter import Seen


def ask_purpose(page: Page, seen: Seen, what: str, error: XiezhiError | None = None) -> Response:
    """Ask for the purpose of looking at *what* of a matter; the form goes to the address of the page itself."""
    return page.render(
        "matter/purpose.html",
        status_of(error) if error else 200,
        seen=seen,
        what=what,
        purpose=page.text("purpose"),
        problem=Problem.of(error) if error else None,
    )
