"""Sealed bytes are read with their key, in their context, or not at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.files.sealing import KeyMissing, KeyRing, SealBroken, derive, new_key, seal, unseal

OLD, NEW = b"o" * 32, b"n" * 32


@given(st.binary(), st.binary())
def test_what_is_sealed_is_read_back(clear: bytes, context: bytes) -> None:
    assert unseal(NEW, seal(NEW, clear, context), context) == clear


def test_two_seals_of_the_same_bytes_differ() -> None:
    assert seal(NEW, b"avis", b"piece 1") != seal(NEW, b"avis", b"piece 1")


def test_every_byte_of_a_seal_counts() -> None:
    sealed = seal(NEW, b"avis", b"piece 1")
    for place in range(len(sealed)):
        touched = bytearray(sealed)
        touched[place] ^= 1
        with pytest.raises(SealBroken):
            unseal(NEW, bytes(touched), b"piece 1")


@pytest.mark.parametrize("length", range(30))
def test_a_shortened_seal_is_broken(length: int) -> None:
    with pytest.raises(SealBroken):
        unseal(NEW, seal(NEW, b"avis", b"")[:length], b"")


def test_another_context_or_another_key_breaks_the_seal() -> None:
    sealed = seal(NEW, b"avis", b"piece 1")
    with pytest.raises(SealBroken):
        unseal(NEW, sealed, b"piece 2")
    with pytest.raises(SealBroken):
        unseal(OLD, sealed, b"piece 1")


def test_a_key_has_32_bytes() -> None:
    assert len(new_key()) == 32
    assert new_key() != new_key()
    with pytest.raises(ValueError, match="32"):
        seal(b"court", b"avis", b"")


def test_a_derived_key_depends_on_all_it_is_made_of() -> None:
    made = {
        derive(*parts)
        for parts in ((OLD, b"s", b"i"), (NEW, b"s", b"i"), (OLD, b"t", b"i"), (OLD, b"s", b"j"))
    }
    assert len(made) == 4
    assert derive(OLD, b"s", b"i") in made
    assert {len(key) for key in made} == {32}


def test_derivation_follows_rfc_5869() -> None:
    """Compare with test case 1 of RFC 5869, whose first 32 bytes are ours."""
    made = derive(b"\x0b" * 22, bytes(range(13)), bytes(range(0xF0, 0xFA)))
    assert made.hex() == "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"


def test_the_newest_key_seals_and_all_unseal() -> None:
    before = KeyRing([OLD]).seal(b"avis", b"piece 1")
    ring = KeyRing([NEW, OLD])
    after = ring.seal(b"avis", b"piece 1")
    assert ring.unseal(before, b"piece 1") == ring.unseal(after, b"piece 1") == b"avis"
    assert ring.needs(before) != ring.needs(after) == KeyRing([NEW]).needs(after)


def test_a_key_taken_off_the_ring_is_missing_not_broken() -> None:
    sealed = KeyRing([OLD]).seal(b"avis", b"")
    with pytest.raises(KeyMissing):
        KeyRing([NEW]).unseal(sealed, b"")


def test_a_ring_refuses_what_was_touched() -> None:
    ring = KeyRing([NEW])
    sealed = ring.seal(b"avis", b"piece 1")
    with pytest.raises(SealBroken):
        ring.unseal(sealed[:-1] + bytes([sealed[-1] ^ 1]), b"piece 1")
    with pytest.raises(SealBroken):
        ring.unseal(sealed, b"piece 2")
    with pytest.raises(SealBroken):
        ring.unseal(b"abc", b"piece 1")


@pytest.mark.parametrize("keys", [[], [b"court"], [NEW, NEW]])
def test_a_ring_is_made_of_good_keys(keys: list[bytes]) -> None:
    with pytest.raises(ValueError, match="key"):
        KeyRing(keys)


def test_a_blind_index_finds_the_value_after_a_new_key() -> None:
    before, after = KeyRing([OLD]), KeyRing([NEW, OLD])
    assert after.blind_index("2910475111234", "nir")[1:] == before.blind_index("2910475111234", "nir")
    assert before.blind_index("2910475111234", "nir") != before.blind_index("2910475111235", "nir")
    assert before.blind_index("2910475111234", "nir") != before.blind_index("2910475111234", "courriel")
