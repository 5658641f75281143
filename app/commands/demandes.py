"""`c2s demandes`: the caisse reads what was filed, takes it into its own tool, and answers."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from app.commands._answers import ask, decide
from app.commands._console import opened, shelf_of, stop
from app.commands._demande import Reference, describe, moment, named, state
from app.commands._french import Commands
from app.domain.export import DemandeExportee
from app.forms.typography import isolated, jour
from app.store.export import FolderTaken, export_demande
from app.store.inventory import Harm
from app.store.journal import Fait, mark_of, note
from app.store.listing import Listed, list_demandes
from app.store.seals import unless_broken
from app.store.suivi import COMPLEMENT, EXPORTEE, OUVERTE, consulting, find_accuse
from app.store.tables import Caisse, Compte
from app.web.message_pdf import accuse_pdf
from app.web.milestones import local_day

cli = Commands("Les demandes déposées : les lire, les exporter, y répondre.")


@cli.command("list")
def list_command(
    caisse: Annotated[str, typer.Option(metavar="CODE", help="Seulement celles de cette caisse.")] = "",
    ouvertes: Annotated[bool, typer.Option("--ouvertes", help="Seulement celles sans décision.")] = False,
    a_lire: Annotated[
        bool,
        typer.Option(
            "--a-lire",
            help="Seulement celles que la personne a déposées ou complétées, et que la caisse n'a ni ouvertes "
            "ni exportées depuis.",
        ),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Écrit du JSON, pour un programme.")] = False,
) -> None:
    """Liste les demandes, de la plus ancienne à la plus récente, sans rien de personnel."""
    with opened() as (_, db):
        if caisse and db.get(Caisse, caisse) is None:
            stop(f"Aucune caisse n'a le code « {caisse} ».")
        listed = list(list_demandes(db, caisse=caisse, open_only=ouvertes, unread_only=a_lire))
    if as_json:
        rows = [
            {
                "reference": row.demande.reference,
                "caisse": row.demande.caisse,
                "deposee_le": row.demande.deposee_le.isoformat(),
                "etat": row.demande.etat,
                "ouverte": row.demande.ouverte,
                "complete": row.demande.complete,
                "date_limite": row.demande.date_limite and row.demande.date_limite.isoformat(),
                "pieces": row.pieces,
                "dernier_evenement": {
                    "le": row.dernier.le.isoformat(),
                    "qui": row.dernier.qui,
                    "quoi": row.dernier.quoi,
                },
            }
            for row in listed
        ]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for row in listed:
        typer.echo(_line(row))
    typer.echo(f"{len(listed)} demande{'s' if len(listed) > 1 else ''}." if listed else "Aucune demande.")


def _line(row: Listed) -> str:
    demande, dernier = row.demande, row.dernier
    deposee = jour(local_day(demande.deposee_le))
    line = f"{demande.reference}  caisse {demande.caisse}  {deposee:<18}  {state(demande)}"
    if dernier.quoi == COMPLEMENT:  # the only thing a person does after the deposit
        line += f"  complément reçu le {jour(local_day(dernier.le))}"
    return line


@cli.command()
def show(reference: Reference) -> None:
    """
    Montre une demande : les personnes, les documents, les échanges, ce qui s'est passé.

    Un message abîmé est nommé, le reste est montré, et la commande rend 1.
    """
    damaged: list[str] = []
    with named(reference) as (settings, db, demande), consulting(db, demande, OUVERTE, settings.now()):
        lines = list(describe(db, settings.data_ring, demande, damaged))
    for line in lines:
        typer.echo(isolated(line))
    if damaged:
        stop(
            f"Une partie de la demande {demande.reference} ne se lit plus. "
            "Restaurez la base depuis une sauvegarde, puis recommencez."
        )


@cli.command()
def export(
    reference: Reference,
    dossier: Annotated[
        Path, typer.Argument(metavar="DOSSIER", help="Où créer un dossier au nom de la référence.")
    ],
) -> None:
    """
    Écrit une demande dans un dossier : demande.json, les documents, l'accusé de réception.

    Le format est publié dans docs/demande.schema.json. Ce dossier contient des données personnelles en clair.
    Un document perdu ou un message abîmé est nommé, le reste est écrit, et la commande rend 1.
    """
    with named(reference) as (settings, db, demande):
        ring, shelf = settings.data_ring, shelf_of(settings, db)
        accuse = find_accuse(db, demande)
        assert accuse is not None  # written by the deposit itself
        try:
            with consulting(db, demande, EXPORTEE, settings.now()):
                pdf = unless_broken(accuse_pdf, db, shelf, ring, accuse)
                written = export_demande(db, shelf, ring, demande, pdf, dossier, settings.now())
        except FolderTaken:
            stop(
                f"{dossier / demande.reference} contient déjà quelque chose. Rien n'est écrit. "
                "Videz-le, ou choisissez un autre dossier."
            )
        except OSError as problem:
            stop(
                f"L'export s'est arrêté : {problem.strerror}. Rien n'est écrit. Choisissez un autre dossier."
            )
        note(Fait.EXPORT, mark_of(ring, db.get_one(Compte, demande.compte_id)))
    typer.echo(f"La demande {demande.reference} est exportée dans {written.folder}.")
    if lacking := "\n".join(_lacking(written.said)):
        stop(lacking)


def _lacking(said: DemandeExportee) -> Iterator[str]:
    """What an export is short of, and what to do."""
    harms = {Harm.ABSENT: "n'est plus là", Harm.ALTERED: "n'est plus celui qui a été déposé"}
    for piece in said.pieces_perdues:
        yield f"Il manque {piece.fichier} : ce fichier {harms[Harm(piece.motif)]}."
    if said.pieces_perdues:
        yield (
            "Ce qui manque est dans « pieces_perdues » de demande.json. Restaurez le dossier « fichiers » depuis une "
            "sauvegarde, puis exportez à nouveau. Sinon, redemandez ces documents : c2s demandes ask"
        )
    for echange in said.echanges_perdus:
        sender = "de la caisse" if echange.de_la_caisse else "de la personne"
        yield f"Il manque le message du {moment(echange.le)}, {sender} : son contenu est abîmé."
    if said.accuse is None:
        yield "Il manque accuse.pdf : le message dont il est fait est abîmé."
    if said.echanges_perdus:
        yield "Les messages abîmés sont dans « echanges_perdus » de demande.json, sans leur contenu."
    if said.echanges_perdus or not all(piece.nom for piece in said.pieces_perdues):
        yield "Restaurez la base depuis une sauvegarde, puis exportez à nouveau."


cli.command()(ask)
cli.command()(decide)
