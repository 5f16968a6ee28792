"""The way in: `connect` gives a `Client`, whose parts wrap one service of the contract each."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from xiezhi_client.sdk.calls import Calls, PassedOn
from xiezhi_client.sdk.channel import open_channel
from xiezhi_client.sdk.errors import SECOND_FACTOR_WRONG, NotAllowed, XiezhiError
from xiezhi_client.sdk.records.account import SignedIn
from xiezhi_client.sdk.retry import RetryPolicy
from xiezhi_client.sdk.services.account_journal import AccountJournal
from xiezhi_client.sdk.services.accounts import Accounts
from xiezhi_client.sdk.services.administration import Administration, Admission, Connectors
from xiezhi_client.sdk.services.bulletins import Bulletins
from xiezhi_client.sdk.services.case_delegation import CaseDelegation
from xiezhi_client.sdk.services.cases import Cases
from xiezhi_client.sdk.services.deadlines import Deadlines, Escalation
from xiezhi_client.sdk.services.delegation import Delegation
from xiezhi_client.sdk.services.directory import Directory
from xiezhi_client.sdk.services.disposal import DisposalDecisions
from xiezhi_client.sdk.services.distribution import Distributions
from xiezhi_client.sdk.services.documents import Documents
from xiezhi_client.sdk.services.dossiers import Dossiers
from xiezhi_client.sdk.services.erasures import Erasures
from xiezhi_client.sdk.services.evidence import Evidence
from xiezhi_client.sdk.services.exports import Exports
from xiezhi_client.sdk.services.fieldwork import FieldWork
from xiezhi_client.sdk.services.figures import FiguresOfCourts
from xiezhi_client.sdk.services.find import Find
from xiezhi_client.sdk.services.handover import Handovers
from xiezhi_client.sdk.services.identities import Identities
from xiezhi_client.sdk.services.instructions import Instructions
from xiezhi_client.sdk.services.leave import Leaves
from xiezhi_client.sdk.services.ledgers import Ledgers
from xiezhi_client.sdk.services.notifications import Notifications
from xiezhi_client.sdk.services.orders import Orders, OwnRequests, ReceivedOrders, RequestDesk
from xiezhi_client.sdk.services.outside import Channels, Outside, Trials
from xiezhi_client.sdk.services.own_rules import OwnRules
from xiezhi_client.sdk.services.papers import Papers
from xiezhi_client.sdk.services.queries import Queries
from xiezhi_client.sdk.services.restrictions import Restrictions
from xiezhi_client.sdk.services.roster import Rosters
from xiezhi_client.sdk.services.second_factor import SecondFactors
from xiezhi_client.sdk.services.superior import Superior
from xiezhi_client.sdk.services.supervision import Supervision
from xiezhi_client.sdk.services.urges import ReceivedUrges, Urges
from xiezhi_client.sdk.services.views import Views


class Client:
    """A connection to the desk of a node or hub, as one person or program."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self.accounts = Accounts(calls)
        self.account_journal = AccountJournal(calls)
        self.second_factor = SecondFactors(calls)
        self.identities = Identities(calls)
        self.administration = Administration(calls)
        self.admission = Admission(calls)
        self.channels = Channels(calls)
        self.connectors = Connectors(calls)
        self.leaves = Leaves(calls)
        self.outside = Outside(calls)
        self.notifications = Notifications(calls)
        self.own_rules = OwnRules(calls)
        self.rosters = Rosters(calls)
        self.trials = Trials(calls)
        self.bulletins = Bulletins(calls)
        self.case_delegation = CaseDelegation(calls)
        self.cases = Cases(calls)
        self.deadlines = Deadlines(calls)
        self.delegation = Delegation(calls)
        self.directory = Directory(calls)
        self.distributions = Distributions(calls)
        self.documents = Documents(calls)
        self.dossiers = Dossiers(calls)
        self.escalation = Escalation(calls)
        self.evidence = Evidence(calls)
        self.fieldwork = FieldWork(calls)
        self.figures = FiguresOfCourts(calls)
        self.exports = Exports(calls)
        self.find = Find(calls)
        self.handovers = Handovers(calls)
        self.decisions = DisposalDecisions(calls)
        self.erasures = Erasures(calls)
        self.restrictions = Restrictions(calls)
        self.instructions = Instructions(calls)
        self.ledgers = Ledgers(calls)
        self.papers = Papers(calls)
        self.queries = Queries(calls)
        self.supervision = Supervision(calls)
        self.superior = Superior(calls)
        self.orders = Orders(calls)
        self.received_orders = ReceivedOrders(calls)
        self.request_desk = RequestDesk(calls)
        self.own_requests = OwnRequests(calls)
        self.urges = Urges(calls)
        self.received_urges = ReceivedUrges(calls)
        self.views = Views(calls)

    async def sign_in(self, login: str, password: str, code: str = "") -> SignedIn:
        """Begin a session; all further calls of this client are made in it.

        `code` is for an account with a second factor. Raise `NotSignedIn` (name or password), `Overloaded` (too many
        tries, with a time), `NotAllowed` (disabled; reason SECOND_FACTOR_REQUIRED or SECOND_FACTOR_WRONG).

        With a password that `account.must_change_password` says is not the person's own, everything but
        `accounts.change_password` is refused (reason PASSWORD_NOT_OWN).
        """
        signed_in = await self.accounts.sign_in(login, password, code)
        self._calls.token = signed_in.session_token
        return signed_in

    async def finish_federated_sign_in(self, code: str, state: str, pending: str) -> SignedIn:
        """Begin a session with what the court's identity provider has sent back, as `Client.sign_in` does.

        Raise as `Identities.finish`.
        """
        signed_in = await self.identities.finish(code, state, pending)
        self._calls.token = signed_in.session_token
        return signed_in

    def ask_for_code(self, ask: Callable[[XiezhiError | None], Awaitable[str]]) -> None:
        """Have `ask` give a one-time code whenever an approval or seal demands one; that call is then made again.

        `ask` is told what was wrong with the code before, None the first time. An empty code leaves it refused, with
        `NotAllowed` (reason SECOND_FACTOR_REQUIRED, or SECOND_FACTOR_WRONG).
        """

        async def show() -> bool:
            wrong: NotAllowed | None = None
            while code := await ask(wrong):
                try:
                    await self.second_factor.confirm(code)
                except NotAllowed as error:
                    if error.reason != SECOND_FACTOR_WRONG:
                        raise
                    wrong = error
                else:
                    return True
            if wrong is not None:
                raise wrong
            return False

        self._calls.second_factor = show

    async def sign_out(self) -> None:
        """End the session."""
        await self.accounts.sign_out()
        self._calls.token = ""

    def with_token(self, token: str) -> "Client":
        """Give a client on the same connection that calls with another session or API token."""
        return Client(self._calls.with_token(token))


@asynccontextmanager
async def connect(
    address: str,
    ca_certificate: bytes | str | Path,
    token: str = "",
    *,
    retry: RetryPolicy | None = None,
    passed_on: PassedOn = tuple,
) -> AsyncIterator[Client]:
    """Connect to `address` (host:port), trusting the authority `ca_certificate` (PEM bytes, or its file).

    `token` is a session or API token; without one, `Client.sign_in` comes first. `passed_on` gives metadata for each
    call, for a workbench. The connection is made with
    the first call, and again by itself after it broke; it closes with the block. Raise `OSError` where the
    certificate file cannot be read.
    """
    async with open_channel(address, ca_certificate) as channel:
        yield Client(Calls(channel, retry or RetryPolicy(), token, passed_on))
