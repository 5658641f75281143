"""`c2s demandes ask` and `decide`: what the caisse answers, each time in one transaction."""

from dataclasses import asdict, dataclass, fields
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

import typer
from sqlmodel import Session

from app.commands._console import read_day, shelf_of, stop
from app.commands._demande import Reference, named
from app.domain.droit import debut_apres_decision, debut_en_urgence, debut_possible
from app.domain.messages import ChiffresDuRefus, PieceDemandee
from app.domain.montant import lit_montant
from app.domain.suivi import Etat
from app.files.sealing import KeyRing
from app.forms.typography import jour
from app.settings import Settings
from app.store import decisions
from app.store.demandes import read_instantane
from app.store.journal import Fait, mark_of, note
from app.store.suivi import evenements_of
from app.store.tables import Caisse, Compte, DemandeDeposee
from app.web.message_pdf import keep_message_pdf
from app.web.milestones import local_day


class SuiteDonnee(StrEnum):
    """What `decide` moves a demande to, as it is written on the command line."""

    INSTRUCTION = "instruction"
    ACCORD_GRATUIT = "accord-gratuit"
    ACCORD_PARTICIPATION = "accord-participation"
    REFUS = "refus"


ONLY_WITH = {  # option → the decisions it goes with
    "--complete-le": (SuiteDonnee.INSTRUCTION,),
    "--debut": (SuiteDonnee.ACCORD_GRATUIT, SuiteDonnee.ACCORD_PARTICIPATION),
    "--motif": (SuiteDonnee.REFUS,),
    "--chiffres": (SuiteDonnee.REFUS,),
}


@dataclass(frozen=True)
class Sums:
    """The figures of a refusal, in euros a year."""

    ressources: Decimal
    plafond_gratuit: Decimal
    plafond_participation: Decimal


def _read_suite(written: str) -> SuiteDonnee:
    try:
        return SuiteDonnee(written)
    except ValueError:
        raise typer.BadParameter(f"« {written} » : choisissez parmi {', '.join(SuiteDonnee)}.") from None


def _read_sums(written: str) -> Sums:
    read = [lit_montant(part) for part in written.split("/")]
    sums = [one for one in read if isinstance(one, Decimal)]
    if len(read) != len(fields(Sums)) or len(sums) != len(read):
        raise typer.BadParameter(
            f"« {written} » : écrivez trois montants, par exemple 15230,50/10339/13957 "
            "(ressources, plafond sans participation, plafond avec participation)."
        )
    return Sums(*sums)


def ask(
    reference: Reference,
    document: Annotated[
        list[str],
        typer.Option(metavar="TEXTE", help="Le document attendu, par exemple « Avis d'impôt : Nadia »."),
    ],
    raison: Annotated[
        list[str],
        typer.Option(
            metavar="TEXTE", help="Pourquoi, par exemple « Il manque la page 2. ». Une par document."
        ),
    ],
    avant: Annotated[
        date | None,
        typer.Option(
            parser=read_day,
            metavar="DATE",
            help="Dernier jour pour l'envoyer. Sans elle : le délai de la caisse.",
        ),
    ] = None,
) -> None:
    """
    Demande des documents à la personne, par un message dans son espace d'échanges.

    Répétez --document et --raison pour en demander plusieurs. Nommez tous ceux que vous attendez : ce message
    remplace le précédent. Les deux mois de réponse ne courent plus jusqu'à ce que la demande soit complète.
    """
    if len(document) != len(raison):
        raise typer.BadParameter(f"{len(document)} --document et {len(raison)} --raison : écrivez-en autant.")
    if any(not text.strip() for text in (*document, *raison)):
        raise typer.BadParameter('Écrivez le document et la raison, par exemple --document "Avis d\'impôt".')
    pieces = [
        PieceDemandee(document=d.strip(), raison=r.strip()) for d, r in zip(document, raison, strict=True)
    ]
    with named(reference) as (settings, db, demande):
        now = settings.now()
        if avant is not None and avant <= now.date():
            raise typer.BadParameter(f"--avant : choisissez une date après aujourd'hui, {jour(now.date())}.")
        caisse = db.get_one(Caisse, demande.caisse)
        limit = avant or now.date() + timedelta(days=caisse.delai_pieces_jours)
        message = decisions.ask_pieces(db, settings.data_ring, demande.reference, now, pieces, limit)
        _keep_letter(settings, db, message)
        _note(settings, db, demande, Etat.PIECE_DEMANDEE)
    typer.echo(
        f"{demande.reference} : {len(pieces)} document{'s' if len(pieces) > 1 else ''} à envoyer au plus tard le "
        f"{jour(limit)}. Le message est dans l'espace d'échanges de la personne."
    )


