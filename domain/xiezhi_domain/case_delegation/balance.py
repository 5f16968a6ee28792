"""The amount of the new case: what the old one did not recover (法明传〔2018〕335号 第3条)."""

from xiezhi_domain.errors import InvalidInput


def balance_fen(claimed: int, costs: int, recovered: int) -> int:
    """Return what is left of a case to be enforced, in fen: claimed with costs, less what was recovered.

    :raises InvalidInput: naming ``recovered_fen``: a sum below zero, or nothing is left to delegate.
    """
    if min(claimed, costs, recovered) < 0:
        raise InvalidInput.in_field("recovered_fen", "金额不能小于零")
    left = claimed + costs - recovered
    if left <= 0:
        raise InvalidInput.in_field(
            "recovered_fen", "已执行到位的金额不少于申请标的及费用，没有可以委托执行的余额"
        )
    return left
