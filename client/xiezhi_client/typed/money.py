"""Amounts as people write them, in yuan; the contract has fen."""

import re
from decimal import Decimal, InvalidOperation
from typing import Final

from xiezhi_client.typed.unreadable import UnreadableError

_WRITTEN: Final = re.compile(r"[+-]?[\d.]{1,30}")
"""Without an exponent, whose digits could fill the memory."""
_SHOWN: Final = 30
_LARGEST_FEN: Final = 2**63 - 1
"""What an int64 of the contract holds."""


def yuan(fen: int) -> str:
    """Give an amount without its unit: 128,000.50."""
    return f"{Decimal(fen) / 100:,.2f}"


def parse_yuan(text: str) -> int:
    """Read an amount in yuan as fen. Raise `UnreadableError`."""
    written = text.replace(",", "").replace("，", "").strip().removesuffix("元").rstrip()
    try:
        fen = Decimal(written if _WRITTEN.fullmatch(written) else "") * 100
    except InvalidOperation:
        raise UnreadableError(f"“{text[:_SHOWN]}”应为金额（元），例如 128000.50") from None
    if fen < 0 or fen != fen.to_integral_value():
        raise UnreadableError("金额不能为负数，最多两位小数")
    if fen > _LARGEST_FEN:
        raise UnreadableError("金额过大，请核对")
    return int(fen)
