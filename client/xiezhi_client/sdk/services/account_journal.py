"""The journal of accounts: who signed in, and what was done to accounts."""

from collections.abc import Collection
from datetime import datetime

from google.protobuf.timestamp_pb2 import Timestamp

from xiezhi.v1 import account_journal_service_pb2 as pb
from xiezhi.v1.account_journal_service_pb2_grpc import AccountJournalServiceStub
from xiezhi_client.sdk.calls import Calls
from xiezhi_client.sdk.kinds import Moment, Name
from xiezhi_client.sdk.records.account import AccountEventPage
from xiezhi_client.sdk.vocabulary import AccountEventKind

_KIND = Name(pb.AccountEventKind.DESCRIPTOR)


class AccountJournal:
    """`AccountJournalService`."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._stub = AccountJournalServiceStub(calls.channel)

    async def page(
        self,
        account: str = "",
        *,
        everybody: bool = False,
        since: datetime | None = None,
        until: datetime | None = None,
        kinds: Collection[AccountEventKind] = (),
        page_size: int = 0,
        page_token: str = "",
    ) -> AccountEventPage:
        """A page of entries, the last first: of the caller's own account, of `account` (id or login), of `everybody`.

        Raise `NotAllowed` (of others), `NotFound`, `InvalidInput`.
        """
        request = pb.ListAccountEventsRequest(
            account=account,
            everybody=everybody,
            since=_moment(since),
            until=_moment(until),
            kinds=[_KIND.to_proto(each) for each in kinds],
            page_size=page_size,
            page_token=page_token,
        )
        return AccountEventPage.from_proto(await self._calls.unary(self._stub.ListAccountEvents, request))


def _moment(when: datetime | None) -> Timestamp | None:
    return None if when is None else Moment().to_proto(when)
