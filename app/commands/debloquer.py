"""`c2s assures debloquer|delier`: lift the pauses of an account, undo its link with FranceConnect."""

import typer
from sqlmodel import Session, col, delete

from app.commands._console import opened, stop
from app.domain.nir import LONGUEUR_NIR, cle_correspond, defaut_du_nir, normalise_nir
from app.settings import Settings
from app.store.comptes import find_compte
from app.store.database import writing
from app.store.journal import Fait, mark_of_number, note
from app.store.liens import unlink
from app.store.tables import Compte, SessionOuverte
from app.store.tentatives import lift_pauses


def debloquer() -> None:
    """
    Lève les pauses de connexion d'un compte, sur tous les appareils.

    Le numéro de sécurité sociale est demandé, et ne s'affiche pas : une commande reste écrite dans l'historique.
    """
    nir = _asked()
    with opened() as (chosen, db):
        _account(db, chosen, nir)
        with writing(db):
            lift_pauses(db, chosen.data_ring, nir)
        note(Fait.PAUSES_LEVEES, mark_of_number(chosen.data_ring, nir))
    typer.echo("Les pauses de ce compte sont levées. La personne peut se connecter tout de suite.")


def delier() -> None:
    """
    Défait le lien d'un compte avec FranceConnect : seuls le numéro et le mot de passe l'ouvrent, jusqu'à un nouveau lien.

    Le numéro de sécurité sociale est demandé, et ne s'affiche pas.
    """
    nir = _asked()
    with opened() as (chosen, db):
        compte = _account(db, chosen, nir)
        assert compte.id is not None
        with writing(db):
            done = unlink(db, compte.id, chosen.clock())
            db.exec(delete(SessionOuverte).where(col(SessionOuverte.compte_id) == compte.id))
        if done:
            note(Fait.LIEN_DEFAIT, mark_of_number(chosen.data_ring, nir), par="caisse")
    typer.echo(
        "Le lien avec FranceConnect est défait, et les sessions ouvertes de ce compte sont fermées."
        if done
        else "Ce compte n'est pas lié à FranceConnect. Ses sessions ouvertes sont fermées."
    )


def _account(db: Session, chosen: Settings, nir: str) -> Compte:
    compte = find_compte(db, chosen.data_ring, nir)
    if compte is None:
        stop("Aucun compte n'a ce numéro. Rien n'est changé. Vérifiez-le avec la personne.")
    return compte


def _asked() -> str:
    """The number typed on the terminal, with or without its key."""
    try:
        typed: str = typer.prompt(
            "Numéro de sécurité sociale (il ne s'affiche pas)",
            default="",
            show_default=False,
            hide_input=True,
        )
    except typer.Abort:
        stop("Aucun numéro n'est donné. Rien n'est changé.")
    nir = normalise_nir(typed)
    number, key = nir[:LONGUEUR_NIR], nir[LONGUEUR_NIR:]
    if defaut_du_nir(number) or (key and not cle_correspond(number, key)):
        stop(
            "Un numéro de sécurité sociale compte 13 caractères, ou 15 avec la clé. Vérifiez-le. Rien n'est changé."
        )
    return number
