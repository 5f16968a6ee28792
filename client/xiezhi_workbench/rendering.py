"""Templates: autoescaped, strict about names, with the words of people as filters."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from xiezhi_workbench.security import STATIC
from xiezhi_workbench.words import FILTERS, TABLES

HERE: Final = Path(__file__).parent
STATIC_FILES: Final = HERE / "static"
_DIGITS: Final = 12


def make_environment() -> Environment:
    """Give the templates of all pages."""
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        # They come with the program; otherwise each page would look up the age of a dozen files.
        auto_reload=False,
    )
    environment.filters.update(FILTERS)
    environment.globals.update(TABLES, static=static)
    return environment


@cache
def static(name: str) -> str:
    """Give the address of a static file; it changes with the content, so that browsers may keep it for ever."""
    digest = hashlib.sha256((STATIC_FILES / name).read_bytes()).hexdigest()
    return f"{STATIC}{name}?v={digest[:_DIGITS]}"
