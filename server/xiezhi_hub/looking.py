"""Looking at what courts wrote in a matter: by who may, for a purpose, and on record before anything is shown."""

from functools import partial

from xiezhi_desk.access import Access, record_access
from xiezhi_desk.requests import principal
from xiezhi_hub.confidentiality import Reader, find_matter
from xiezhi_journal.journal import Journal
from xiezhi_wire.caller import current_caller


async def look_into(
    journal: Journal, method: str, wanted: str, purpose: str, *, unmasked: bool = False
) -> str:
    """Return the id of the matter of this id or number, once the caller's look by *method* is on record.

    :raises NotFound: UNKNOWN_INSTRUCTION: there is none, or not for this caller.
    """
    caller = current_caller()
    matter = await journal.read(partial(find_matter, wanted=wanted, reader=Reader.of(caller, journal)))
    look = Access(journal.clock(), principal(caller), method, matter, purpose, unmasked=unmasked)
    await journal.write(partial(record_access, access=look))
    return matter
