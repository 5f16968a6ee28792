"""Every reader of what comes from outside. A new one is a line; `test_every_decoder` says which is missing."""

from typing import Final

from tests.fuzz.decoder import Decoder
from tests.fuzz.rows_of_clients import CLIENTS
from tests.fuzz.rows_of_evidence import EVIDENCE
from tests.fuzz.rows_of_identities import IDENTITIES
from tests.fuzz.rows_of_law import LAW
from tests.fuzz.rows_of_programs import PROGRAMS

DECODERS: Final[tuple[Decoder, ...]] = (*EVIDENCE, *LAW, *PROGRAMS, *IDENTITIES, *CLIENTS)
