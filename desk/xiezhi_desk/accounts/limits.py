"""How much one account or address may have of what costs something; operators set others (`desk_settings`)."""

from typing import Final

FAILURES_PER_ADDRESS: Final = 30
"""Sign-ins that may fail from one address before it waits; one a minute is forgiven."""
SIGN_INS_PER_MINUTE: Final = 20
"""Tries of one account to sign in, good or bad, at once and in a minute."""
SESSIONS_PER_ACCOUNT: Final = 50
"""Room for PC, phone and a program that signs in with each run: more than can begin before use is noted again, so that
such a program never ends the session in which a person is working."""
