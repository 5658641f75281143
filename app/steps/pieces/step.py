"""Étape 6 — « Mes pièces justificatives » : les documents, les questions, les fichiers."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from app.domain.demande import MOI, Demande
from app.domain.dossier import Dossier
from app.domain.pieces import Document
from app.files import limits
from app.forms.form import Form, Question, Sent, Value
from app.forms.words import document, prenom
from app.steps._said import SaidAnywhere
from app.steps._step import Action, Done, Step, Visit
from app.steps.pieces.cards import Board, make_board
from app.steps.pieces.documents import can_be_absent, has_one_page, in_page_order, possible, remaining
from app.steps.pieces.questions import ASKED
from app.steps.pieces.reception import receive, shown, take, with_pieces
from app.steps.pieces.words import (
    ACCEPT,
    FILES_KEPT,
    FORMATS,
    NO_TAXES,
    SENTENCES,
    PiecesSaid,
    both,
    counted,
    line,
    missing,
    reduced,
    removal,
)
from app.store.pieces import remove_file

TAXES = {Document.FONCIERE, Document.HABITATION}


class PiecesStep(Step):
    slug = "pieces"
    title = "Mes pièces justificatives"
    sentences = SENTENCES
    losses = (PiecesSaid.PERDU,)

    def questions(self, visit: Visit) -> Mapping[str, Question]:
        dossier = visit.dossier
        box = Question("", kind="box", required=False)
        figure = {
            f"figure_{membre.cle}": replace(
                box, label=f"{prenom(dossier, membre)} figure sur mon avis d'imposition"
            )
            for membre in dossier.membres_de_16_ans
            if membre.cle != MOI
        }
        pas = {
            f"pas_{place.code}": replace(
                box, label="Je n'ai pas ce document", hidden_label=document(dossier, place)
            )
            for place in possible(dossier)
            if can_be_absent(place)
        }
        return ASKED.questions(dossier) | figure | pas

    def values(self, visit: Visit) -> Mapping[str, Value]:
        pieces = visit.dossier.demande.pieces
        return {
            **ASKED.values(pieces),
            **{f"figure_{cle}": "oui" for cle in pieces.figure},
            **{f"pas_{code}": "oui" for code in pieces.absentes},
        }

    def receive(self, visit: Visit, sent: Sent) -> Visit:
        return receive(visit, sent)

    def read(self, visit: Visit, sent: Sent) -> Demande:
        """« Suivant »: refuse what is missing, unless this same submission opened it."""
        taken = take(visit, sent)
        dossier, pieces = taken.dossier, taken.dossier.demande.pieces
        on_page = shown(sent) or {place.code for place in visit.dossier.emplacements}
        opened = False
        for part in in_page_order(dossier):
            if isinstance(part, str):
                if getattr(pieces, part) is None:
                    sent.refuse(part, ASKED.asked[part].missing)
                continue
            taken.refuse_files(sent, part)
            if part.code in taken.refused:
                continue
            fichiers = dossier.fichiers_de(part)
            if fichiers and part.code in pieces.absentes and can_be_absent(part) and part.code in on_page:
                sent.refuse(f"pas_{part.code}", both(document(dossier, part), fichiers[0].nom))
            elif not dossier.est_satisfait(part):
                if part.code in on_page:
                    sent.refuse(f"fichier_{part.code}", missing(dossier, part))
                opened = True
        if sent.errors:
            return visit.dossier.demande
        alone = {dossier.fichiers_de(e)[0].id for e in dossier.emplacements if has_one_page(dossier, e)}
        unseen = alone & {fichier.id for fichier in taken.received} - visit.reception.before
        return with_pieces(dossier.demande, vu=not (opened or unseen))

    def done(self, visit: Visit, demande: Demande, onward: str) -> Done:
        if demande.pieces.vu:
            return Done(demande, url=onward)
        dossier = visit.dossier.avec(demande)
        opened = [place for place in dossier.emplacements if not dossier.est_satisfait(place)]
        if not opened:
            alone = {dossier.fichiers_de(e)[0] for e in dossier.emplacements if has_one_page(dossier, e)}
            last = next((fichier for fichier in reversed(dossier.fichiers) if fichier in alone), None)
            if last is None:  # another tab has changed the files meanwhile
                return Done(demande, url=onward)
            return Done(demande, fait=PiecesSaid.RECU, qui=last.id, anchor=f"slot_{last.emplacement}")
        kinds = {place.document for place in opened}
        if kinds == TAXES:
            return Done(demande, fait=PiecesSaid.BIEN, anchor="docs_bien")
        if kinds == {Document.ETRANGER}:
            return Done(demande, fait=PiecesSaid.ETRANGER, anchor="docs_etranger")
        one_notice = kinds == {Document.AVIS} and len(opened) == 1
        fait = PiecesSaid.AVIS if one_notice else PiecesSaid.NOUVEAUX
        return Done(demande, fait=fait, qui=opened[0].personne, anchor=f"slot_{opened[0].code}")

    def answered(self, dossier: Dossier) -> bool:
        pieces = dossier.demande.pieces
        return pieces.vu and ASKED.answered(dossier, pieces) and not remaining(dossier)

    def actions(self) -> Mapping[str, Action]:
        return {"supprimer": _supprime, "envoyer": _envoie}

    def refusal(self, form: Form) -> str:
        files = sum(":" in name for name in form.errors)  # the key of a refused file has its rank
        if files != len(form.errors):
            return ""
        return "Fichier refusé" if files == 1 else f"{files} fichiers refusés"

    def context(self, visit: Visit) -> Mapping[str, object]:
        return {
            "tableau": cache(lambda form: _board(visit, form)),
            "retrait": lambda code: removal(visit.dossier, code),
            "ligne": line,
            "reduite": reduced,
            "compte": counted,
            "formats": FORMATS,
            "accept": ACCEPT,
            "limites": limits,
        }

    def revealed(self, visit: Visit, sent: Sent) -> str:
        return _revealed(_board(visit, Form.again(self.questions(visit), sent)), sent)


def _board(visit: Visit, form: Form) -> Board:
    fichiers = visit.dossier.fichiers
    return make_board(visit.dossier, form, [f.id for f in fichiers if visit.shelf.size(f.id) is None])


def _envoie(visit: Visit, sent: Sent, code: str) -> Done | None:
    """« Envoyer ce fichier »: whichever document the files are for."""
    taken = take(visit, sent)
    demande, files = taken.dossier.demande, {fichier.id: fichier for fichier in taken.received}
    if taken.refuse_all(sent):
        return None
    if not files:
        place = next((place for place in taken.dossier.emplacements if place.code == code), None)
        if place is None:
            return Done(demande, fait=SaidAnywhere.DISPARU, answers=False)
        sent.refuse(
            f"fichier_{code}",
            f"Choisissez un fichier pour « {document(taken.dossier, place)} », puis « Envoyer ce fichier ».",
        )
        return None
    sent_for = {fichier.emplacement for fichier in taken.received}
    places = [place.code for place in taken.dossier.emplacements if place.code in sent_for]
    anchor = f"slot_{code if code in places else places[0]}" if places else ""
    several = len(files) > 1
    fait = PiecesSaid.RECUS if several else PiecesSaid.RECU
    qui = str(len(files)) if several else next(iter(files))
    return Done(demande, fait=fait, qui=qui, anchor=anchor, aloud=True, answers=False)


def _supprime(visit: Visit, sent: Sent, identity: str) -> Done | None:
    """« Supprimer »: alone in its form, or with the whole page in a browser that ignores `form=`."""
    taken = take(visit, sent)
    demande = taken.dossier.demande
    fichier = next((fichier for fichier in taken.dossier.fichiers if fichier.id == identity), None)
    gone = remove_file(visit.db, visit.shelf, visit.session_id, identity)
    if taken.refuse_all(sent):
        return None
    if fichier is None or not gone:
        return Done(demande, fait=SaidAnywhere.DISPARU, answers=False)
    asked = {place.code for place in taken.dossier.emplacements}
    anchor = f"slot_{fichier.emplacement}" if fichier.emplacement in asked else ""
    return Done(demande, fait=PiecesSaid.SUPPRIME, qui=fichier.emplacement, anchor=anchor, answers=False)


def _revealed(board: Board, sent: Sent) -> str:
    """What the page says once an answer (`bloc`) has shown or hidden documents; empty if it did neither."""
    name, before = sent.text("bloc"), shown(sent)
    membre = board.dossier.membre(name.removeprefix("figure_"))
    if name == "bien" and board.cards[Document.FONCIERE]:
        return "Joignez aussi les avis de taxe foncière et de taxe d'habitation."
    if name == "bien" and board.taxes_gardees:
        return f"{NO_TAXES} {FILES_KEPT}"
    if name == "bien" and Document.FONCIERE in before:
        return NO_TAXES
    if name == "etranger" and board.cards[Document.ETRANGER]:
        return "Joignez aussi un document de ce pays."
    if name == "etranger" and Document.ETRANGER in before:
        return "Le document d'un autre pays n'est plus demandé."
    if name.startswith("figure_") and membre:
        nom = prenom(board.dossier, membre)
        if sent.box(name):
            return f"{nom} figure sur votre avis. Son avis n'est plus demandé."
        return f"L'avis est demandé pour {nom}."
    cards = (card for kind in board.cards.values() for card in kind)
    return next((card.lignes[0][1] for card in cards if name == f"pas_{card.code}"), "")


STEP = PiecesStep()
