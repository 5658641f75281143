"""`c2s assures debloquer|delier`: lift the pauses of an account, undo its link with FranceConnect."""

import typer
from sqlmodel import col, delete

from app.commands._console import opened
from app.commands._number import account_of, asked
from app.store.database import forget_deleted_of, writing
from app.store.journal import Fait, mark_of_number, note
from app.store.liens import unlink
from app.store.tables import SessionOuverte
from app.store.tentatives import lift_pauses


def debloquer() -> None:
    """
    Lève les pauses de connexion d'un compte, sur tous les appareils.

    Le numéro de sécurité sociale est demandé, et ne s'affiche pas : une commande reste écrite dans l'historique.
    """
    nir = asked()
    with opened() as (chosen, db):
        account_of(db, chosen, nir)
        with writing(db):
            lift_pauses(db, chosen.data_ring, nir)
        note(Fait.PAUSES_LEVEES, mark_of_number(chosen.data_ring, nir))
    typer.echo("Les pauses de ce compte sont levées. La personne peut se connecter tout de suite.")


def delier() -> None:
    """
    Défait le lien d'un compte avec FranceConnect : seuls le numéro et le mot de passe l'ouvrent, jusqu'à un nouveau lien.

    Le numéro de sécurité sociale est demandé, et ne s'affiche pas.
    """
    nir = asked()
    with opened() as (chosen, db):
        with writing(db):
            compte = account_of(db, chosen, nir, to_write=True)
            assert compte.id is not None
            done = unlink(db, compte.id, chosen.clock())
            db.exec(delete(SessionOuverte).where(col(SessionOuverte.compte_id) == compte.id))
        forget_deleted_of(db)
        if done:
            note(Fait.LIEN_DEFAIT, mark_of_number(chosen.data_ring, nir), par="caisse")
    typer.echo(
        "Le lien avec FranceConnect est défait, et les sessions ouvertes de ce compte sont fermées."
        if done
        else "Ce compte n'est pas lié à FranceConnect. Ses sessions ouvertes sont fermées."
    )
