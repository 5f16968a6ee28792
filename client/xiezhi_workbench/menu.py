"""What the menu offers, to whom. A page adds its line here; what a person may do there, the server says."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from xiezhi_domain.terms import Action, Kind, Role


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the menu; without roles it is for everybody."""

    path: str
    word: str
    icon: str
    at_node: bool = True
    at_hub: bool = True
    roles: frozenset[Role] = frozenset()

    def is_for(self, roles: Collection[str], *, is_hub: bool) -> bool:
        """Say whether somebody with *roles* is offered it."""
        here = self.at_hub if is_hub else self.at_node
        return here and (not self.roles or any(role in self.roles for role in roles))


_WATCHING: Final = frozenset(
    {Role.SUPERVISOR, Role.STATISTICIAN, Role.AUDITOR, Role.CENTRE_DIRECTOR, Role.CENTRE_OFFICER}
    | {Role.BUREAU_CHIEF, Role.COURT_LEADER}
)
"""Who looks after the work of others, at the hub and in a court."""
_DECIDING: Final = _WATCHING - {Role.STATISTICIAN}
"""Who decides at the hub, or looks at what is decided there."""
_DRAFTING: Final = frozenset({Role.JUDGE, Role.ASSISTANT})
"""Who drafts orders."""
_STARTING: Final = _DRAFTING | {Role.BUREAU_CHIEF, Role.COURT_LEADER}
"""Who starts matters: those above the judges ask the superior."""
_WORKING: Final = _WATCHING - {Role.SUPERVISOR, Role.STATISTICIAN, Role.AUDITOR} | {
    *(Role.JUDGE, Role.ASSISTANT, Role.SEAL_KEEPER, Role.FIELD_OFFICER, Role.DUTY_OFFICER)
}
"""Who works on matters of a court."""
_VISITING: Final = frozenset({Role.FIELD_OFFICER, Role.JUDGE, Role.CENTRE_OFFICER})
"""Who reports what was found on the spot."""
_LINKED: Final = frozenset(
    {Role.ADMINISTRATOR, Role.CENTRE_DIRECTOR, Role.CENTRE_OFFICER, Role.SUPERVISOR, Role.DUTY_OFFICER}
    | {Role.AUDITOR}
)
"""Who looks after the links of the courts."""
_ADMINISTERING: Final = _LINKED - {Role.DUTY_OFFICER} | {Role.BUREAU_CHIEF, Role.COURT_LEADER}
"""Who is offered some page of 系统管理 (`administering`)."""

MENU: Final = (
    Entry("/", "工作台", "layout-dashboard"),
    Entry("/new", Action.CREATE.zh, "plus", at_hub=False, roles=_STARTING),
    Entry("/import", "批量导入", "upload", at_hub=False, roles=_DRAFTING),
    Entry("/sent", "委托事项", "send", at_hub=False, roles=_WORKING),
    Entry("/received", "受托事项", "inbox", at_hub=False, roles=_WORKING),
    Entry("/urged", "收到的督办", "gavel", at_hub=False, roles=_WORKING),
    Entry("/field", "现场办理", "map", at_hub=False, roles=_VISITING),
    Entry("/matters", "全市事项", "list-details", at_node=False, roles=_WATCHING | {Role.DUTY_OFFICER}),
    Entry("/screen", "指挥大屏", "device-tv", at_node=False, roles=_WATCHING | {Role.DUTY_OFFICER}),
    Entry("/rerouting", "改派转办", "arrows-exchange", at_node=False, roles=_DECIDING),
    Entry("/supervise", "督办管理", "gavel", at_node=False, roles=_WATCHING),
    Entry("/appeals", "投诉与异议", "message", at_node=False, roles=_DECIDING),
    Entry("/orders", "协调与指令", "scale", at_node=False, roles=_WATCHING),
    Entry("/decisions", Kind.HANDOVER.zh, "building-community", at_node=False, roles=_DECIDING),
    Entry("/statistics", "统计通报", "chart-bar", roles=_WATCHING),
    Entry(
        "/ladder-rules", "督办规则配置", "settings", at_node=False, roles=_DECIDING - {Role.CENTRE_OFFICER}
    ),
    Entry("/duty", "通讯录与值班", "phone"),
    Entry("/notices", "通知", "bell"),
    Entry("/courts", "法院接入", "link", at_node=False, roles=_LINKED),
    Entry("/admin", "系统管理", "shield-check", roles=_ADMINISTERING),
)
"""In the order in which it is shown."""


def offered(roles: Collection[str], *, is_hub: bool) -> tuple[Entry, ...]:
    """Give the lines for somebody with *roles*."""
    return tuple(entry for entry in MENU if entry.is_for(roles, is_hub=is_hub))
