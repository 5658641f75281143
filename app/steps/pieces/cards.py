"""The documents of étape 6 as their page shows them: one card each."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.domain.demande import MOI, Pieces
from app.domain.dossier import Dossier
from app.domain.pieces import PEUT_NE_PAS_EXISTER, Document, Emplacement, Fichier
from app.files.inspection import RefusalReason, RefusedFile
from app.files.limits import FILES_PER_EMPLACEMENT
from app.forms.form import Field, Form
from app.forms.words import document, prenom
from app.steps.pieces.documents import can_be_absent, has_one_page, remaining
from app.steps.pieces.questions import ASKED
from app.steps.pieces.reception import error_key
from app.steps.pieces.words import counted


@dataclass(frozen=True)
class Card:
    """A document on the page: its files, and what can be done about it."""

    code: str
    genre: Document
    personne: str  # opaque key; empty when the document is for all
    prenom: str
    titre: str
    document: str
    facultatif: bool
    fichiers: Sequence[Fichier]
    lignes: Sequence[tuple[str, str]]  # (class of the state line, words)
    refus: Sequence[tuple[str, RefusalReason | None]]
    figure: Field | None
    pas: Field | None
    envoi: bool  # the user may send a file
    complet: bool
    une_page: bool  # a PDF of one page, alone, where all the pages of an avis are asked


@dataclass(frozen=True)
class Board:
    """The page as its answers make it: those stored, or those just sent and refused."""

    dossier: Dossier
    cards: Mapping[Document, Sequence[Card]]
    recus: int  # by the submission that is refused
    refuses: int

    @property
    def reste(self) -> int:
        """How many documents are still to be joined."""
        return remaining(self.dossier)

    @property
    def manquants(self) -> Sequence[str]:
        """The documents the caisse will ask for."""
        return [document(self.dossier, emplacement) for emplacement in self.dossier.manquants]

    @property
    def rsa_ouvert(self) -> bool:
        """An attestation of the RSA is asked for, or refused: it is not folded away."""
        return any(card.personne or card.refus for card in self.cards[Document.RSA])

    @property
    def taxes_gardees(self) -> bool:
        """Files for taxes are kept that are not asked for any more."""
        return self.dossier.demande.pieces.bien is False and any(
            fichier.emplacement in (Document.FONCIERE, Document.HABITATION)
            for fichier in self.dossier.fichiers
        )


def make_board(dossier: Dossier, form: Form, perdus: Collection[str] = ()) -> Board:
    """The page with this form in it. `perdus`: the ids of the files whose bytes are gone."""
    pieces = dossier.demande.pieces
    boxes = {name for name in form.questions if form[name].value}
    shown = pieces.model_copy(
        update={
            **ASKED.parsed(lambda name: str(form[name].value), pieces),
            "figure": tuple(name.removeprefix("figure_") for name in boxes if name.startswith("figure_")),
            "absentes": tuple(name.removeprefix("pas_") for name in boxes if name.startswith("pas_")),
        }
    )
    seen = dossier.avec(dossier.demande.model_copy(update={"pieces": shown}))
    cards: dict[Document, list[Card]] = {kind: [] for kind in Document}
    for emplacement in seen.emplacements:
        cards[emplacement.document].append(_card(seen, emplacement, form, perdus))
    refused = {
        rank for rank, file in enumerate(form.files) if error_key(file.emplacement, rank) in form.errors
    }
    kept = [file for rank, file in enumerate(form.files) if rank not in refused]
    return Board(seen, cards, recus=sum(isinstance(file, Fichier) for file in kept), refuses=len(refused))


def _card(dossier: Dossier, emplacement: Emplacement, form: Form, perdus: Collection[str]) -> Card:
    code, fichiers = emplacement.code, dossier.fichiers_de(emplacement)
    membre = dossier.membre(emplacement.personne)
    pieces = dossier.demande.pieces
    nom = document(dossier, emplacement)
    refus = list(_refusals(form, code))
    figure = f"figure_{emplacement.personne}"
    pas = f"pas_{code}"
    spared = emplacement.document is Document.AVIS and not emplacement.requis and not fichiers
    titre = nom
    if membre and emplacement.document is Document.AVIS:
        titre = f"{prenom(dossier, membre)} (vous)" if membre.cle == MOI else prenom(dossier, membre)
    return Card(
        code=code,
        genre=emplacement.document,
        personne=emplacement.personne,
        prenom=prenom(dossier, membre) if membre else "",
        titre=titre,
        document=nom,
        facultatif=not can_be_absent(emplacement),
        fichiers=fichiers,
        lignes=list(_states(dossier, emplacement, [file for file, _, _ in refus], bool(refus), perdus)),
        refus=[(message, reason) for _, message, reason in refus],
        figure=form[figure] if emplacement.document is Document.AVIS and figure in form else None,
        pas=form[pas]
        if can_be_absent(emplacement) and not spared and (code in pieces.absentes or not fichiers)
        else None,
        envoi=bool(refus) or not (spared or len(fichiers) >= FILES_PER_EMPLACEMENT),
        complet=len(fichiers) >= FILES_PER_EMPLACEMENT,
        une_page=has_one_page(dossier, emplacement),
    )


def _refusals(
    form: Form, code: str
) -> Iterator[tuple[Fichier | RefusedFile | None, str, RefusalReason | None]]:
    """Each message of this document, with the file it is about if there is one."""
    if whole := form.errors.get(f"fichier_{code}"):
        yield None, whole, None
    for rank, file in enumerate(form.files):
        if message := form.errors.get(error_key(code, rank)):
            yield file, message, None if isinstance(file, Fichier) else file.reason


def _states(
    dossier: Dossier,
    emplacement: Emplacement,
    refused: Sequence[Fichier | RefusedFile | None],
    wrong: bool,
    perdus: Collection[str],
) -> Iterator[tuple[str, str]]:
    """The lines above the files of a document: their class, their words."""
    pieces: Pieces = dossier.demande.pieces
    fichiers = dossier.fichiers_de(emplacement)
    membre = dossier.membre(emplacement.personne)
    lost = sum(fichier.id in perdus for fichier in fichiers)
    if len(fichiers) > lost:
        yield "oui", f"Document joint : {counted(len(fichiers) - lost)}"
    if lost:
        yield "ko", "Fichier à envoyer à nouveau" if lost == 1 else f"{lost} fichiers à envoyer à nouveau"
    names = [file.nom for file in refused if file]
    if names:
        yield "ko", f"Fichier refusé : {names[0]}" if len(names) == 1 else f"{len(names)} fichiers refusés"
    if fichiers or names:
        return
    if emplacement.document is Document.AVIS and not emplacement.requis and membre:
        yield "oui", f"{prenom(dossier, membre)} figure sur votre avis. Son avis n'est plus demandé."
    elif not emplacement.requis:
        yield "non", "Aucun fichier"
    elif emplacement.code in pieces.absentes:
        then = "" if emplacement.document in PEUT_NE_PAS_EXISTER else " Votre caisse vous dira quoi faire."
        yield "non", f"C'est noté : vous n'avez pas ce document.{then}"
    else:
        yield "ko" if wrong else "non", "À joindre"
