"""The channel that a matter has to take: what the hub's policy sends elsewhere does not leave by the platform."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from xiezhi.v1 import channel_pb2
from xiezhi_desk.channels import keep_copy, read_policy, rules_of
from xiezhi_domain.channels import ChannelRule, advice, channel_of
from xiezhi_domain.errors import NotAllowed, Reason
from xiezhi_domain.terms import Channel
from xiezhi_journal.ledger import Ledger

_RULES: Final = "channel_rules"


def require_platform(ledger: Ledger, kind: str, sender: str, receiver: str) -> None:
    """Let pass a matter that goes by the platform.

    :raises NotAllowed: FORBIDDEN; the policy names another channel, and the message says what to do.
    """
    rules = ledger.cache.extras.get(_RULES)
    if rules is None:
        rules = ledger.cache.extras[_RULES] = rules_of(read_policy(ledger.connection))
    _check(rules, kind, sender, receiver)


def _check(rules: Sequence[ChannelRule], kind: str, sender: str, receiver: str) -> None:
    channel = channel_of(rules, kind, sender, receiver)
    if channel is not Channel.PLATFORM:
        raise NotAllowed(Reason.FORBIDDEN, advice(channel))


@dataclass(frozen=True, slots=True)
class KeepPolicy:
    """Work for the writer: a version of the policy as the hub told it, in force from now on."""

    policy: channel_pb2.ChannelPolicy

    def prepare(self, ledger: Ledger) -> None:
        """Need nothing."""

    def run(self, ledger: Ledger) -> None:
        """Store it."""
        keep_copy(ledger.connection, self.policy)
        ledger.cache.extras.pop(_RULES, None)
