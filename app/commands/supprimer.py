"""`c2s assures supprimer`: erase an account, with all that is its own, once none of its demandes has to stay."""

from collections.abc import Iterator

import typer

from app.commands._console import opened, shelf_of, stop
from app.commands._number import account_of, asked
from app.files.sealing import SealBroken
from app.forms.typography import jour
from app.store.conservation import Belongings, StillKept, belongings_of, check_kept, erase_compte
from app.store.journal import Fait, mark_of_number, note

_YES = "oui"


def supprimer() -> None:
    """
    Efface un compte et tout ce qui en dépend, pour toujours, quand aucune de ses demandes n'est encore à garder.

    Le numéro de sécurité sociale est demandé avec sa clé, et ne s'affiche pas. Ce qui sera effacé est compté, puis confirmé.
    """
    nir = asked(whole=True)
    with opened() as (chosen, db):
        ring, day = chosen.data_ring, chosen.day()
        identity = account_of(db, chosen, nir).id
        assert identity is not None
        shelf = shelf_of(chosen, db)
        try:
            check_kept(db, ring, identity, day)
            _confirm(belongings_of(db, identity))
            whole = erase_compte(db, shelf, ring, identity, nir, day, chosen.clock())
        except StillKept as kept:
            stop(_refusal(kept))
        except SealBroken:
            stop(
                "Une décision de ce compte ne se lit plus : rien ne dit jusqu'à quand sa demande est à garder. "
                "Rien n'est effacé. Restaurez la base depuis une sauvegarde, puis recommencez."
            )
        note(Fait.COMPTE_SUPPRIME, mark_of_number(ring, nir))
    typer.echo("Le compte est effacé, avec tout ce qui en dépendait.")
    if not whole:
        typer.echo(
            f"Des fichiers de ce compte sont encore dans le {shelf.what}. Aucune clé ne les ouvre plus. La purge les efface."
        )


def _confirm(belongings: Belongings) -> None:
    """Say what goes, and go on once the operator has agreed."""
    typer.echo("Ce compte sera effacé pour toujours, avec :")
    for line in _lines(belongings):
        typer.echo(f"- {line}")
    try:
        agreed: str = typer.prompt(
            f"Écrivez {_YES} pour l'effacer", default="", show_default=False, prompt_suffix=" : "
        )
    except typer.Abort:
        agreed = ""
    if agreed.strip().casefold() != _YES:
        stop("Rien n'est effacé.")


def _lines(belongings: Belongings) -> Iterator[str]:
    yield f"demandes gardées assez longtemps : {belongings.demandes}"
    yield f"documents déposés : {belongings.documents}"
    yield f"messages : {belongings.messages}"
    yield f"sessions : {belongings.sessions}"
    yield f"fichiers d'une demande commencée : {belongings.waiting}"
    yield f"lien avec FranceConnect : {'oui' if belongings.linked else 'non'}"
    yield f"adresse pour les nouvelles : {'oui' if belongings.written_to else 'non'}"


def _refusal(kept: StillKept) -> str:
    later = " Cette date change avec la décision." if kept.demande.ouverte else ""
    return (
        f"Rien n'est effacé : la demande {kept.demande.reference} de ce compte est à garder jusqu'au "
        f"{jour(kept.until)}.{later}"
    )
