"""Cases, subjects and findings without the numbers of people, for readers who do not work on the matter (design §9)."""

from collections.abc import Iterable, MutableSequence

from xiezhi.v1 import case_pb2, item_pb2, party_pb2, property_pb2
from xiezhi_domain.identity import mask


def mask_case(case: case_pb2.Case) -> case_pb2.Case:
    """Return the case with every subject's numbers masked."""
    masked = case_pb2.Case()
    masked.CopyFrom(case)
    for subject in masked.subjects:
        mask_subject(subject)
    return masked


def mask_subject(subject: party_pb2.Subject) -> None:
    """Mask the numbers in *subject* itself. A credit code is public and stays."""
    if subject.HasField("person"):
        person = subject.person
        person.identity_number = mask(person.identity_number)
        _mask_all(person.phones)
    elif subject.HasField("organisation"):
        _mask_all(subject.organisation.phones)


def mask_items(items: Iterable[item_pb2.Item]) -> None:
    """Mask the account numbers in *items* themselves."""
    for item in items:
        if item.HasField("property"):
            _mask_property(item.property)


def mask_outcomes(outcomes: Iterable[item_pb2.ItemOutcome]) -> None:
    """Mask the account numbers among the findings of *outcomes* themselves."""
    for outcome in outcomes:
        for finding in outcome.findings:
            if finding.WhichOneof("found") == "property":
                _mask_property(finding.property)


def mask_properties(properties: Iterable[property_pb2.Property]) -> None:
    """Mask the account numbers in *properties* themselves."""
    for each in properties:
        _mask_property(each)


def _mask_property(found: property_pb2.Property) -> None:
    if found.WhichOneof("detail") == "deposit":
        found.deposit.account = mask(found.deposit.account)


def _mask_all(numbers: MutableSequence[str]) -> None:
    numbers[:] = [mask(number) for number in numbers]
