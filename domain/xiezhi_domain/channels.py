"""Which channel a matter takes (渠道, practice.md §14).

The platform stands beside the national system, letters and the telephone. A policy of the hub says which of them
applies per kind and pair of courts: a list of rules, of which the first that fits counts. What no rule fits goes by the
platform, and what has no common superior on the platform cannot.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from xiezhi_domain.terms import Channel


@dataclass(frozen=True, slots=True)
class ChannelRule:
    """One rule; an empty kind or court fits all."""

    kind: str
    sender: str
    receiver: str
    channel: Channel

    def fits(self, kind: str, sender: str, receiver: str) -> bool:
        """Say whether a matter of this kind between these courts is meant."""
        wanted = (self.kind, kind), (self.sender, sender), (self.receiver, receiver)
        return all(rule in {"", value} for rule, value in wanted)


def channel_of(rules: Iterable[ChannelRule], kind: str, sender: str, receiver: str) -> Channel:
    """Give the channel of a matter."""
    fitting = (rule.channel for rule in rules if rule.fits(kind, sender, receiver))
    return next(fitting, Channel.PLATFORM)


def advice(channel: Channel) -> str:
    """Say to the clerk what to do; empty for the platform."""
    match channel:
        case Channel.PLATFORM:
            return ""
        case Channel.NATIONAL_SYSTEM:
            return f"请在{channel.zh}办理，本平台可先行登记台账并准备录入单和文书包"
        case _:
            return f"该事项按规定以{channel.zh}方式办理，请办理后在本平台登记台账"
