import base64

import pytest
from msgspec.structs import replace
from tests.unit.evidence.signing import SigningKey

from xiezhi_domain.errors import DomainError, Reason
from xiezhi_domain.events.header import Base, Header, Seen
from xiezhi_domain.events.ids import stream_id
from xiezhi_domain.events.kinds import KEY_EVENTS
from xiezhi_domain.evidence.keys import KeyId
from xiezhi_domain.keyring import CourtKey, Keyring, Purpose, decide_key_event, refused_by_log
from xiezhi_domain.terms import EventKind

COURT, OTHER, SUPERIOR = "苏0591", "苏0508", "苏05"


class Pair:
    def __init__(self, seed):
        self.public = SigningKey("key", seed).public
        self.id = KeyId.of(self.public).format()


EVENT, COSIGN, NEXT, LOST, FOREIGN = map(Pair, range(1, 6))


def key_event(kind, pair, signer, *, court=COURT, purpose="EVENT", **facts):
    public = base64.b64encode(pair.public).decode()
    stated = {"purpose": purpose, "key": pair.id, "public": public, **facts}
    seen, base = Seen("origin"), Base()
    return Header("id", stream_id(court), kind, court, SUPERIOR, base, seen, 1, signer.id, "", stated)


FIRST = key_event("KeyAdded", EVENT, EVENT)
SECOND = key_event("KeyAdded", COSIGN, EVENT, purpose="COSIGN")
JOINED = Keyring().apply(FIRST, 10).apply(SECOND, 11)
JOINED = JOINED.apply(key_event("KeyAdded", FOREIGN, FOREIGN, court=OTHER), 12)
ROTATED = key_event("KeyRotated", NEXT, EVENT, old=EVENT.id)
ROTATED_COSIGN = key_event("KeyRotated", NEXT, EVENT, purpose="COSIGN", old=COSIGN.id)
REVOKED = key_event("KeyRevoked", EVENT, EVENT)
REPLACED = key_event("KeyReplaced", NEXT, NEXT, approved_by=SUPERIOR, replaces=[EVENT.id])


def judged(keyring, header, *, superior=SUPERIOR, enrolling=False):
    refused = decide_key_event(keyring, header, superior=superior, enrolling=enrolling)
    return refused.reason if refused else None


def valid_at(keyring, pair):
    return [index for index in range(30) if keyring.valid(pair.id, index)]


def test_first_keys_of_a_court():
    assert judged(Keyring(), FIRST, enrolling=True) is None
    assert judged(Keyring(), FIRST) == Reason.TOKEN_INVALID
    assert judged(Keyring().apply(FIRST, 10), SECOND, enrolling=True) is None
    assert list(JOINED.of_court(COURT)) == [
        CourtKey(COURT, EVENT.id, Purpose.EVENT, EVENT.public, 10),
        CourtKey(COURT, COSIGN.id, Purpose.COSIGN, COSIGN.public, 11),
    ]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (key_event("KeyAdded", EVENT, NEXT), Reason.KEY_UNKNOWN),
        (key_event("KeyAdded", EVENT, EVENT, purpose="COSIGN"), Reason.INVALID_FIELD),
        (ROTATED, Reason.KEY_UNKNOWN),
        (REVOKED, Reason.KEY_UNKNOWN),
        (REPLACED, Reason.KEY_UNKNOWN),
    ],
)
def test_a_court_begins_with_an_event_key_that_signs_itself(header, expected):
    assert judged(Keyring(), header, enrolling=True) == expected


def test_a_later_key_is_signed_by_a_valid_event_key_of_the_court():
    assert judged(JOINED, key_event("KeyAdded", NEXT, EVENT)) is None
    assert judged(JOINED, key_event("KeyAdded", NEXT, NEXT), enrolling=True) == Reason.KEY_UNKNOWN
    assert judged(JOINED, key_event("KeyAdded", NEXT, COSIGN)) == Reason.KEY_UNKNOWN
    assert judged(JOINED, key_event("KeyAdded", NEXT, FOREIGN)) == Reason.WRONG_COURT
    assert judged(JOINED.apply(REVOKED, 20), key_event("KeyAdded", NEXT, EVENT)) == Reason.KEY_REVOKED


@pytest.mark.parametrize("kind", ["KeyAdded", "KeyRotated", "KeyReplaced"])
@pytest.mark.parametrize("pair", [EVENT, COSIGN, FOREIGN])
def test_a_key_is_added_once(kind, pair):
    facts = {
        "KeyRotated": {"old": EVENT.id},
        "KeyReplaced": {"approved_by": SUPERIOR, "replaces": [EVENT.id]},
    }
    header = key_event(kind, pair, EVENT, **facts.get(kind, {}))
    assert judged(JOINED, header, enrolling=True) == Reason.INVALID_FIELD
    assert judged(JOINED.apply(REVOKED, 20), header, enrolling=True) == Reason.INVALID_FIELD


