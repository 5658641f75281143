"""The sentences of étape 6: what is missing, what has been received or removed, why a file is not kept."""

from collections.abc import Mapping

from app.domain.demande import MOI
from app.domain.dossier import Dossier
from app.domain.pieces import Document, Emplacement, Fichier
from app.files import limits
from app.files.inspection import RefusalReason, RefusedFile
from app.forms.typography import NBSP, nombre, poids
from app.forms.words import document, prenom
from app.steps._said import Said
from app.steps._step import Sentence, Visit
from app.steps.pieces.documents import has_one_page, possible, remaining
from app.store.pieces import Full

# HEIC is read when it comes, and is not asked for: Safari makes a JPEG, on the phone, of a HEIC that this list lacks;
# named here, each photo of an iPhone would be decoded by the service. An Android phone that is set to HEIC, which
# few are, may show its older photos grey: its camera, offered beside them, gives a JPEG.
ACCEPT = "image/jpeg,image/png,application/pdf,.pdf"
KEPT = poids(limits.MAX_KEPT_BYTES)
READ = poids(limits.MAX_READ_BYTES)
FORMATS = f"PDF de {KEPT} au plus, ou photo"

ONE_PAGE = "Ce PDF compte une seule page."
NO_TAXES = "Les taxes ne sont plus demandées."
FILES_KEPT = "Vos fichiers pour ces taxes restent gardés si vous répondez à nouveau « Oui »."
_MISSING = {
    Document.FONCIERE: "Joignez l'avis de taxe foncière, ou cochez {pas}.",
    Document.HABITATION: "Joignez l'avis de taxe d'habitation, ou cochez {pas}.",
    Document.ETRANGER: "Joignez le justificatif fiscal et social du pays, ou cochez {pas}.",
    Document.RSA: "Joignez l'attestation de la CAF ou de la MSA pour {prenom}, ou cochez {pas}.",
}
_MISSING_OWN = "Joignez votre avis d'impôt, ou cochez {pas}."
_MISSING_THEIRS = (
    "Joignez l'avis d'impôt pour {prenom}. Ou cochez « {prenom} figure sur mon avis d'imposition », ou {pas}."
)
_REFUSED = {
    RefusalReason.EMPTY: (
        "le fichier {fichier} ne contient rien (0 octet). Ouvrez-le sur votre appareil pour le vérifier, "
        "ou envoyez-en un autre."
    ),
    RefusalReason.TOO_HEAVY: (
        "le fichier {fichier} pèse {taille}. Ce service lit des fichiers de {lu} au plus. "
        "Prenez une nouvelle photo, page par page."
    ),
    RefusalReason.PDF_HEAVY: (
        "le PDF {fichier} pèse {taille}. Un PDF pèse {garde} au plus. "
        "Prenez chaque page en photo : ce service réduit les photos."
    ),
    RefusalReason.TYPE: ("le fichier {fichier} est de type {trouve}. Envoyez un PDF, un JPEG ou un PNG."),
    RefusalReason.TYPE_NAME: (
        "le nom {fichier} annonce {annonce}, mais le contenu est de type {trouve}. "
        "Envoyez un PDF, un JPEG ou un PNG."
    ),
    RefusalReason.TYPE_UNKNOWN: (
        "le contenu du fichier {fichier} n'est pas reconnu. Envoyez un PDF, un JPEG ou un PNG."
    ),
    RefusalReason.HEIC: (
        "{fichier} est une photo HEIC, un format d'iPhone. Envoyez un JPEG ou un PNG : ouvrez la photo "
        "et faites une capture d'écran."
    ),
    RefusalReason.WORD: ("{fichier} est un document {trouve}. Enregistrez-le en PDF, ou photographiez-le."),
    RefusalReason.PDF_UNREADABLE: (
        "le PDF {fichier} ({taille}) ne s'ouvre pas. Récupérez-le à nouveau sur le site d'origine, "
        "ou envoyez une photo de chaque page."
    ),
    RefusalReason.PDF_PROTECTED: (
        "le PDF {fichier} est protégé par un mot de passe ou un certificat. Enregistrez une copie sans "
        "protection, ou envoyez une photo de chaque page."
    ),
    RefusalReason.PDF_ACTIVE: (
        "le PDF {fichier} contient un programme ou un fichier caché. Par sécurité, il est refusé. "
        "Envoyez une photo de chaque page."
    ),
    RefusalReason.PDF_PAGES: (
        "le PDF {fichier} compte {pages} pages. Un fichier en compte {maximum} au plus. "
        "Envoyez seulement le document demandé."
    ),
    RefusalReason.IMAGE_UNREADABLE: (
        "la photo {fichier} ({taille}) ne s'ouvre pas. Prenez-la à nouveau et envoyez-la."
    ),
    RefusalReason.IMAGE_HUGE: (
        "l'image {fichier} est trop grande : {largeur} × {hauteur} points. Prenez une photo d'une page."
    ),
    RefusalReason.REDUCTION: (
        "la photo {fichier} pèse encore {taille} après réduction. Prenez la page seule, de près, "
        "sur un fond clair."
    ),
    RefusalReason.DELAY: (
        "ce service met trop de temps à lire {fichier}. Réessayez dans quelques minutes avec le même fichier."
    ),
}
_FULL = {
    Full.EMPLACEMENT: (
        "« {document} » compte déjà {par_document} fichiers : {fichier} n'est pas gardé. Supprimez-en un, "
        "ou réunissez des pages dans un PDF de {garde} au plus."
    ),
    Full.DEMANDE: (
        "Votre demande compte déjà {par_demande} fichiers : {fichier} n'est pas gardé. Supprimez-en un autre, "
        "puis envoyez {fichier} à nouveau."
    ),
    Full.DISK: (
        "Ce service ne peut pas recevoir de fichier en ce moment. Vos autres réponses sont gardées. "
        "Réessayez dans quelques minutes avec {fichier}."
    ),
}


