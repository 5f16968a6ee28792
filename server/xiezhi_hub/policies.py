"""Who may call what on the hub's listeners: the tables ``policy_*.toml``."""

from importlib import resources

from xiezhi_wire.policy import MethodPolicy


def load_policy(listener: str) -> MethodPolicy:
    """Return the table of a listener: ``desk``, ``link`` or ``join``."""
    table = resources.files("xiezhi_hub").joinpath(f"policy_{listener}.toml")
    return MethodPolicy.load(table.read_text(encoding="utf-8"))
