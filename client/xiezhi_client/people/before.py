"""What people are told when they have signed in, so that they notice if somebody else has, or has tried to."""

from typing import Final

from xiezhi_client.sdk import SignedIn
from xiezhi_domain.court_time import to_ms, to_text

_WHAT_TO_DO: Final = "如非本人所为，请修改密码并告知系统管理员"


def told_of_before(signed_in: SignedIn) -> str:
    """Give when and from where the account signed in last, and how often it failed since; empty for nothing to tell."""
    told = []
    if signed_in.previous_at is not None:
        place = f"（来自 {signed_in.previous_address}）" if signed_in.previous_address else ""
        told.append(f"上次登录：{to_text(to_ms(signed_in.previous_at))}{place}")
    if signed_in.refused_since:
        told.append(f"此后有 {signed_in.refused_since} 次登录未成功，{_WHAT_TO_DO}")
    return "；".join(told)
