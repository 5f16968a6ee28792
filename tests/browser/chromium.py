"""The browser of these tests, and how it is told to leave the network alone."""

import ctypes
from pathlib import Path

import pytest

_INSTALL = "apt-get install -y --no-install-recommends chromium fonts-wqy-microhei libatomic1"
_LIBRARY = "libatomic.so.1"
"""What Playwright's driver links to, and a bare Debian does not have."""

PROGRAM = Path("/usr/bin/chromium")
ARGUMENTS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    # Without it a page of a certificate made for the run may not be kept for when there is no line.
    "--ignore-certificate-errors",
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)


def require_chromium() -> None:
    """Skip the module where there is no browser, before the stage is set up for it."""
    if not PROGRAM.exists():
        pytest.skip(f"no browser at {PROGRAM}: {_INSTALL}", allow_module_level=True)
    try:
        ctypes.CDLL(_LIBRARY)
    except OSError:
        pytest.skip(f"no {_LIBRARY} for the driver: {_INSTALL}", allow_module_level=True)
