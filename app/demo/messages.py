"""What the caisse has answered to the demande of a person of the demonstration, so that its pages can be shown."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlmodel import Session

from app.demo.demandes import FILED_SINCE, file_demande
from app.demo.fichiers import two_page_pdf
from app.demo.reponses import answers_before
from app.demo.state import State
from app.domain.droit import debut_en_urgence
from app.domain.messages import ChiffresDuRefus, PieceDemandee
from app.domain.periode import periode_reference
from app.domain.pieces import Document, Emplacement, Fichier
from app.files.sealing import KeyRing
from app.files.shelf import Shelf
from app.settings import Settings
from app.store.comptes import find_demo, read_assure
from app.store.database import writing
from app.store.decisions import ask_pieces, grant_free, grant_with_participation, refuse, start_instruction
from app.store.demandes import open_demande
from app.store.envois import add_envoi, message_id
from app.store.tables import DemandeDeposee, Echange
from app.web.milestones import local_day

_PAGE = PieceDemandee(document="Avis d'impôt : Nadia", raison="Il manque la page 2.")
_TAXE = PieceDemandee(document="Avis de taxe foncière", raison="La photo est trop sombre pour être lue.")
_MOTIF = (
    "Les ressources de votre foyer sont au-dessus du plafond de la C2S avec participation.\n"
    "Nous avons compté vos salaires et les allocations chômage de la période."
)


@dataclass(frozen=True)
class Case:
    """A demande that waits for an answer."""

    db: Session
    ring: KeyRing
    shelf: Shelf
    demande: DemandeDeposee
    now: datetime

    @property
    def where(self) -> tuple[Session, KeyRing, str, datetime]:
        """What each answer of the caisse is given first."""
        return self.db, self.ring, self.demande.reference, self.now

    def day(self, away: int) -> date:
        """So many days from now."""
        return self.now.date() + timedelta(days=away)


def _figures(case: Case) -> ChiffresDuRefus:
    periode = periode_reference(local_day(case.demande.deposee_le))
    return ChiffresDuRefus(
        ressources=Decimal("25230.50"),
        plafond_gratuit=Decimal(18609),
        plafond_participation=Decimal(25123),
        personnes=3,
        periode=(periode.debut, periode.fin),
    )


def _complement(case: Case) -> str:
    """What the person writes, files included."""
    said = {"nom": "avis-page-2.pdf", "media": "application/pdf", "pages": 2}
    page = Fichier.recu(Emplacement(document=Document.COMPLEMENT), two_page_pdf(), **said)
    message = "La pension de Lina est 1 200 €, pas 120 €.\nVoici la page 2 de mon avis."
    add_envoi(
        case.db, case.ring, case.shelf, case.demande,
        envoi=case.demande.reference, message=message, arrivals=[page], now=case.now,
    )  # fmt: skip
    return message_id(case.demande.reference, case.demande, message, [page])


def _unreadable(case: Case) -> str:
    """A letter that its disk has altered."""
    identity = ask_pieces(*case.where, [_PAGE], case.day(30))
    with writing(case.db):
        letter = case.db.get_one(Echange, identity)
        letter.corps = letter.corps[:-1] + bytes([letter.corps[-1] ^ 1])
        case.db.add(letter)
    return identity


ANSWERS: Mapping[str, Callable[[Case], str]] = {  # each gives the id of the message
    "instruction": lambda case: start_instruction(*case.where),
    "complete": lambda case: start_instruction(*case.where, complete_le=case.day(-2)),
    "piece": lambda case: ask_pieces(*case.where, [_PAGE], case.day(30)),
    "pieces": lambda case: ask_pieces(*case.where, [_PAGE, _TAXE], case.day(30)),
    "accord_gratuit": lambda case: grant_free(*case.where),
    "accord_participation": lambda case: grant_with_participation(*case.where),
    "accord_en_urgence": lambda case: grant_with_participation(
        *case.where, debut=debut_en_urgence(local_day(case.demande.deposee_le))
    ),
    "refus": lambda case: refuse(*case.where, motif=_MOTIF),
    "refus_chiffre": lambda case: refuse(*case.where, motif=_MOTIF, chiffres=_figures(case)),
    "complement": _complement,
    "illisible": _unreadable,
}


def answer_demo_demande(db: Session, settings: Settings, shelf: Shelf, state: State) -> str:
    """Give the answer of a state to the demande in progress of its account, filed now if there is none."""
    compte = find_demo(db, state.compte or "")
    assert compte is not None
    assert compte.id is not None
    if open_demande(db, compte.id) is None:
        then = settings.now() - FILED_SINCE
        assure = read_assure(settings.data_ring, compte)
        answers = answers_before("", secrets.token_hex(8), assure, then.date(), **state.reponses)
        file_demande(db, settings, shelf, compte, answers, then)
    demande = open_demande(db, compte.id)
    assert demande is not None
    return ANSWERS[state.decision](Case(db, settings.data_ring, shelf, demande, settings.now()))
