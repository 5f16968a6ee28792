"""Amounts as people write them, in yuan; the contract has fen."""

from decimal import Decimal, InvalidOperation

from xiezhi_client.typed.unreadable import UnreadableError


def yuan(fen: int) -> str:
    """Give an amount without its unit: 128,000.50."""
    return f"{Decimal(fen) / 100:,.2f}"


def parse_yuan(text: str) -> int:
    """Read an amount in yuan as fen. Raise `UnreadableError`."""
    try:
        fen = Decimal(text.replace(",", "").replace("，", "").removesuffix("元")) * 100
    except InvalidOperation:
        raise UnreadableError(f"“{text}”应为金额（元），例如 128000.50") from None
    if not fen.is_finite() or fen < 0 or fen != fen.to_integral_value():
        raise UnreadableError("金额不能为负数，最多两位小数")
    return int(fen)
