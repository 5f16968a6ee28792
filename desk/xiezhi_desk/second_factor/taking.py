"""Taking a code: once, in the transaction that relies on it."""

from sqlalchemy import Connection

from xiezhi_desk.account_journal.recording import Occasion
from xiezhi_desk.second_factor import codes, store
from xiezhi_desk.second_factor.locking import SecretLock
from xiezhi_desk.second_factor.store import Factor
from xiezhi_domain.errors import NotAllowed, Reason
from xiezhi_domain.terms import AccountEventKind


def take_code(connection: Connection, lock: SecretLock, account_id: str, code: str, on: Occasion) -> bool:
    """Take a code or recovery code of an account; return False where the account asks for none.

    :raises NotAllowed: SECOND_FACTOR_REQUIRED, SECOND_FACTOR_WRONG.
    """
    factor = store.find_set_factor(connection, account_id)
    if factor is None:
        return False
    typed = codes.typed_code(code)
    if not typed:
        raise NotAllowed(Reason.SECOND_FACTOR_REQUIRED)
    if codes.is_one_time(typed):
        taken = _take_step(connection, lock, factor, typed, on)
    else:
        taken = _take_recovery(connection, factor, typed, on)
    if not taken:
        raise NotAllowed(Reason.SECOND_FACTOR_WRONG)
    return True


def require_code(connection: Connection, lock: SecretLock, account_id: str, code: str, on: Occasion) -> None:
    """Take a code of an account that has a second factor.

    :raises NotAllowed: as `take_code`, and SECOND_FACTOR_MISSING.
    """
    if not take_code(connection, lock, account_id, code, on):
        raise NotAllowed(Reason.SECOND_FACTOR_MISSING, "您的账号尚未绑定动态口令")


def _take_step(connection: Connection, lock: SecretLock, factor: Factor, code: str, on: Occasion) -> bool:
    secret = lock.open(factor.secret, factor.account_id)
    step = codes.matching_step(secret, code, on.at, factor.last_step)
    if step is None:
        return False
    store.take_step(connection, factor.account_id, step)
    return True


def _take_recovery(connection: Connection, factor: Factor, code: str, on: Occasion) -> bool:
    hashed = codes.recovery_hash(factor.account_id, code)
    if not store.use_recovery_code(connection, factor.account_id, hashed, on.at):
        return False
    left = store.count_recovery_codes(connection, factor.account_id)
    on.note(connection, AccountEventKind.RECOVERY_CODE_USED, factor.account_id, f"还剩 {left} 个")
    return True
