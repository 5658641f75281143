"""`c2s nouvelles`: the e-mails that say a message awaits. Neither a name nor an address is shown."""

import json
from typing import Annotated

import typer

from app.commands._console import opened, settings, stop
from app.commands._french import Commands
from app.forms.typography import heure, jour
from app.mail.courriel import kept_courriel, wire_courriel
from app.mail.message import compose
from app.mail.transport import CUT, MISSING, SILENT, UNREACHABLE, UNTRUSTED, UNWRITABLE, send
from app.settings import PARIS
from app.store.journal import UNREADABLE
from app.store.nouvelles import count_nouvelles, try_again, unsent
from app.store.tables import Delivery, Nouvelle
from app.web.templates import make_environment

cli = Commands("Les e-mails qui disent qu'un message attend : ce qui reste à envoyer, et les essais.")
ISSUES = {
    Delivery.ATTEND: "en attente",
    Delivery.ENVOYEE: "envoyés",
    Delivery.REFUSEE: "refusés, l'adresse n'existe pas",
    Delivery.ABANDONNEE: "abandonnés après deux jours",
}
CAUSES = {
    CUT: "la conversation a été coupée",
    SILENT: "le serveur de courrier ne répond pas",
    UNREACHABLE: "le serveur de courrier ne se joint pas",
    UNTRUSTED: "le certificat du serveur de courrier n'est pas reconnu",
    MISSING: "le serveur de courrier n'offre pas STARTTLS, ou ne sait pas écrire cette adresse",
    UNWRITABLE: "cette adresse ne s'écrit pas",
    UNREADABLE: "l'adresse ne s'ouvre pas : une clé de données manque, ou cette adresse est abîmée",
}
CHECKS = {
    UNTRUSTED: "Donnez dans C2S_SMTP_URL le nom que porte ce certificat. S'il vient de vous, vérifiez SSL_CERT_FILE.",
    MISSING: "Ce serveur ne connaît pas STARTTLS ? Commencez C2S_SMTP_URL par smtps://.",
}
REFUSED_PASSWORD = ("530", "534", "535", "538")  # RFC 4954


@cli.command("list")
def list_command(
    as_json: Annotated[bool, typer.Option("--json", help="Écrit du JSON, pour un programme.")] = False,
) -> None:
    """Dit combien d'e-mails sont partis, et montre ceux qui ne le sont pas."""
    with opened() as (_, db):
        counts, left = count_nouvelles(db), unsent(db)
    if as_json:
        typer.echo(json.dumps({"nombres": counts, "restent": [_row(row) for row in left]}, indent=2))
        return
    for row in left:
        typer.echo(_line(row))
    typer.echo(" · ".join(f"{said} : {counts[issue]}" for issue, said in ISSUES.items()))


def _row(row: Nouvelle) -> dict[str, object]:
    return {
        "id": row.id,
        "le": row.le.isoformat(),
        "rappel": row.rappel,
        "issue": row.issue,
        "essais": row.essais,
        "suivant_le": row.suivant_le and row.suivant_le.isoformat(),
        "cause": row.cause,
    }


def _line(row: Nouvelle) -> str:
    le = row.le.astimezone(PARIS)
    became = "essai" if row.issue == Delivery.ATTEND else str(row.issue)
    cause = f"  {say_cause(row.cause)}" if row.cause else ""
    return f"{row.id[:8]}  {jour(le.date())} à {heure(le)}  {became} {row.essais}{cause}"


def say_cause(cause: str) -> str:
    """What a code means."""
    return CAUSES.get(cause, f"le serveur de courrier a répondu {cause}")


def what_to_check(cause: str) -> str:
    """The settings that may be at fault, for the host."""
    if cause in CHECKS:
        return CHECKS[cause]
    if not cause.isdecimal():
        return "Vérifiez le serveur et le port dans C2S_SMTP_URL."
    if cause in REFUSED_PASSWORD:
        return "Vérifiez le compte et le mot de passe dans C2S_SMTP_URL."
    if cause.startswith("4"):  # for a while, often on purpose: some servers put off what they see first
        return "Réessayez dans quelques minutes."
    return "Vérifiez C2S_SMTP_FROM, et l'adresse à laquelle vous écrivez."


@cli.command()
def retry() -> None:
    """Fait partir tout de suite, au prochain tour du service, ce qui attend ou a été abandonné."""
    with opened() as (_, db):
        count = try_again(db)
    typer.echo(f"{count} e-mail{'s' if count > 1 else ''} à envoyer au prochain tour du service.")


@cli.command()
def test(courriel: Annotated[str, typer.Argument(metavar="ADRESSE", help="Où l'envoyer.")]) -> None:
    """Envoie maintenant un e-mail d'essai, tel que les personnes le reçoivent."""
    chosen = settings()
    if not chosen.smtp_url:
        stop("Aucun serveur de courrier n'est réglé. Donnez C2S_SMTP_URL et C2S_SMTP_FROM.")
    typed = kept_courriel(courriel)
    if not typed:
        stop("Ce n'est pas une adresse e-mail. Vérifiez-la, par exemple equipe@exemple.fr.")
    now, to = chosen.clock(), wire_courriel(typed)
    message = compose(make_environment(), chosen, f"essai-{now.timestamp():.0f}", to, "essai", now)
    sent = send(chosen, message, to, lambda: True)
    if sent is None or sent.issue is not Delivery.ENVOYEE:
        cause = sent.cause if sent else ""
        stop(f"L'e-mail n'est pas parti : {say_cause(cause)}. {what_to_check(cause)}")
    typer.echo("L'e-mail est remis au serveur de courrier. Vérifiez qu'il arrive, et hors des indésirables.")
