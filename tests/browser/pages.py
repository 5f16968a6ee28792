"""Every page of the workbenches, by who opens it, under the name that its picture gets."""

from tests.stage.people import (
    CASE_NUMBER,
    CHIEF,
    DISPATCHER,
    GUSU,
    HUB,
    HUB_LEADER,
    JUDGE,
    PARK,
    SPECIALIST,
    SUPERVISOR,
    Player,
)

from xiezhi_domain.terms import Kind

NODE_ADMINISTRATOR = Player(GUSU, "admin", "系统管理员", ("ADMINISTRATOR",))
HUB_ADMINISTRATOR = Player(HUB, "admin", "系统管理员", ("ADMINISTRATOR",))
STARTED = (
    *(Kind.FIND, Kind.ENTRUST_DEPOSIT, Kind.COURT_ASSISTANCE, Kind.CASE_DELEGATION, Kind.HANDOVER),
    Kind.DISTRIBUTION,
)
_NEW = tuple((f"judge-new-{kind.lower()}", f"/new/{kind}?case={CASE_NUMBER}") for kind in STARTED)
_SUPERVISE = ("late", "urges", "drafts", "awaiting")

PAGES: dict[Player, tuple[tuple[str, str], ...]] = {
    JUDGE: (
        *(("judge-desk", "/"), ("judge-sent", "/sent"), ("judge-new", "/new"), ("judge-import", "/import")),
        *(("judge-case", f"/new/{Kind.FIND}"), ("judge-matter", "/matters/{matter}"), *_NEW),
    ),
    CHIEF: (
        *(("chief-desk", "/"), ("chief-sent", "/sent"), ("chief-statistics", "/statistics")),
        ("chief-account", "/account"),
    ),
    DISPATCHER: (
        *(("centre-desk", "/"), ("centre-received", "/received"), ("centre-matter", "/matters/{matter}")),
        *(("centre-duty", "/duty"), ("centre-notices", "/notices"), ("centre-statistics", "/statistics")),
    ),
    SPECIALIST: (
        *(("officer-desk", "/"), ("officer-field", "/field"), ("officer-matter", "/matters/{assigned}")),
        *(("officer-scans", "/matters/{assigned}/scans"), ("officer-queries", "/matters/{assigned}/queries")),
    ),
    NODE_ADMINISTRATOR: tuple(
        (f"node-admin-{page}", f"/admin/{page}")
        for page in (
            "status",
            "accounts",
            "account-log",
            "calendar",
            "rules",
            "templates",
            "channels",
            "connectors",
        )
    ),
    SUPERVISOR: (
        *(("hub-desk", "/"), ("hub-matters", "/matters"), ("hub-matter", "/matters/{matter}")),
        *(("hub-supervise", "/supervise"), ("hub-supervise-new", "/supervise/new")),
        *((f"hub-supervise-{view}", f"/supervise?view={view}") for view in _SUPERVISE),
        *(("hub-calls", "/supervise/calls"), ("hub-rerouting", "/rerouting"), ("hub-appeals", "/appeals")),
        *(("hub-orders", "/orders"), ("hub-ladder-rules", "/ladder-rules"), ("hub-courts", "/courts")),
        *(("hub-decisions", "/decisions"), ("hub-handovers", "/decisions?view=handovers")),
        *(("hub-statistics", "/statistics"), ("hub-duty", "/duty"), ("hub-notices", "/notices")),
    ),
    HUB_LEADER: (
        *(("hub-restrictions", "/admin/restrictions"), ("hub-looks", "/admin/looks")),
        ("hub-erasures-none", "/admin/erasures"),
    ),
    HUB_ADMINISTRATOR: tuple(
        (f"hub-admin-{page}", f"/admin/{page}")
        for page in ("status", "accounts", "account-log", "calendar", "rules", "channels")
    ),
}
assert {player.place for player in PAGES} == {PARK, GUSU, HUB}