def decide(
    reference: Reference,
    suite: Annotated[
        SuiteDonnee,
        typer.Argument(parser=_read_suite, metavar="DÉCISION", help="Ce qui est décidé."),
    ],
    complete_le: Annotated[
        date | None,
        typer.Option(
            parser=read_day,
            metavar="DATE",
            help="Avec instruction : le jour où le dernier document attendu est arrivé. Les deux mois en partent.",
        ),
    ] = None,
    debut: Annotated[
        date | None,
        typer.Option(
            parser=read_day,
            metavar="DATE",
            help="Avec un accord : le premier jour du droit, en urgence. Sans elle : la règle (L861-5).",
        ),
    ] = None,
    motif: Annotated[
        str, typer.Option(metavar="TEXTE", help="Avec refus, obligatoire : pourquoi, en phrases simples.")
    ] = "",
    chiffres: Annotated[
        Sums | None,
        typer.Option(
            parser=_read_sums,
            metavar="R/G/P",
            help="Avec refus : ressources retenues, plafond sans puis avec participation, en euros par an.",
        ),
    ] = None,
) -> None:
    """
    Change l'état d'une demande et l'écrit à la personne.

    Un accord ou un refus ferme la demande : la personne peut alors en déposer une autre.
    """
    given = {"--complete-le": complete_le, "--debut": debut, "--motif": motif.strip(), "--chiffres": chiffres}
    for option, suites in ONLY_WITH.items():
        if given[option] and suite not in suites:
            raise typer.BadParameter(f"{option} ne va pas avec {suite}, mais avec {' ou '.join(suites)}.")
    if suite is SuiteDonnee.REFUS and not motif.strip():
        raise typer.BadParameter(
            "Un refus dit toujours pourquoi (CRPA, L211-2). Ajoutez --motif, "
            'par exemple : --motif "Vos ressources sont au-dessus du plafond."'
        )
    with named(reference) as (settings, db, demande):
        now, ring = settings.now(), settings.data_ring
        match suite:
            case SuiteDonnee.INSTRUCTION:
                _check_day(db, demande, complete_le, now.date())
                try:
                    message = decisions.start_instruction(
                        db, ring, demande.reference, now, complete_le=complete_le
                    )
                except decisions.NothingToChange:
                    stop(_nothing_to_change(demande, complete_le))
            case SuiteDonnee.ACCORD_GRATUIT:
                _check_start(demande, debut, now.date())
                message = decisions.grant_free(db, ring, demande.reference, now, debut=debut)
            case SuiteDonnee.ACCORD_PARTICIPATION:
                _check_start(demande, debut, now.date())
                message = decisions.grant_with_participation(db, ring, demande.reference, now, debut=debut)
            case SuiteDonnee.REFUS:
                figures = _figures(ring, demande, chiffres) if chiffres else None
                message = decisions.refuse(
                    db, ring, demande.reference, now, motif=motif.strip(), chiffres=figures
                )
        _keep_letter(settings, db, message)
        _note(settings, db, demande, suite)
        still_awaited = (
            suite is SuiteDonnee.INSTRUCTION and not decisions.demande_named(db, demande.reference).complete
        )
    typer.echo(f"{demande.reference} : {suite}. Le message est dans l'espace d'échanges de la personne.")
    if still_awaited:
        typer.echo(
            "La demande reste incomplète : les deux mois ne courent pas. Quand le dernier document est là : "
            f"c2s demandes decide {demande.reference} instruction --complete-le DATE"
        )


def _keep_letter(settings: Settings, db: Session, message: str) -> None:
    keep_message_pdf(db, shelf_of(settings, db), settings.data_ring, message)


def _note(settings: Settings, db: Session, demande: DemandeDeposee, suite: str) -> None:
    note(Fait.DECISION, mark_of(settings.data_ring, db.get_one(Compte, demande.compte_id)), issue=suite)


def _check_day(db: Session, demande: DemandeDeposee, complete_le: date | None, today: date) -> None:
    """A document that was asked for cannot have come before it was."""
    awaited_since = [
        local_day(evenement.le)
        for evenement in evenements_of(db, demande)
        if evenement.quoi in (Etat.DEPOSEE, Etat.PIECE_DEMANDEE)
    ][-1]
    if complete_le and not awaited_since <= complete_le <= today:
        raise typer.BadParameter(
            f"--complete-le : choisissez une date entre le {jour(awaited_since)}, jour du dépôt ou de votre "
            f"dernière demande de document, et aujourd'hui, {jour(today)}."
        )


def _check_start(demande: DemandeDeposee, debut: date | None, today: date) -> None:
    filed = local_day(demande.deposee_le)
    if debut and not debut_possible(debut, filed, today):
        raise typer.BadParameter(
            "--debut : le droit commence un premier jour de mois, "
            f"du {jour(debut_en_urgence(filed))} (urgence) au {jour(debut_apres_decision(today))} (règle)."
        )


def _nothing_to_change(demande: DemandeDeposee, complete_le: date | None) -> str:
    if complete_le:
        return f"La demande {demande.reference} est déjà complète. Rien n'est changé. Retirez --complete-le."
    remedy = "" if demande.complete else " Le dernier document est arrivé ? Ajoutez --complete-le DATE."
    return f"La demande {demande.reference} est déjà en cours d'instruction. Rien n'est changé.{remedy}"


def _figures(ring: KeyRing, demande: DemandeDeposee, sums: Sums) -> ChiffresDuRefus:
    answers = read_instantane(ring, demande).reponses
    return ChiffresDuRefus(
        **asdict(sums),
        personnes=len(answers.foyer),
        periode=(answers.periode.du, answers.periode.au),
    )
