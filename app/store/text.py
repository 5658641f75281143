"""One spelling for what is searched: accents, capitals, hyphens, apostrophes, « œ », « & » and « St » are forgiven."""

import re
import unicodedata

_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "&": " et "})
_IN_FULL = {"st": "saint", "ste": "sainte"}
_SUR = re.compile(r"\bs ?/ ?")  # « Chalon s/Saône »
_NOT_A_WORD = re.compile(r"[^a-z0-9]+")
_SMALL = frozenset(("l", "d", "le", "la", "les", "de", "du", "des", "et"))
_DISTRICT = re.compile(r"(paris|lyon|marseille) (\d{1,2})(?:er|e|eme|ieme)?(?: ar.*)?")
_CEDEX = re.compile(r"(^| )cedex\b.*")
MOST_WORDS = 8  # of one search: what more words would narrow is narrow already


def normalise(text: str) -> str:
    """The words of a text in small plain letters, one space between them."""
    small = unicodedata.normalize("NFKD", _SUR.sub("sur ", text.casefold()).translate(_LETTERS))
    plain = "".join(sign for sign in small if not unicodedata.combining(sign))
    return " ".join(_IN_FULL.get(word, word) for word in _NOT_A_WORD.split(plain) if word)


def indexed_words(name: str) -> set[str]:
    """The words a name is found by: « M.F.E. » is also « mfe », « Grand-Large » also « grandlarge »."""
    parts = [normalise(part) for part in name.split()]
    return {word for part in parts for word in (*part.split(), part.replace(" ", "")) if word}


def searched_words(text: str) -> list[str]:
    """The words typed; « de » or « la » count only when there is nothing else."""
    words = list(dict.fromkeys(normalise(text).split()))
    return ([word for word in words if word not in _SMALL] or words)[:MOST_WORDS]


def town_key(name: str) -> str:
    """What a town is filed under: no space, no CEDEX, no arrondissement."""
    return split_town(name)[0]


def split_town(name: str) -> tuple[str, int]:
    """The key of a town, and its arrondissement (0: none): « Paris 12e » is ("paris", 12)."""
    words = _CEDEX.sub("", normalise(name))
    if district := _DISTRICT.fullmatch(words):
        return district[1], int(district[2])
    return words.replace(" ", ""), 0
