"""What a registry may be asked to do for an item, by the act that the item orders."""

from collections.abc import Mapping
from typing import Final

from xiezhi_domain.terms import Act, ControlAction

CONTROLS: Final[Mapping[Act, tuple[ControlAction, ...]]] = {
    Act.SEAL_PROPERTY: (ControlAction.SEAL, ControlAction.SEAL_IN_ADVANCE),
    Act.WAITING_SEIZURE: (ControlAction.SEAL,),
    Act.EXTEND_SEAL: (ControlAction.RENEW,),
    Act.RELEASE_SEAL: (ControlAction.RELEASE,),
    Act.LOCATE_PERSON: (ControlAction.WATCH, ControlAction.UNWATCH),
    Act.CONTROL_PERSON: (ControlAction.WATCH, ControlAction.UNWATCH),
}
"""The first is meant where nothing is said."""
ON_PERSONS: Final = frozenset({ControlAction.WATCH, ControlAction.UNWATCH})
"""What is done about a person, not to a thing."""
