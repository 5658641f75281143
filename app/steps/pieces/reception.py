"""What a submission of étape 6 brings: every answer and good file is kept, whichever button was pressed."""

from dataclasses import dataclass, field, replace

from app.domain.demande import MOI, Demande
from app.domain.dossier import Dossier
from app.domain.pieces import Emplacement, Fichier
from app.files.inspection import RefusedFile
from app.forms.form import Sent
from app.forms.words import document
from app.steps._step import Reception, Visit
from app.steps.pieces.documents import can_be_absent, in_page_order, possible
from app.steps.pieces.questions import ASKED
from app.steps.pieces.words import no_room, refusal
from app.store.pieces import keep_file

SHOWN = "montre"  # the hidden fields: the documents the page offered to answer for


@dataclass(frozen=True)
class Taken:
    """The answers and files that were kept, and why the others were refused."""

    dossier: Dossier
    received: list[Fichier] = field(default_factory=list)
    refused: dict[str, list[tuple[int, str]]] = field(default_factory=dict)  # code → (rank, message)

    def refuse_files(self, sent: Sent, emplacement: Emplacement) -> None:
        """Say what to do about the files refused for this document."""
        code = emplacement.code
        for rank, message in self.refused.get(code, ()):
            sent.refuse(error_key(code, rank), message, at=f"fichier_{code}")

    def refuse_all(self, sent: Sent) -> bool:
        """Say what to do about every refused file; tells whether there is one."""
        for part in in_page_order(self.dossier):
            if isinstance(part, Emplacement):
                self.refuse_files(sent, part)
        return bool(sent.errors)


def error_key(code: str, rank: int) -> str:
    """The name under which a refused file (its rank in the submission) is in the errors."""
    return f"fichier_{code}:{rank}"


def shown(sent: Sent) -> set[str]:
    """The documents the page offered to answer for; none if only « Supprimer » was sent."""
    return {code for codes in sent.many(SHOWN) for code in codes.split()}


def with_pieces(demande: Demande, **changes: object) -> Demande:
    """The demande with other answers to étape 6."""
    return demande.model_copy(update={"pieces": demande.pieces.model_copy(update=changes)})


def receive(visit: Visit, sent: Sent) -> Visit:
    """Keep every good file for a document that this household may be asked for; pass the others over."""
    if not sent.files:
        return visit
    dossier = visit.dossier
    places = {place.code for place in possible(dossier.avec(_answered(dossier, sent)))}
    before = frozenset(fichier.id for fichier in dossier.fichiers)
    fates = {
        rank: keep_file(visit.db, visit.shelf, visit.session_id, visit.file_key, file)
        if isinstance(file, Fichier)
        else file
        for rank, file in enumerate(sent.files)
        if file.emplacement in places  # else the page dates from before a person left the household
    }
    with_them = dossier.avec(dossier.demande)  # reads its files again
    return replace(visit, dossier=with_them, reception=Reception(fates, before))


def take(visit: Visit, sent: Sent) -> Taken:
    """What was answered, and what became of the files."""
    dossier, reception = visit.dossier.avec(_answered(visit.dossier, sent)), visit.reception
    asked = {place.code for place in dossier.emplacements}
    places = {place.code: place for place in possible(dossier)}
    taken = Taken(dossier)
    for rank, fate in reception.fates.items():
        file = sent.files[rank]
        if isinstance(fate, Fichier):
            taken.received.append(fate)
        elif file.emplacement in asked:
            nom = document(dossier, places[file.emplacement])
            say = (
                refusal(nom, file.nom, fate)
                if isinstance(fate, RefusedFile)
                else no_room(nom, file.nom, fate)
            )
            taken.refused.setdefault(file.emplacement, []).append((rank, say))
    return taken


def _answered(dossier: Dossier, sent: Sent) -> Demande:
    """The answers sent; what the page did not show keeps the answer it had."""
    pieces, membres = dossier.demande.pieces, [m.cle for m in dossier.membres_de_16_ans if m.cle != MOI]
    there = shown(sent)
    figure = [cle for cle in pieces.figure if SHOWN not in sent or cle not in membres]
    absentes = [code for code in pieces.absentes if code not in there]
    figure += [cle for cle in membres if sent.box(f"figure_{cle}")]
    absentes += [e.code for e in possible(dossier) if can_be_absent(e) and sent.box(f"pas_{e.code}")]
    return with_pieces(
        dossier.demande,
        **ASKED.parsed(sent.text, pieces),
        figure=tuple(dict.fromkeys(figure)),
        absentes=tuple(dict.fromkeys(absentes)),
    )