def test_rotation():
    assert judged(JOINED, ROTATED) is None
    after = JOINED.apply(ROTATED, 20)
    assert valid_at(after, EVENT) == list(range(10, 21))
    assert valid_at(after, NEXT) == list(range(20, 30))
    assert valid_at(after, COSIGN) == list(range(11, 30))
    assert judged(after, key_event("KeyRotated", LOST, NEXT, old=NEXT.id)) is None
    assert judged(after, key_event("KeyRotated", LOST, EVENT, old=EVENT.id)) == Reason.KEY_REVOKED


def test_rotation_of_a_cosigning_key_is_signed_by_an_event_key():
    assert judged(JOINED, ROTATED_COSIGN) is None
    after = JOINED.apply(ROTATED_COSIGN, 20)
    assert valid_at(after, COSIGN) == list(range(11, 21))
    assert after.valid(NEXT.id, 20).purpose is Purpose.COSIGN
    assert judged(JOINED, replace(ROTATED_COSIGN, key=COSIGN.id)) == Reason.KEY_UNKNOWN


def test_rotation_is_signed_by_the_very_key_that_it_ends():
    two = JOINED.apply(key_event("KeyAdded", LOST, EVENT), 13)
    assert judged(two, key_event("KeyRotated", NEXT, LOST, old=EVENT.id)) == Reason.KEY_UNKNOWN
    assert judged(two, key_event("KeyRotated", NEXT, LOST, old=LOST.id)) is None


@pytest.mark.parametrize(
    ("old", "purpose", "expected"),
    [
        (NEXT, "EVENT", Reason.KEY_UNKNOWN),
        (FOREIGN, "EVENT", Reason.WRONG_COURT),
        (COSIGN, "EVENT", Reason.INVALID_FIELD),
        (EVENT, "COSIGN", Reason.INVALID_FIELD),
    ],
)
def test_rotation_of_another_key(old, purpose, expected):
    assert judged(JOINED, key_event("KeyRotated", LOST, EVENT, purpose=purpose, old=old.id)) == expected


def test_revocation():
    assert judged(JOINED, REVOKED) is None
    assert judged(JOINED, key_event("KeyRevoked", COSIGN, EVENT, purpose="COSIGN")) is None
    assert judged(JOINED, key_event("KeyRevoked", COSIGN, EVENT)) == Reason.INVALID_FIELD
    assert judged(JOINED, key_event("KeyRevoked", FOREIGN, EVENT)) == Reason.WRONG_COURT
    assert judged(JOINED, key_event("KeyRevoked", NEXT, EVENT)) == Reason.KEY_UNKNOWN
    after = JOINED.apply(REVOKED, 20)
    assert valid_at(after, EVENT) == list(range(10, 21))
    assert judged(after, REVOKED) == Reason.KEY_REVOKED


def test_replacement_after_loss():
    assert judged(JOINED, REPLACED, enrolling=True) is None
    assert judged(JOINED, REPLACED) == Reason.TOKEN_INVALID
    assert judged(JOINED, REPLACED, enrolling=True, superior="苏06") == Reason.FORBIDDEN
    unapproved = key_event("KeyReplaced", NEXT, NEXT, approved_by="", replaces=[EVENT.id])
    assert judged(JOINED, unapproved, enrolling=True, superior="") == Reason.FORBIDDEN
    assert judged(JOINED, replace(REPLACED, key=EVENT.id), enrolling=True) == Reason.KEY_UNKNOWN
    cosigning = key_event("KeyReplaced", NEXT, NEXT, purpose="COSIGN", approved_by=SUPERIOR, replaces=[])
    assert judged(JOINED, cosigning, enrolling=True) == Reason.INVALID_FIELD
    after = JOINED.apply(REPLACED, 20)
    assert valid_at(after, EVENT) == list(range(10, 21))
    assert valid_at(after, NEXT) == list(range(20, 30))
    assert valid_at(after, COSIGN) == list(range(11, 30))
    assert valid_at(after, FOREIGN) == list(range(12, 30))


def test_a_replacement_names_every_key_that_the_court_lost_and_no_other():
    two = JOINED.apply(key_event("KeyAdded", LOST, EVENT), 13)
    both = sorted([EVENT.id, LOST.id])
    for named in ([], [EVENT.id], sorted([*both, COSIGN.id]), sorted([*both, FOREIGN.id])):
        header = key_event("KeyReplaced", NEXT, NEXT, approved_by=SUPERIOR, replaces=named)
        assert judged(two, header, enrolling=True) == Reason.INVALID_FIELD
    header = key_event("KeyReplaced", NEXT, NEXT, approved_by=SUPERIOR, replaces=both)
    assert judged(two, header, enrolling=True) is None
    after = two.apply(header, 20)
    assert not after.valid(EVENT.id, 21)
    assert not after.valid(LOST.id, 21)


def test_a_replacement_ends_nothing_that_it_does_not_name():
    """In the hub's own court the hub has a key, too, which its court's node cannot lose."""
    hub = JOINED.apply(key_event("KeyAdded", LOST, EVENT), 13)
    after = hub.apply(REPLACED, 20)
    assert valid_at(after, LOST) == list(range(13, 30))


