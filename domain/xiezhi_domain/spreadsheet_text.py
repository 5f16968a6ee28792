"""Text for cells of spreadsheets, which office programs run where it looks like a formula (OWASP, CSV injection).

Names and notes come from parties and from other courts. A text that begins with one of the characters that start a
formula gets an apostrophe before it.
"""

from typing import Final

_STARTS_A_FORMULA: Final = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")


def safe_cell(text: str) -> str:
    """Give the text so that no office program takes it for a formula."""
    starts = text.startswith(_STARTS_A_FORMULA) or text.lstrip().startswith(_STARTS_A_FORMULA)
    return f"'{text}" if starts else text
