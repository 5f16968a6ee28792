"""The channel policy in the journal, version by version; the hub sets it, nodes hold copies."""

from collections.abc import Iterable
from typing import Final

from sqlalchemy import Connection, select

from xiezhi.v1 import channel_pb2
from xiezhi_desk.terms import CHANNELS
from xiezhi_domain.channels import ChannelRule
from xiezhi_domain.courts import parse_court_code
from xiezhi_domain.errors import InvalidInput, NotFound, Reason
from xiezhi_domain.terms import Channel
from xiezhi_journal.bulk import insert_rows, upsert_rows
from xiezhi_journal.tables import channel_policy as table

MOST_RULES: Final = 1_000
LONGEST_GROUND: Final = 200


def read_policy(connection: Connection, version: int = 0) -> channel_pb2.ChannelPolicy:
    """Return a version of the policy, the newest for 0; an empty one where none was ever set.

    :raises NotFound: no such version.
    """
    query = select(table.c.content).order_by(table.c.version.desc()).limit(1)
    content = connection.scalar(query.where(table.c.version == version) if version else query)
    if content is None and version:
        raise NotFound(Reason.RULEBOOK_UNKNOWN, "没有这个版本的渠道规则，请核对")
    return channel_pb2.ChannelPolicy.FromString(content or b"")


def add_policy(connection: Connection, policy: channel_pb2.ChannelPolicy, account: str) -> None:
    """Add a version; older ones stay as they were."""
    row = (policy.version, policy.SerializeToString(), account, policy.set_at.ToMilliseconds())
    insert_rows(connection, table, [row])


def keep_copy(connection: Connection, policy: channel_pb2.ChannelPolicy) -> None:
    """Store a version as the hub told it."""
    row = (policy.version, policy.SerializeToString(), "", policy.set_at.ToMilliseconds())
    upsert_rows(connection, table, [row])


def rules_of(policy: channel_pb2.ChannelPolicy) -> list[ChannelRule]:
    """Return the rules of a stored policy; those with a channel that this version does not know are left out."""
    known: dict[int, Channel] = {CHANNELS.to_proto(term): term for term in Channel}
    return [
        ChannelRule(rule.kind, rule.sender, rule.receiver, known[rule.channel])
        for rule in policy.rules
        if rule.channel in known
    ]


def check_rules(rules: Iterable[channel_pb2.ChannelRule]) -> list[channel_pb2.ChannelRule]:
    """Return rules as they may be stored.

    :raises InvalidInput: naming the field; too many, a court that is none, no channel.
    """
    checked = [_check(at, rule) for at, rule in enumerate(rules)]
    if len(checked) > MOST_RULES:
        raise InvalidInput.in_field("rules", f"最多 {MOST_RULES} 条规则")
    return checked


def _check(at: int, rule: channel_pb2.ChannelRule) -> channel_pb2.ChannelRule:
    where = f"rules[{at}]"
    CHANNELS.from_proto(rule.channel, f"{where}.channel")
    return channel_pb2.ChannelRule(
        kind=rule.kind.strip(),
        sender=_court(rule.sender, f"{where}.sender"),
        receiver=_court(rule.receiver, f"{where}.receiver"),
        channel=rule.channel,
    )


def _court(text: str, where: str) -> str:
    return parse_court_code(text, where) if text.strip() else ""
