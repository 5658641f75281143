"""Which documents étape 6 asks of a household, in the order of its page, and which are still to come."""

from collections.abc import Iterator, Mapping

from app.domain.dossier import Dossier
from app.domain.pieces import Document, Emplacement
from app.steps.pieces.questions import ASKED

_OPENED: Mapping[str, tuple[Document, ...]] = {  # by the « Oui » to a question
    "bien": (Document.FONCIERE, Document.HABITATION),
    "etranger": (Document.ETRANGER,),
}
_ORDER: tuple[str | tuple[Document, ...], ...] = (
    *ASKED.asked,
    (Document.AVIS,),
    *(_OPENED[name] for name in ASKED.asked if name in _OPENED),
    (Document.RSA,),
)


def in_page_order(dossier: Dossier) -> Iterator[Emplacement | str]:
    """The documents asked and the names of the questions, as the page has them."""
    for part in _ORDER:
        if isinstance(part, str):
            yield part
        else:
            yield from (emplacement for emplacement in dossier.emplacements if emplacement.document in part)


def possible(dossier: Dossier) -> tuple[Emplacement, ...]:
    """Every document that could be asked of this household, whatever is answered to the two questions."""
    pieces = dossier.demande.pieces.model_copy(update={"bien": True, "etranger": True})
    return dossier.avec(dossier.demande.model_copy(update={"pieces": pieces})).emplacements


def can_be_absent(emplacement: Emplacement) -> bool:
    """« Je n'ai pas ce document » is offered: not for the attestation that nobody has to join."""
    return emplacement.document is not Document.RSA or bool(emplacement.personne)


def remaining(dossier: Dossier) -> int:
    """How many required documents have neither a file nor « Je n'ai pas ce document »."""
    return sum(not dossier.est_satisfait(emplacement) for emplacement in dossier.emplacements)


def has_one_page(dossier: Dossier, emplacement: Emplacement) -> bool:
    """The avis is a PDF of a single page, and nothing else is joined."""
    fichiers = dossier.fichiers_de(emplacement)
    return emplacement.document is Document.AVIS and len(fichiers) == 1 and fichiers[0].pages == 1
