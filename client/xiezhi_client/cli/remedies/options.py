"""Options that the remedies share, and how their reasons are written."""

from typing import Annotated

import typer

from xiezhi_domain.rulebook import shipped_rulebook

Why = Annotated[str, typer.Option("--text", help="理由，必填")]
Reason = Annotated[
    str, typer.Option("--reason", help="规则库中的原因，中文或代码；写错时列出可选的原因，例如 --reason 其他")
]


def code_of(table: str, text: str) -> str:
    """Give the code of a reason that is written in Chinese; what no table of this version has stays as it is.

    The node asks the rulebook that the matter pins, which may be another one, and names the reasons to choose from.
    """
    typed = text.strip()
    if typed.isascii():
        return typed
    for rules in shipped_rulebook().kinds.values():
        for code, words in rules.reasons.get(table, {}).items():
            if words == typed:
                return code
    return typed
