"""What is said on étape 6 once something has been answered, received or removed."""

from app.domain.dossier import Dossier
from app.domain.pieces import Document
from app.forms.form import Sent
from app.forms.words import document, prenom
from app.steps._emplacements import Board, possible, remaining
from app.steps._fichiers import counted, received
from app.steps._reception import shown

NO_TAXES = "Les taxes ne sont plus demandées."
FILES_KEPT = "Vos fichiers pour ces taxes restent gardés si vous répondez à nouveau « Oui »."


def said_of_documents(dossier: Dossier, fait: str, qui: str) -> str:
    """What « Suivant » says when it opens documents instead of leaving; `qui`: whose."""
    pieces, membre = dossier.demande.pieces, dossier.membre(qui)
    if fait == "bien" and pieces.bien:
        return "Vous avez répondu « Oui ». Joignez maintenant ces deux documents."
    if fait == "etranger" and pieces.etranger:
        return "Vous avez répondu « Oui ». Joignez maintenant un document de ce pays."
    if fait == "avis" and membre:
        return f"L'avis est demandé pour {prenom(dossier, membre)}."
    if fait == "nouveaux":
        return "D'autres documents sont demandés. Joignez-les, ou cochez « Je n'ai pas ce document »."
    return ""


def said_of_files(dossier: Dossier, fait: str, qui: str) -> str:
    """What is said of files just sent or removed; `qui`: the file, how many, or its document."""
    left = remaining(dossier)
    still = f" Il reste {left} document{'s' if left > 1 else ''} à joindre." if left else ""
    fichier = next((fichier for fichier in dossier.fichiers if fichier.id == qui), None)
    if fait == "recu" and fichier:
        return received(fichier) + still
    if fait == "perdu" and fichier:
        return f"Le fichier {fichier.nom} n'est plus disponible. Envoyez-le à nouveau."
    if fait == "recus" and qui.isdecimal():
        return f"{counted(int(qui[:2]))}.{still}"
    if fait == "supprime" and qui not in {place.code for place in dossier.emplacements}:
        return removal(dossier, qui)  # else its document says so itself, where the focus goes
    return ""


def removal(dossier: Dossier, code: str) -> str:
    """What is said once a file of this document is removed."""
    place = next((place for place in possible(dossier) if place.code == code), None)
    what = f" : {document(dossier, place)}" if place else ""
    return f"Fichier supprimé{what}. Pour le remettre, envoyez-le à nouveau."


def revealed_by(board: Board, sent: Sent) -> str:
    """What is said once an answer (`bloc`) has shown or hidden documents; nothing if nothing moved."""
    name, before = sent.text("bloc"), shown(sent)
    membre = board.dossier.membre(name.removeprefix("figure_"))
    if name == "bien" and board.cards[Document.FONCIERE]:
        return "Deux documents sont maintenant demandés : la taxe foncière et la taxe d'habitation."
    if name == "bien" and board.taxes_gardees:
        return f"{NO_TAXES} {FILES_KEPT}"
    if name == "bien" and Document.FONCIERE in before:
        return NO_TAXES
    if name == "etranger" and board.cards[Document.ETRANGER]:
        return "Un document de ce pays est maintenant demandé."
    if name == "etranger" and Document.ETRANGER in before:
        return "Le document d'un autre pays n'est plus demandé."
    if name.startswith("figure_") and membre:
        nom = prenom(board.dossier, membre)
        if sent.box(name):
            return f"{nom} figure sur votre avis. Son avis n'est plus demandé."
        return f"L'avis est demandé pour {nom}."
    return ""
