"""What an e-mail says: that a message awaits, and where. Nothing that a shared mailbox should not show."""

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from jinja2 import Environment

from app.forms.typography import typo
from app.settings import Settings

SENDER = typo("Mon espace d'échanges")  # the page it leads to: known to the person, silent about health
SUBJECT = "Un message vous attend sur votre compte"
INBOX = "/echanges"
STOP = "/nouvelles/arret/"
_POLICY = SMTP.clone(max_line_length=300)  # an address in a header is never cut
_SENTENCES = {
    "lire": "Pour le lire, ouvrez cette page puis entrez dans votre compte :",
    "choix": "Vous avez choisi de recevoir cet e-mail. Pour ne plus en recevoir :",
    "reponse": "Personne ne lit les réponses à cet e-mail.",
}


def compose(
    env: Environment, settings: Settings, identity: str, to: str, jeton: str, now: datetime
) -> EmailMessage:
    """
    The e-mail to this address (as `wire_courriel` gives it), in plain text and in HTML.

    `identity` makes its Message-ID, the same at each attempt. `jeton`: what its link to stop carries.
    """
    page, stop = settings.service_url + INBOX, settings.service_url + STOP + jeton
    said = {name: typo(sentence) for name, sentence in _SENTENCES.items()}
    message = EmailMessage(policy=_POLICY)
    message["Subject"] = SUBJECT
    message["From"] = Address(SENDER, addr_spec=settings.smtp_from)
    message["To"] = to
    message["Date"] = now
    message["Message-ID"] = f"<{identity}@{domain_of(settings)}>"
    message["Auto-Submitted"] = "auto-generated"
    message["List-Unsubscribe"] = f"<{stop}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message["Content-Language"] = "fr"
    text = [f"{SUBJECT}.", f"{said['lire']}\n{page}", f"{said['choix']}\n{stop}", said["reponse"]]
    message.set_content("\n\n".join(text) + "\n", cte="quoted-printable")
    html = env.get_template("courriel.html").render(titre=SUBJECT, page=page, stop=stop, **said)
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    return message


def domain_of(settings: Settings) -> str:
    """The domain that e-mails come from."""
    return settings.smtp_from.rpartition("@")[2]
