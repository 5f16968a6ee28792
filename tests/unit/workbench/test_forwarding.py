"""The address of a browser goes to the desk with what is called for it, and with nothing else."""

from typing import Any

import pytest

from xiezhi_workbench.forwarding import FromBrowser, telling_addresses

SECRET = "a-secret-of-the-workbench-alone-4711"


@pytest.mark.parametrize(
    ("client", "secret", "told"),
    [
        (("192.0.2.7", 50123), SECRET, (("x-workbench", SECRET), ("x-client-address", "192.0.2.7"))),
        (("192.0.2.7", 50123), "", ()),
        (None, SECRET, ()),
    ],
)
async def test_it_is_told_inside_a_request_with_the_secret(
    client: tuple[str, int] | None, secret: str, told: tuple[tuple[str, str], ...]
) -> None:
    passed_on, seen = telling_addresses(secret), []

    async def app(_scope: Any, _receive: Any, _send: Any) -> None:
        seen.append(passed_on())

    headers = [(b"x-forwarded-for", b"203.0.113.1"), (b"x-client-address", b"203.0.113.1")]
    scope = {"type": "http", "client": client, "headers": headers}
    await FromBrowser(app)(scope, None, None)  # type: ignore[arg-type]  # it hands them on
    assert seen == [told]
    assert passed_on() == ()
