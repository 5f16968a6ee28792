"""Reasons of the rulebook, as people write them."""

from typing import Final

from xiezhi_domain.rulebook import shipped_rulebook

_OTHER: Final = "OTHER"


def urgency(text: str) -> dict[str, str]:
    """Give the fields of an order that say why it is urgent, from ``原因：说明``; empty text says that it is not.

    A reason that no rulebook of this version has is an explanation of another one.
    """
    if not text.strip():
        return {}
    head, _, rest = text.replace(":", "：").partition("：")
    code = code_of("urgency", head)
    known = code in shipped_rulebook().reasons("urgency")
    return {
        "urgency": "URGENT",
        "urgency_code": code if known else _OTHER,
        "urgency_reason": rest.strip() if known else text.strip(),
    }


def code_of(table: str, text: str) -> str:
    """Give the code of a reason that is written in Chinese; what no table of this version has stays as it is.

    The node asks the rulebook that the matter pins, which may be another one, and names the reasons to choose from.
    """
    typed = text.strip()
    if typed.isascii():
        return typed
    # Ladders may have other words for one code.
    tables = (rules.reasons.get(table, {}) for rules in shipped_rulebook().kinds.values())
    return next((code for each in tables for code, words in each.items() if words == typed), typed)
