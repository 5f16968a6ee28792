"""Identities of the court's identity provider."""

from dataclasses import dataclass
from datetime import datetime

from xiezhi.v1 import identity_service_pb2
from xiezhi_client.sdk.record import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class BegunSignIn(Record[identity_service_pb2.BeginFederatedSignInResponse]):
    """Where the browser goes, and what it alone keeps until it comes back."""

    address: str = ""
    pending: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity(Record[identity_service_pb2.GetIdentityResponse]):
    """What the provider calls the person of an account; empty where the account is bound to none."""

    subject: str = ""
    issuer: str = ""
    bound_at: datetime | None = None
