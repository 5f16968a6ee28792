"""The parts of the bodies of a delegated case's steps, by their names (ADR 0001)."""

from typing import Final

FILING: Final = "case_filing"
"""A `CaseFiling`: the receiver's new case."""
CANCELLATION: Final = "case_cancellation"
"""A `CaseCancellation`: a case that has ended by 销案."""
DATED: Final = "dated_document"
"""A `DatedDocument`: what a court or its High Court wrote outside the platform."""
STEP_DAY: Final = "step_day"
"""A `StepDay`: when something was done outside the platform."""
PROPERTIES: Final = "properties"
"""A `PropertyList`."""
RENEWALS: Final = "seizure_renewals"
"""A `SeizureRenewalList`."""
CLOSING: Final = "case_closing"
"""A `CaseClosing`: how the new case ended."""
