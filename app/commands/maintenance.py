"""`c2s init|purge|doctor`: create the database, forget what must be, tell what is to be done."""

import json
from contextlib import suppress
from typing import Annotated

import typer
from sqlmodel import Session

from app.commands._console import opened, progress, settings, shelf_of, stop
from app.commands._diagnosis import Finding
from app.commands._doctor import examine
from app.files.shelf import OtherShelf
from app.settings import Settings, WrongSetting, load_settings
from app.store.belonging import join, open_shelf
from app.store.conservation import OldDemandes, erase_demande, forget_idle_addresses, old_demandes
from app.store.database import open_database, reading, writing
from app.store.journal import Fait, note
from app.store.keys import key_usage, old_seals, reseal
from app.store.sessions import SessionOver
from app.store.sweep import sweep
from app.store.tentatives import forget_old_failures
from app.store.versions import VERSION, Compatibility, StillRead, Versions, contract, migrate, versions_of

_Json = Annotated[bool, typer.Option("--json", help="Répond en JSON, pour un programme.")]


def init(
    associer: Annotated[
        bool,
        typer.Option(
            "--associer",
            help="Dit que la base et le dossier des fichiers vont ensemble, même s'il manque des fichiers.",
        ),
    ] = False,
    contracter: Annotated[
        bool,
        typer.Option(
            "--contracter",
            help="Dit qu'aucun service d'une version plus ancienne ne tourne plus : il ne démarrera plus sur cette base.",
        ),
    ] = False,
) -> None:
    """Crée la base, ou l'étend à la version de ce service. Sauvegardez-la avant."""
    chosen = settings()
    engine = open_database(chosen.database)
    before = versions_of(engine)
    if before.compatibility is Compatibility.TOO_NEW:
        stop(before.refusal)
    try:
        (contract if contracter else migrate)(engine)
    except StillRead as still:
        stop(
            f"Cette mise à jour retire ce que lisent les versions d'avant {still}. Arrêtez les services de ces "
            "versions, puis lancez : c2s init --contracter"
        )
    if associer:
        try:
            with reading(engine) as db:
                join(db, open_shelf(chosen), anyway=True)
        except OtherShelf as half:
            stop(str(half))
    typer.echo(_said(before, versions_of(engine)))
    engine.dispose()


def _said(before: Versions, now: Versions) -> str:
    if now.version != VERSION:
        said = (
            f"La base vient d'une version plus récente de ce service ({now.version}), et ce service la lit."
        )
    elif before.version == VERSION:
        said = "La base est déjà à la version de ce service."
    else:
        said = f"La base est {'à jour' if before.version else 'créée'}, à la version de ce service."
    if now.readable_since != VERSION and now.version == VERSION and before.version:
        said += (
            f" Les services d'avant la lisent encore, depuis la version {now.readable_since}. "
            "Quand il n'en reste plus, lancez : c2s init --contracter"
        )
    elif before.readable_since and now.readable_since != before.readable_since:
        said += f" Les services d'avant la version {now.readable_since} ne la lisent plus."
    return said


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
    """Efface les sessions terminées, les demandes gardées trois ans après la fin du droit, les vieilles adresses pour les nouvelles."""
    with opened() as (chosen, db):
        done, left = _purge(chosen, db, trial=dry_run, all_strays=tous)
    if as_json:
        typer.echo(json.dumps({"essai": dry_run, **done}, ensure_ascii=False, indent=2))
    else:
        typer.echo(
            f"Sessions terminées, effacées : {done['sessions']}. Leurs fichiers, effacés : {done['fichiers']}.\n"
            f"Fichiers que la base ne connaît pas, mis de côté pour un jour : {done['mis_de_cote']}.\n"
            f"Compteurs d'essais de connexion et d'envois, oubliés : {done['essais']}.\n"
            f"Demandes gardées trois ans après la fin du droit, effacées : {done['demandes']}.\n"
            f"Adresses pour les nouvelles, choisies il y a trois ans et sans demande, oubliées : {done['adresses']}."
        )
        if dry_run:
            typer.echo("C'est un essai : rien n'est effacé. Les nombres sont ceux d'une vraie purge.")
    if left:
        stop(left)


def _purge(chosen: Settings, db: Session, *, trial: bool, all_strays: bool) -> tuple[dict[str, int], str]:
    """What was done; and why the rest stays, if something does."""
    shelf = shelf_of(chosen, db)
    old = old_demandes(db, chosen.data_ring, chosen.day())
    if not trial:
        for demande in progress(old.expired, "Demandes"):
            with suppress(SessionOver):
                erase_demande(db, shelf, demande)
    with writing(db):
        attempts = forget_old_failures(db, chosen.clock(), trial=trial)
        addresses = forget_idle_addresses(db, chosen.day(), trial=trial)
    swept = sweep(db, shelf, chosen.clock(), trial=trial, all_strays=all_strays)
    return {
        "sessions": swept.sessions,
        "fichiers": swept.files,
        "mis_de_cote": swept.strays,
        "essais": attempts,
        "demandes": len(old.expired),
        "adresses": addresses,
    }, "\n".join(filter(None, (_unreadable(old), swept.why_refused)))


def _unreadable(old: OldDemandes) -> str:
    if not old.unreadable:
        return ""
    references = ", ".join(demande.reference for demande in old.unreadable)
    return (
        f"Demandes gardées pour l'instant : {references}. Leur décision dit jusqu'à quand les garder, et elle ne se "
        "lit plus. Restaurez la base depuis une sauvegarde, puis recommencez."
    )


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
    left = f" Laissés comme ils sont, car ils ne s'ouvrent pas : {waiting - done}." if done < waiting else ""
    typer.echo(f"Contenus scellés sous la clé de données la plus récente : {done}.{left}", err=True)
