"""Dated signatures: what a cookie says is ours, and since when."""

import hashlib
from functools import cache

from itsdangerous import TimestampSigner

from app.settings import Settings


class _Signer(TimestampSigner):
    """Signs with SHA-256. A year after the last version that signed with SHA-1, no cookie needs that one read."""

    default_digest_method = staticmethod(hashlib.sha256)

    @cache  # noqa: B019 — there are as many signers as uses
    def derive_key(self, secret_key: str | bytes | None = None) -> bytes:
        """The key of this use, made once."""
        return super().derive_key(secret_key)

    def verify_signature(self, value: str | bytes, sig: str | bytes) -> bool:
        """True under either digest, with any of the keys."""
        return super().verify_signature(value, sig) or TimestampSigner(
            self.secret_keys, salt=self.salt, digest_method=hashlib.sha1
        ).verify_signature(value, sig)


def signer(settings: Settings, salt: str) -> TimestampSigner:
    """The signer of one use, which its salt names: another use does not read it."""
    return _signer(settings.secret_keys, salt)


@cache
def _signer(secret_keys: tuple[str, ...], salt: str) -> _Signer:
    """itsdangerous signs with the last key of its list, ours are newest first."""
    return _Signer(list(reversed(secret_keys)), salt=salt)