def missing(dossier: Dossier, emplacement: Emplacement) -> str:
    """What to do about a document that is not there."""
    membre = dossier.membre(emplacement.personne)
    sentence = _MISSING.get(emplacement.document)
    if sentence is None:
        sentence = _MISSING_OWN if emplacement.personne == MOI else _MISSING_THEIRS
    return sentence.format(
        prenom=prenom(dossier, membre) if membre else "", pas="« Je n'ai pas ce document »"
    )


def both(nom: str, fichier: str) -> str:
    """A file is joined, and the user also ticked « Je n'ai pas ce document »."""
    return (
        f"« {nom} » : vous avez joint un fichier et coché « Je n'ai pas ce document ». "
        f"Décochez la case, ou supprimez {fichier}."
    )


def refusal(document: str, name: str, refused: RefusedFile) -> str:
    """Why a file is refused: the cause, the size or type found, and the remedy."""
    sentence = _REFUSED[refused.reason].format(
        fichier=name,
        taille=_weight(refused.size),
        garde=KEPT,
        lu=READ,
        trouve=refused.found,
        annonce=refused.announced,
        pages=nombre(refused.pages),
        maximum=limits.MAX_PDF_PAGES,
        largeur=nombre(refused.width),
        hauteur=nombre(refused.height),
    )
    return f"« {document} » : {sentence}"


def no_room(document: str, name: str, full: Full) -> str:
    """Why a good file is not kept."""
    return _FULL[full].format(
        document=document,
        fichier=name,
        garde=KEPT,
        par_document=limits.FILES_PER_EMPLACEMENT,
        par_demande=limits.FILES_PER_DEMANDE,
    )


def line(fichier: Fichier) -> str:
    """« 1,1 Mo, 4 pages », « 0,6 Mo, photo »."""
    pages = "photo" if fichier.pages is None else _pages(fichier.pages)
    return f"{poids(fichier.taille)}, {pages}"


def reduced(fichier: Fichier) -> str:
    """What became of a photo that was too heavy; empty for any other file."""
    if fichier.avant is None:
        return ""
    return f"Photo réduite de {poids(fichier.avant)} à {poids(fichier.taille)}."


def received(fichier: Fichier, *, one_page: bool = False) -> str:
    """What the page says about a file that has just arrived; `one_page`: a PDF with a page too few, maybe."""
    if smaller := reduced(fichier):
        return (
            f"Fichier reçu : {fichier.nom}. {smaller.removesuffix('.')} par ce service. "
            "Vérifiez qu'elle est lisible avec « Voir »."
        )
    pages = "" if fichier.pages is None or one_page else f", {_pages(fichier.pages)}"
    warning = f" {ONE_PAGE}" if one_page else ""
    return f"Fichier reçu : {fichier.nom}, {poids(fichier.taille)}{pages}.{warning}"


