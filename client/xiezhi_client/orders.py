"""Orders of every kind that a court drafts, each by the service of its kind."""

from xiezhi_client.sdk import (
    CaseDelegationDraft,
    CaseDelegationOrder,
    Client,
    DelegationDraft,
    DelegationOrder,
    DistributionDraft,
    DistributionOrder,
    Draft,
    FindOrder,
    HandoverDraft,
    HandoverOrder,
)

AnyOrder = FindOrder | DelegationOrder | CaseDelegationOrder | HandoverOrder | DistributionOrder
AnyDraft = Draft | DelegationDraft | CaseDelegationDraft | HandoverDraft | DistributionDraft


async def draft(client: Client, order: AnyOrder, which: str, request_id: str = "") -> AnyDraft:
    """Draft an order by the service of its kind."""
    match order:
        case FindOrder():
            return await client.find.draft(order, which, request_id=request_id)
        case DelegationOrder():
            return await client.delegation.draft(order, which, request_id=request_id)
        case CaseDelegationOrder():
            return await client.case_delegation.draft(order, which, request_id=request_id)
        case HandoverOrder():
            return await client.handovers.draft(order, which, request_id=request_id)
        case DistributionOrder():
            return await client.distributions.draft(order, which, request_id=request_id)
