"""`c2s init|purge|doctor`: create the database, forget what must be, tell what is to be done."""

import json
from typing import Annotated

import typer
from sqlmodel import Session

from app.commands._console import opened, progress, settings, shelf_of, stop
from app.commands._diagnosis import Finding
from app.commands._doctor import examine
from app.settings import Settings, WrongSetting, load_settings
from app.store.belonging import join, open_shelf
from app.store.conservation import erase_demande, expired_demandes
from app.store.database import VERSION, is_newer, migrate, open_database, reading, version, writing
from app.store.journal import Fait, note
from app.store.keys import key_usage, old_seals, reseal
from app.store.sessions import sweep
from app.store.tentatives import forget_old_failures

_Json = Annotated[bool, typer.Option("--json", help="Répond en JSON, pour un programme.")]


def init(
    associer: Annotated[
        bool,
        typer.Option(
            "--associer",
            help="Dit que la base et le dossier des fichiers vont ensemble, même s'il manque des fichiers.",
        ),
    ] = False,
) -> None:
    """Crée la base, ou la met à la version de ce service. Sauvegardez-la avant."""
    chosen = settings()
    engine = open_database(chosen.database)
    before = version(engine)
    if is_newer(before):
        stop(
            f"Cette base vient d'une version plus récente de ce service ({before}). "
            "Installez cette version, ou reprenez une sauvegarde plus ancienne."
        )
    migrate(engine)
    if associer:
        with reading(engine) as db:
            join(db, open_shelf(chosen), anyway=True)
    engine.dispose()
    if before == VERSION:
        typer.echo("La base est déjà à la version de ce service.")
    else:
        typer.echo(f"La base est {'à jour' if before else 'créée'}, à la version de ce service.")


def purge(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Dit ce qui serait effacé, sans rien effacer.")
    ] = False,
    tous: Annotated[
        bool,
        typer.Option(
            "--tous-les-fichiers",
            help="Met de côté les fichiers que la base ne connaît pas, quel que soit leur nombre.",
        ),
    ] = False,
    as_json: _Json = False,
) -> None:
    """Efface les sessions terminées, et les demandes gardées trois ans après la fin du droit."""
    with opened() as (chosen, db):
        done, why_refused = _purge(chosen, db, trial=dry_run, all_strays=tous)
    if as_json:
        typer.echo(json.dumps({"essai": dry_run, **done}, ensure_ascii=False, indent=2))
    else:
        typer.echo(
            f"Sessions terminées, effacées : {done['sessions']}. Leurs fichiers, effacés : {done['fichiers']}.\n"
            f"Fichiers que la base ne connaît pas, mis de côté pour un jour : {done['mis_de_cote']}.\n"
            f"Compteurs d'essais de connexion et d'envois, oubliés : {done['essais']}.\n"
            f"Demandes gardées trois ans après la fin du droit, effacées : {done['demandes']}."
        )
        if dry_run:
            typer.echo("C'est un essai : rien n'est effacé. Les nombres sont ceux d'une vraie purge.")
    if why_refused:
        stop(why_refused)


def _purge(chosen: Settings, db: Session, *, trial: bool, all_strays: bool) -> tuple[dict[str, int], str]:
    """What was done; and why the files that no row knows stay, if they do."""
    shelf = shelf_of(chosen, db)
    old = expired_demandes(db, chosen.data_ring, chosen.day())
    if not trial:
        for demande in progress(old, "Demandes"):
            erase_demande(db, shelf, demande)
    with writing(db):
        attempts = forget_old_failures(db, chosen.clock(), trial=trial)
    swept = sweep(db, shelf, chosen.clock(), trial=trial, all_strays=all_strays)
    return {
        "sessions": swept.sessions,
        "fichiers": swept.files,
        "mis_de_cote": swept.strays,
        "essais": attempts,
        "demandes": len(old),
    }, swept.why_refused


def doctor(
    resceller: Annotated[
        bool,
        typer.Option("--resceller", help="Passe d'abord tout sous la clé de données la plus récente."),
    ] = False,
    tout: Annotated[
        bool,
        typer.Option("--tout", help="Relit chaque fichier déposé, octet par octet : c'est plus long."),
    ] = False,
    as_json: _Json = False,
) -> None:
    """Vérifie les réglages, les clés, la base, ses fichiers, le disque, l'horloge, les caisses. Dit quoi faire."""
    if resceller:
        _reseal()
    try:
        findings = list(examine(load_settings(), thorough=tout))
    except WrongSetting as wrong:
        findings = [Finding("réglages", "le service ne démarre pas.", str(wrong))]
    if as_json:
        typer.echo(json.dumps([finding.as_json() for finding in findings], ensure_ascii=False, indent=2))
    else:
        typer.echo("\n".join(map(str, findings)))
    if any(finding.remedy for finding in findings):
        raise typer.Exit(1)


def _reseal() -> None:
    with opened() as (chosen, db):
        ring = chosen.data_ring
        waiting = old_seals(key_usage(db), ring)
        done = sum(progress(reseal(db, ring), "Scellement", length=waiting))
    note(Fait.RESCELLEMENT, contenus=done)
    left = f" {waiting - done} ne s'ouvrent pas et restent comme ils sont." if done < waiting else ""
    typer.echo(f"{done} contenus scellés sous la clé de données la plus récente.{left}", err=True)
