"""« Consulter les délais de traitement »: how long a caisse takes, and what the law gives it. No account is needed."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from sqlmodel import select
from starlette.responses import Response

from app.domain.dates import DefautDate
from app.domain.delais import DEMANDES_SUFFISANTES, Delais, Reponse, delais
from app.domain.periode import acceptation_implicite, ajoute_mois
from app.forms.form import Form, Question, Sent
from app.forms.readers import PARTS, read_date
from app.settings import PARIS
from app.store.delais import decided_since
from app.store.tables import Caisse
from app.store.text import normalise
from app.web.ask import Ask
from app.web.milestones import local_day

TITLE = "Consulter les délais de traitement de ma Caisse d'Assurance Maladie"
OLDEST = 24  # months: a demande filed before has its decision
RECENT = 12  # months of decisions: the pace of today
MISSING = {"jour": "le jour", "mois": "le mois", "annee": "l'année"}


def page(ask: Ask) -> Response:
    """Ask for a caisse and a day (GET), and answer on the same page."""
    caisses = sorted(ask.db.exec(select(Caisse)), key=lambda caisse: normalise(caisse.nom))
    example = f"{ajoute_mois(ask.now.date().replace(day=15), -1):%d %m %Y}"
    questions = _questions(caisses, example)
    sent = Sent({name: (value,) for name, value in ask.query.items()})
    if not any(name in sent for name in ("caisse", *(f"depot_{part}" for part in PARTS))):
        mine = ask.assure_if_any.caisse if ask.assure_if_any else ""
        return _show(ask, Form(questions, {"caisse": mine}), None)
    caisse = next((caisse for caisse in caisses if caisse.code == sent.text("caisse")), None)
    if caisse is None:
        sent.refuse("caisse", "Choisissez votre caisse d'Assurance Maladie.")
    le = _read_day(sent, example, ask.now.date())
    form = Form.again(questions, sent)
    if caisse is None or le is None:
        return _show(ask, form, None, 422)
    return _show(ask, form, _result(ask, caisse, le))


def _questions(caisses: list[Caisse], example: str) -> Mapping[str, Question]:
    return {
        "caisse": Question(
            "Ma caisse d'Assurance Maladie",
            "C'est souvent celle de votre département.",
            kind="select",
            options=[(caisse.code, caisse.nom) for caisse in caisses],
        ),
        "depot": Question(
            "Date de dépôt de ma demande",
            f"Jour, mois, année. Exemple : {example}. "
            "Cette date est sur votre accusé de réception, dans « Mon espace d'échanges ».",
            kind="date",
        ),
    }


def _read_day(sent: Sent, example: str, today: date) -> date | None:
    le = read_date(sent, "depot", _words(example))
    if le is None:
        return None
    if le > today:
        message = (
            "La date de dépôt est après aujourd'hui. Saisissez une date passée ou celle du jour, "
            f"par exemple {example}."
        )
    elif le < ajoute_mois(today, -OLDEST):
        message = f"Cette date de dépôt a plus de 2 ans. Vérifiez l'année, par exemple {example}."
    else:
        return le
    sent.refuse("depot", message, at="depot_annee")
    return None


def _words(example: str) -> Mapping[DefautDate, str]:
    missing = {
        defaut: f"Complétez la date de dépôt : il manque {MISSING[part]}. Par exemple {example}."
        for defaut, part in zip((DefautDate.JOUR, DefautDate.MOIS, DefautDate.ANNEE), PARTS, strict=True)
    }
    return missing | {
        DefautDate.VIDE: (
            f"Saisissez la date de dépôt de votre demande : jour, mois, année. Par exemple {example}."
        ),
        DefautDate.ANNEE_COURTE: (
            f"L'année de dépôt compte 4 chiffres. Complétez-la, par exemple {example[-4:]}."
        ),
        DefautDate.LETTRES: f"Saisissez la date de dépôt avec des chiffres, par exemple {example}.",
        DefautDate.INEXISTANTE: (
            "Cette date de dépôt n'existe pas dans le calendrier. Vérifiez le jour et le mois, "
            f"par exemple {example}."
        ),
    }


def _result(ask: Ask, caisse: Caisse, le: date) -> Mapping[str, object]:
    """What the user reads about a demande filed with this caisse on this day."""
    chiffres = _estimate(ask, caisse)
    legal = acceptation_implicite(le)
    return {
        "caisse": caisse.nom,
        "le": le,
        "chiffres": chiffres,
        "mediane": le + timedelta(chiffres.mediane) if chiffres else None,
        "neuf_dixiemes": le + timedelta(chiffres.neuf_dixiemes) if chiffres else None,
        "legal": legal,
        "depasse": legal < ask.now.date(),
        "suffisant": DEMANDES_SUFFISANTES,
    }


def _estimate(ask: Ask, caisse: Caisse) -> Delais | None:
    since = datetime.combine(ajoute_mois(ask.now.date(), -RECENT), time.min, PARIS)
    decided = decided_since(ask.db, caisse.code, since)
    return delais(Reponse(local_day(complete), local_day(answered)) for complete, answered in decided)


def _show(ask: Ask, form: Form, resultat: Mapping[str, object] | None, status: int = 200) -> Response:
    found = {"precision": f"délai estimé, {resultat['caisse']}"} if resultat else {}
    return ask.page("delais.html", TITLE, status, form=form, resultat=resultat, **found)