@pytest.mark.parametrize(
    "replaces", ["x", [1], ["x"], [EVENT.id, EVENT.id], sorted([EVENT.id, LOST.id])[::-1]]
)
def test_a_replacement_names_keys_in_one_way(replaces):
    header = key_event("KeyReplaced", NEXT, NEXT, approved_by=SUPERIOR, replaces=replaces)
    assert judged(JOINED, header, enrolling=True) == Reason.MALFORMED


@pytest.mark.parametrize("header", [FIRST, ROTATED, REVOKED, REPLACED])
def test_a_fact_that_no_key_event_has(header):
    said = replace(header, facts={**header.facts, "note": "320500189901010016"})
    assert judged(JOINED, said, enrolling=True) == Reason.MALFORMED


def test_a_keyring_is_not_changed_by_the_next():
    before = dict(JOINED.keys)
    JOINED.apply(ROTATED, 20)
    assert JOINED.keys == before
    with pytest.raises(TypeError):
        JOINED.keys["x"] = JOINED.keys[EVENT.id]


@pytest.mark.parametrize("kind", [*sorted(set(EventKind) - KEY_EVENTS), "FromALaterVersion"])
def test_other_events_say_nothing_about_keys(kind):
    assert JOINED.apply(replace(ROTATED, kind=kind), 20) is JOINED
    assert judged(JOINED, replace(ROTATED, kind=kind)) == Reason.WRONG_STATE


def test_a_key_event_stands_in_the_courts_own_stream():
    assert judged(JOINED, replace(ROTATED, instruction=stream_id(OTHER))) == Reason.WRONG_COURT


@pytest.mark.parametrize(
    ("fact", "value", "expected"),
    [
        ("purpose", "SIGN", Reason.MALFORMED),
        ("purpose", 1, Reason.MALFORMED),
        ("key", "01" * 15, Reason.MALFORMED),
        ("key", LOST.id, Reason.SIGNATURE_INVALID),
        ("public", "x", Reason.MALFORMED),
        ("public", "", Reason.MALFORMED),
        ("old", 1, Reason.MALFORMED),
    ],
)
def test_malformed_facts(fact, value, expected):
    header = replace(ROTATED, facts={**ROTATED.facts, fact: value})
    assert judged(JOINED, header) == expected
    with pytest.raises(DomainError) as refused:
        JOINED.apply(header, 20)
    assert refused.value.reason == expected


@pytest.mark.parametrize(
    ("header", "fact"), [(ROTATED, "purpose"), (REVOKED, "key"), (ROTATED, "old"), (REPLACED, "approved_by")]
)
def test_a_missing_fact(header, fact):
    facts = {name: value for name, value in header.facts.items() if name != fact}
    assert judged(JOINED, replace(header, facts=facts), enrolling=True) == Reason.MALFORMED


# --- What readers of the log judge -----------------------------------------------------------------------------------

STOLEN_NAME = key_event("KeyAdded", NEXT, NEXT)
"""A second key of a court that nobody signed but itself."""


@pytest.mark.parametrize("header", [SECOND, ROTATED, ROTATED_COSIGN, REVOKED, REPLACED])
def test_readers_take_what_a_court_may_do_with_its_keys(header):
    begun = Keyring().apply(FIRST, 10)
    assert refused_by_log(Keyring(), FIRST, 10) is None
    assert refused_by_log(begun if header is SECOND else JOINED, header, 20) is None


@pytest.mark.parametrize(
    "header",
    [
        STOLEN_NAME,
        key_event("KeyAdded", NEXT, FOREIGN),
        key_event("KeyAdded", NEXT, COSIGN),
        key_event("KeyRotated", NEXT, NEXT, old=EVENT.id),
        key_event("KeyReplaced", NEXT, NEXT, approved_by="", replaces=[EVENT.id]),
        key_event("KeyReplaced", NEXT, NEXT, approved_by=SUPERIOR, replaces=[]),
        key_event("KeyReplaced", NEXT, FOREIGN, approved_by=SUPERIOR, replaces=[EVENT.id]),
        FIRST,
        replace(STOLEN_NAME, instruction=stream_id(OTHER)),
        key_event("KeyAdded", NEXT, NEXT, note="x"),
    ],
)
@pytest.mark.parametrize("index", [0, 20])
def test_readers_take_no_key_that_the_court_has_not_signed(header, index):
    assert refused_by_log(JOINED, header, index) is not None


def test_a_key_that_has_ended_vouches_for_nothing():
    ended = JOINED.apply(REVOKED, 20)
    assert refused_by_log(ended, STOLEN_NAME, 21) is not None
    assert refused_by_log(ended, FIRST, 21) is not None


def test_the_node_of_the_hubs_court_joins_beside_the_hub_and_once():
    hub = Keyring().apply(key_event("KeyAdded", LOST, LOST), 0)
    assert refused_by_log(hub, FIRST, 5) is None
    joined = hub.apply(FIRST, 5)
    assert refused_by_log(joined, STOLEN_NAME, 6) is not None
    assert refused_by_log(joined, key_event("KeyAdded", LOST, LOST), 6) is not None
    assert refused_by_log(joined, REPLACED, 6) is None
