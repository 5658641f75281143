"""Seal bytes so that only the holder of a key can read them, and tell when they were touched."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
KEY_ID_BYTES = 4
HEAD_BYTES = KEY_ID_BYTES + 1  # of a seal under a ring: the id of its key, then its version

_VERSION = b"\x01"
_NAMES_ITS_ROW = b"\x02"  # under a ring; the first version did so for some tables only
_NONCE_BYTES = 12
SEAL_BYTES = len(_VERSION) + _NONCE_BYTES + 16  # what a seal adds to what it seals


class SealBroken(Exception):
    """These bytes were not sealed with this key in this context, or were altered since."""


class KeyMissing(Exception):
    """The ring does not hold the key these bytes were sealed with."""


def new_key() -> bytes:
    """Draw a key."""
    return secrets.token_bytes(KEY_BYTES)


def derive(secret: bytes, salt: bytes, info: bytes) -> bytes:
    """Make the key of one use (`info`) out of a secret, with HKDF-SHA256."""
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=salt, info=info).derive(secret)


def seal(key: bytes, clear: bytes, context: bytes, version: bytes = _VERSION) -> bytes:
    """Encrypt with AES-256-GCM; `context` is not kept and must be said again to unseal."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return version + nonce + _cipher(key).encrypt(nonce, clear, version + context)


def unseal(key: bytes, sealed: bytes, context: bytes) -> bytes:
    """Decrypt what `seal` made."""
    version, nonce, cipher = sealed[:1], sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
    if version not in (_VERSION, _NAMES_ITS_ROW) or len(nonce) != _NONCE_BYTES:
        raise SealBroken
    try:
        return _cipher(key).decrypt(nonce, cipher, version + context)
    except InvalidTag:
        raise SealBroken from None


def _cipher(key: bytes) -> AESGCM:
    if len(key) != KEY_BYTES:
        raise ValueError(f"a key is {KEY_BYTES} bytes long")
    return AESGCM(key)


class KeyRing:
    """The keys of the deposited data, newest first: the first seals, all can unseal."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        if not keys or any(len(key) != KEY_BYTES for key in keys):
            raise ValueError(f"a ring holds at least one key, each {KEY_BYTES} bytes long")
        self._keys = {hashlib.sha256(key).digest()[:KEY_ID_BYTES]: key for key in keys}
        if len(self._keys) != len(keys):
            raise ValueError("two keys of the ring are the same, or share their id")

    def seal(self, clear: bytes, context: bytes) -> bytes:
        """Seal with the newest key, whose id comes first."""
        key_id, key = next(iter(self._keys.items()))
        return key_id + seal(key, clear, context, _NAMES_ITS_ROW)

    def unseal(self, sealed: bytes, context: bytes, first: bytes | None = None) -> bytes:
        """
        Unseal with the key that sealed. `first`: the context of seals of the first version, if it was another.

        Raises KeyMissing, SealBroken.
        """
        key = self._keys.get(self.needs(sealed))
        if key is None:
            raise KeyMissing
        is_first = sealed[KEY_ID_BYTES:HEAD_BYTES] == _VERSION
        return unseal(key, sealed[KEY_ID_BYTES:], first if is_first and first is not None else context)

    def needs(self, sealed: bytes) -> bytes:
        """Tell the id of the key that sealed these bytes."""
        if len(sealed) < KEY_ID_BYTES:
            raise SealBroken
        return sealed[:KEY_ID_BYTES]

    @property
    def ids(self) -> tuple[bytes, ...]:
        """What the seals of each key begin with, newest key first."""
        return tuple(self._keys)

    @property
    def head(self) -> bytes:
        """What a seal made now begins with: the newest key, the newest version."""
        return self.ids[0] + _NAMES_ITS_ROW

    def blind_index(self, value: str, purpose: str) -> list[bytes]:
        """Make what a value is looked up by without being stored, one per key, newest first."""
        info = b"blind index: " + purpose.encode()
        return [hmac.digest(derive(key, b"", info), value.encode(), "sha256") for key in self._keys.values()]
