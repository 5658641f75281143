"""What a refusal of a file says: the cause, what was found, the remedy."""

import pytest

from app.domain.pieces import Fichier
from app.files import limits
from app.files.inspection import RefusalReason, RefusedFile
from app.steps.pieces.words import ACCEPT, line, no_room, received, refusal
from app.store.pieces import Full
from tests.support.browser import plain

MO = 1_048_576
SAID = {
    RefusalReason.EMPTY: (RefusedFile(RefusalReason.EMPTY), "ne contient rien (0 octet)"),
    RefusalReason.TOO_HEAVY: (
        RefusedFile(RefusalReason.TOO_HEAVY, size=20 * MO),
        "pèse 20 Mo. Ce service lit des fichiers de 16 Mo",
    ),
    RefusalReason.PDF_HEAVY: (
        RefusedFile(RefusalReason.PDF_HEAVY, size=5 * MO),
        "pèse 5 Mo. Un PDF pèse 2 Mo au plus",
    ),
    RefusalReason.TYPE: (
        RefusedFile(RefusalReason.TYPE, found="GIF", size=9),
        "est de type GIF. Envoyez un PDF, un JPEG ou un PNG",
    ),
    RefusalReason.TYPE_NAME: (
        RefusedFile(RefusalReason.TYPE_NAME, found="page web", announced="un PDF"),
        "annonce un PDF, mais le contenu est de type page web",
    ),
    RefusalReason.TYPE_UNKNOWN: (RefusedFile(RefusalReason.TYPE_UNKNOWN), "n'est pas reconnu"),
    RefusalReason.HEIC: (
        RefusedFile(RefusalReason.HEIC, found="HEIC"),
        "est une photo HEIC, un format d'iPhone. Envoyez un JPEG",
    ),
    RefusalReason.WORD: (
        RefusedFile(RefusalReason.WORD, found="Word"),
        "est un document Word. Enregistrez-le en PDF",
    ),
    RefusalReason.PDF_UNREADABLE: (
        RefusedFile(RefusalReason.PDF_UNREADABLE, size=MO),
        "(1 Mo) ne s'ouvre pas. Récupérez-le",
    ),
    RefusalReason.PDF_PROTECTED: (RefusedFile(RefusalReason.PDF_PROTECTED), "protégé par un mot de passe"),
    RefusalReason.PDF_ACTIVE: (
        RefusedFile(RefusalReason.PDF_ACTIVE),
        "un programme ou un fichier caché. Par sécurité, il est refusé",
    ),
    RefusalReason.PDF_PAGES: (
        RefusedFile(RefusalReason.PDF_PAGES, pages=1200),
        "compte 1 200 pages. Un fichier en compte 200 au plus",
    ),
    RefusalReason.IMAGE_UNREADABLE: (
        RefusedFile(RefusalReason.IMAGE_UNREADABLE, size=MO),
        "(1 Mo) ne s'ouvre pas. Prenez-la à nouveau",
    ),
    RefusalReason.IMAGE_HUGE: (
        RefusedFile(RefusalReason.IMAGE_HUGE, width=100_000, height=100_000),
        "100 000 × 100 000 points. Prenez une photo",
    ),
    RefusalReason.REDUCTION: (
        RefusedFile(RefusalReason.REDUCTION, size=3 * MO),
        "pèse encore 3 Mo après réduction",
    ),
    RefusalReason.DELAY: (
        RefusedFile(RefusalReason.DELAY, size=9),
        "Réessayez dans quelques minutes avec le même fichier",
    ),
}


@pytest.mark.parametrize("reason", RefusalReason)
def test_chaque_refus_nomme_le_document_et_le_fichier(reason: RefusalReason) -> None:
    refused, expected = SAID[reason]
    said = plain(refusal("Avis d'impôt : Lina", "page {1}.pdf", refused))
    assert said.startswith("« Avis d'impôt : Lina » : ")
    assert "page {1}.pdf" in said
    assert expected in said
    assert "exemple" not in said
    assert said.endswith(".")


def test_un_retard_du_service_n_est_pas_une_faute_du_fichier() -> None:
    assert "ne s'ouvre pas" not in refusal("Avis", "avis.pdf", RefusedFile(RefusalReason.DELAY))


@pytest.mark.parametrize(
    ("reason", "size", "expected"),
    [
        (RefusalReason.PDF_HEAVY, limits.MAX_KEPT_BYTES + 1, "un peu plus de 2 Mo"),
        (RefusalReason.REDUCTION, limits.MAX_KEPT_BYTES + 1, "un peu plus de 2 Mo"),
        (RefusalReason.TOO_HEAVY, limits.MAX_READ_BYTES + 1, "un peu plus de 16 Mo"),
        (RefusalReason.PDF_HEAVY, limits.MAX_KEPT_BYTES + 60_000, "2,1 Mo"),
    ],
)
def test_un_poids_juste_au_dessus_d_une_limite_ne_se_lit_pas_comme_elle(
    reason: RefusalReason, size: int, expected: str
) -> None:
    assert expected in plain(refusal("Avis", "avis.pdf", RefusedFile(reason, size=size)))


@pytest.mark.parametrize(
    ("full", "expected"),
    [
        (Full.EMPLACEMENT, "« Avis » compte déjà 10 fichiers : avis.pdf n'est pas gardé"),
        (Full.DEMANDE, "Votre demande compte déjà 40 fichiers"),
        (Full.DISK, "Ce service ne peut pas recevoir de fichier en ce moment"),
    ],
)
def test_un_bon_fichier_qui_n_est_pas_garde(full: Full, expected: str) -> None:
    assert plain(no_room("Avis", "avis.pdf", full)).startswith(expected)


@pytest.mark.parametrize(
    ("changes", "expected_line", "expected"),
    [
        ({}, "1,5 Mo, 4 pages", "Fichier reçu : avis.pdf, 1,5 Mo, 4 pages."),
        ({"pages": 1}, "1,5 Mo, 1 page", "Fichier reçu : avis.pdf, 1,5 Mo, 1 page."),
        ({"pages": None}, "1,5 Mo, photo", "Fichier reçu : avis.pdf, 1,5 Mo."),
        (
            {"pages": None, "avant": 4 * MO},
            "1,5 Mo, photo",
            "Fichier reçu : avis.pdf. Photo réduite de 4 Mo à 1,5 Mo par ce service. "
            "Vérifiez qu'elle est lisible avec « Voir ».",
        ),
    ],
)
def test_un_fichier_recu(changes: dict[str, int | None], expected_line: str, expected: str) -> None:
    fields = {
        "id": "a",
        "document": "avis",
        "personne": "moi",
        "nom": "avis.pdf",
        "taille": 3 * MO // 2,
        "pages": 4,
    }
    fichier = Fichier.model_validate({**fields, "media": "", "empreinte": "", **changes})
    assert plain(line(fichier)) == expected_line
    assert plain(received(fichier)) == expected


def test_l_iphone_fait_lui_meme_un_jpeg() -> None:
    """Safari only converts what `accept` does not list; what comes as HEIC all the same is read."""
    listed = ACCEPT.split(",")
    assert not [kind for kind in listed if kind.startswith((".hei", "image/hei")) or "*" in kind]
    assert {"image/jpeg", "image/png", "application/pdf"} < set(listed)
