"""What people type or paste, made comparable."""

import unicodedata
from typing import Final

_ROUND: Final = str.maketrans("（〔［[【{｛", "(((((((") | str.maketrans("）〕］]】}｝", ")))))))")


def half_width(text: str) -> str:
    """Give `text` with full-width digits, letters and brackets as ASCII (NFKC), and nothing invisible.

    All white space and format characters (zero-width space, byte-order mark) are dropped: identifiers have
    none, but copies from documents and spreadsheets do.
    """
    normal = unicodedata.normalize("NFKC", text)
    if normal.isprintable() and " " not in normal:
        return normal
    return "".join(char for char in normal if not char.isspace() and unicodedata.category(char) != "Cf")


def round_brackets(text: str) -> str:
    """Give `text` with every kind of bracket that people put around a year as ( and )."""
    return text.translate(_ROUND)
