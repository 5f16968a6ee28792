"""Options that the remedies share, and how their reasons are written."""

from typing import Annotated

import typer

from xiezhi_domain.rulebook import shipped_rulebook

Why = Annotated[str, typer.Option("--text", help="理由，必填")]
Reason = Annotated[
    str, typer.Option("--reason", help="规则库中的原因，中文或代码；写错时列出可选的原因，例如 --reason 其他")
]
Urgent = Annotated[
    str,
    typer.Option(
        "--urgent",
        metavar="原因[：说明]",
        help="24 小时办理；原因如 发现被执行人下落、财产即将转移，其他原因直接写明",
    ),
]
_OTHER = "OTHER"


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
