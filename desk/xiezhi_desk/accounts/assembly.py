"""The services about accounts, put together: the same for hub and node."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from xiezhi.v1 import (
    account_journal_service_pb2,
    account_journal_service_pb2_grpc,
    account_service_pb2,
    account_service_pb2_grpc,
    identity_service_pb2,
    identity_service_pb2_grpc,
    second_factor_service_pb2,
    second_factor_service_pb2_grpc,
)
from xiezhi_desk.account_journal.service import AccountJournalService
from xiezhi_desk.accounts.account import Account
from xiezhi_desk.accounts.administration import closes_freely
from xiezhi_desk.accounts.authentication import Authentication
from xiezhi_desk.accounts.limits import FAILURES_PER_ADDRESS, SIGN_INS_PER_MINUTE
from xiezhi_desk.accounts.passwords import Passwords
from xiezhi_desk.accounts.service import AccountService
from xiezhi_desk.accounts.sessions import Sessions
from xiezhi_desk.federation.binding import require_password_allowed
from xiezhi_desk.federation.federated_sign_in import FederatedSignIn
from xiezhi_desk.federation.service import IdentityService
from xiezhi_desk.federation.settings import FederationSettings
from xiezhi_desk.second_factor.locking import SecretLock
from xiezhi_desk.second_factor.second_factors import SecondFactors
from xiezhi_desk.second_factor.service import SecondFactorService
from xiezhi_desk.secret_file import load_or_create_secret
from xiezhi_domain.errors import Reason
from xiezhi_journal.journal import Journal
from xiezhi_wire.address_limit import AddressLimit
from xiezhi_wire.listener import Service
from xiezhi_wire.second_factor import SecondFactorDemand

_FORGIVEN_MS: Final = 60_000
_FAILED_SIGN_IN: Final = (
    Reason.BAD_CREDENTIALS,
    Reason.SECOND_FACTOR_WRONG,
    Reason.FEDERATED_SIGN_IN_REFUSED,
    Reason.IDENTITY_NOT_BOUND,
)


@dataclass(frozen=True, slots=True)
class AccountRules:
    """What an operator decides about accounts.

    `key_file` locks secrets in the database and is made if there is none; `failures_per_address` is how many sign-ins
    may fail from one address before it has to wait, `sign_ins_per_minute` how many of one account may be tried at all;
    `federation` is the court's identity provider, if it has one.
    """

    key_file: Path
    demand: SecondFactorDemand
    failures_per_address: int = FAILURES_PER_ADDRESS
    federation: FederationSettings | None = None
    sign_ins_per_minute: int = SIGN_INS_PER_MINUTE


def account_services(
    journal: Journal,
    passwords: Passwords,
    sessions: Sessions,
    rules: AccountRules,
    may_close: Callable[[Connection, Account], None] = closes_freely,
) -> list[Service]:
    """Return what people and programs are offered about accounts.

    *may_close* refuses to disable an account.

    :raises StartupError: the key file cannot be read.
    """
    authentication = Authentication(journal, passwords, sign_ins_per_minute=rules.sign_ins_per_minute)
    lock = SecretLock(load_or_create_secret(rules.key_file, "账号密钥"))
    addresses = AddressLimit(rules.failures_per_address, _FAILED_SIGN_IN, _FORGIVEN_MS, journal.clock)
    factors = SecondFactors(journal, lock, authentication, sessions)
    federated = FederatedSignIn(journal, sessions, authentication, lock, rules.demand, rules.federation)
    may_use_password = partial(require_password_allowed, settings=rules.federation)
    accounts = AccountService(
        journal, passwords, sessions, authentication, factors, addresses, may_use_password, may_close
    )
    return [
        Service.of(account_service_pb2, account_service_pb2_grpc, accounts),
        Service.of(
            identity_service_pb2,
            identity_service_pb2_grpc,
            IdentityService(journal, sessions, federated, addresses),
        ),
        Service.of(
            second_factor_service_pb2,
            second_factor_service_pb2_grpc,
            SecondFactorService(factors, rules.demand),
        ),
        Service.of(
            account_journal_service_pb2, account_journal_service_pb2_grpc, AccountJournalService(journal)
        ),
    ]
