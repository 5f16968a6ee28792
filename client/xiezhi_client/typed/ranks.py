"""How people name the rank of a seizure in the register of a property."""


def rank_word(rank: int) -> str:
    """Give 首封 for 1, 轮候第1位 for 2; 已失效 for 0, a seizure that stands no more."""
    return {0: "已失效", 1: "首封"}.get(rank, f"轮候第{rank - 1}位")