def counted(number: int) -> str:
    """« 1 fichier reçu », « 3 fichiers reçus »."""
    return f"1{NBSP}fichier reçu" if number == 1 else f"{number}{NBSP}fichiers reçus"


class PiecesSaid(Said):
    """What « Suivant » opened instead of leaving (about a person), or what became of files (which file, or how many)."""

    BIEN = "bien"
    ETRANGER = "etranger"
    AVIS = "avis"
    NOUVEAUX = "nouveaux"
    RECU = "recu"
    RECUS = "recus"
    PERDU = "perdu"
    SUPPRIME = "supprime"


def _say_taxes(visit: Visit, _: str) -> str:
    opened = visit.dossier.demande.pieces.bien
    return "Vous avez répondu « Oui ». Joignez maintenant ces deux documents." if opened else ""


def _say_abroad(visit: Visit, _: str) -> str:
    opened = visit.dossier.demande.pieces.etranger
    return "Vous avez répondu « Oui ». Joignez maintenant un document de ce pays." if opened else ""


def _say_own_notice(visit: Visit, cle: str) -> str:
    membre = visit.dossier.membre(cle)
    return f"L'avis est demandé pour {prenom(visit.dossier, membre)}." if membre else ""


def _say_others(_: Visit, __: str) -> str:
    return "D'autres documents sont demandés. Joignez-les, ou cochez « Je n'ai pas ce document »."


def _say_received(visit: Visit, identity: str) -> str:
    fichier = _file(visit, identity)
    if fichier is None:
        return ""
    places = (place for place in visit.dossier.emplacements if place.code == fichier.emplacement)
    one_page = any(has_one_page(visit.dossier, place) for place in places)
    return received(fichier, one_page=one_page) + _still(visit.dossier)


def _say_all_received(visit: Visit, number: str) -> str:
    return f"{counted(int(number[:2]))}.{_still(visit.dossier)}" if number.isdecimal() else ""


def _say_lost(visit: Visit, identity: str) -> str:
    fichier = _file(visit, identity)
    if fichier is None:
        return ""
    return f"Le fichier {fichier.nom} n'est plus disponible. Envoyez-le à nouveau, ou supprimez-le et envoyez-en un autre."


def _say_removed(visit: Visit, code: str) -> str:
    if code in {place.code for place in visit.dossier.emplacements}:
        return ""  # its document says so itself, where the focus goes
    return removal(visit.dossier, code)


SENTENCES: Mapping[str, Sentence] = {
    PiecesSaid.BIEN: _say_taxes,
    PiecesSaid.ETRANGER: _say_abroad,
    PiecesSaid.AVIS: _say_own_notice,
    PiecesSaid.NOUVEAUX: _say_others,
    PiecesSaid.RECU: _say_received,
    PiecesSaid.RECUS: _say_all_received,
    PiecesSaid.PERDU: _say_lost,
    PiecesSaid.SUPPRIME: _say_removed,
}


def _file(visit: Visit, identity: str) -> Fichier | None:
    return next((fichier for fichier in visit.dossier.fichiers if fichier.id == identity), None)


def _still(dossier: Dossier) -> str:
    """How many documents are left to send, after what has just arrived."""
    left = remaining(dossier)
    return f" Il reste {left} document{'s' if left > 1 else ''} à joindre." if left else ""


def removal(dossier: Dossier, code: str) -> str:
    """What the page says once the user has removed a file of this document."""
    place = next((place for place in possible(dossier) if place.code == code), None)
    what = f" : {document(dossier, place)}" if place else ""
    return f"Fichier supprimé{what}. Pour le remettre, envoyez-le à nouveau."


def _pages(number: int) -> str:
    return f"1{NBSP}page" if number == 1 else f"{nombre(number)}{NBSP}pages"


def _weight(size: int) -> str:
    """The weight found; never one that reads like a limit it is over."""
    for limit in (limits.MAX_KEPT_BYTES, limits.MAX_READ_BYTES):
        if size > limit and poids(size) == poids(limit):
            return f"un peu plus de {poids(limit)}"
    return poids(size)
