"""What `c2s doctor` looks at in the database: the keys it needs, its caisses, its organismes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, func, select

from app.files.sealing import HEAD_BYTES, KeyRing
from app.main import key_missing, say_rows
from app.settings import SESSION_LIFETIME, Settings
from app.store.keys import Usage, key_usage, needed_and_missing, needs
from app.store.nouvelles import count_nouvelles
from app.store.tables import Caisse, Compte, Delivery, DemandeDeposee, OrganismeGestionnaire, SessionOuverte

INVENTED = (".invalid", ".example", ".test")  # names that belong to nobody
HOURS = int(SESSION_LIFETIME.total_seconds() // 3600)
PARTS = {"adresse": "d'adresse", "telephone": "de téléphone", "courriel": "d'adresse e-mail"}
SET_THE_CLOCK = "Mettez la machine à l'heure, par exemple avec : timedatectl set-ntp true"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. `remedy` is empty when nothing is to be done."""

    subject: str
    found: str
    remedy: str = ""

    def __str__(self) -> str:
        state = "à faire" if self.remedy else "ok"
        return f"{state:<8} {self.subject} : {self.found}" + (f" {self.remedy}" if self.remedy else "")

    def as_json(self) -> dict[str, str | bool]:
        """What a program reads of it."""
        return {"sujet": self.subject, "ok": not self.remedy, "constat": self.found, "remede": self.remedy}


def look_inside(db: Session, settings: Settings) -> Iterator[Finding]:
    """What the database says, once it is of this version."""
    yield from _keys(key_usage(db), settings.data_ring)
    yield _signing_keys(db, settings)
    newest = db.exec(select(func.max(DemandeDeposee.deposee_le))).one()
    # A frozen day begins again at midnight, and what was filed in the evening with it.
    if newest is not None and not settings.today and newest > settings.now():
        yield Finding(
            "horloge",
            "une demande déposée porte une date à venir.",
            SET_THE_CLOCK,
        )
    if not settings.demo and db.exec(select(Compte.id).where(col(Compte.demo).is_not(None))).first():
        yield Finding(
            "comptes",
            "la base contient des comptes de démonstration, dont le mot de passe est public.",
            "Choisissez une autre base, par exemple C2S_DATA_DIR=/srv/c2s",
        )
    yield _news(db, settings)
    if settings.oidc_issuer:
        yield _findable(db)
    yield from _caisses(db, demo=settings.demo)
    count = db.exec(
        select(func.count()).select_from(OrganismeGestionnaire).where(OrganismeGestionnaire.actif)
    ).one()
    remedy = "" if count else "Lancez : c2s organismes import FICHIER"
    yield Finding("organismes", f"{count} dans la liste.", remedy)


def _news(db: Session, settings: Settings) -> Finding:
    """People who chose to be told are told; what two days of attempts did not send needs the host."""
    if not settings.smtp_url:
        return Finding("e-mails", "aucun serveur de courrier : personne n'est prévenu par e-mail.")
    counts = count_nouvelles(db)
    refused = (
        f" {counts[Delivery.REFUSEE]} à une adresse qui n'existe pas." if counts[Delivery.REFUSEE] else ""
    )
    sent, given_up = counts[Delivery.ENVOYEE], counts[Delivery.ABANDONNEE]
    if not given_up:
        said = f"{sent} envoyé{'s' if sent > 1 else ''}, {counts[Delivery.ATTEND]} en attente.{refused}"
        return Finding("e-mails", said)
    return Finding(
        "e-mails",
        f"{given_up} abandonné{'s' if given_up > 1 else ''} après deux jours d'essais.{refused}",
        "Trouvez la cause avec : c2s nouvelles list, puis c2s nouvelles test ADRESSE. "
        "Ensuite, lancez : c2s nouvelles retry",
    )


def _keys(usage: Usage, ring: KeyRing) -> Iterator[Finding]:
    if missing := needed_and_missing(usage, ring):
        yield Finding("clés de données", *key_missing(missing))
    for cut in (rows for head, rows in usage.items() if len(head) < HEAD_BYTES):
        yield Finding("base", f"le contenu est abîmé : {say_rows(cut)}.", "Reprenez la dernière sauvegarde.")
    for rank, key_id in enumerate(ring.ids, 1):
        yield _key(rank, needs(usage, key_id))
    newest = ring.ids[0]
    if first := needs({head: rows for head, rows in usage.items() if head != ring.head}, newest):
        yield Finding(
            "clés de données",
            f"le sceau est d'un ancien format, qui ne nomme pas toujours sa ligne : {say_rows(first)}.",
            "Lancez : c2s doctor --resceller",
        )


def _key(rank: int, rows: Mapping[str, int]) -> Finding:
    used = say_rows(rows)
    if rank == 1:
        found = f"la 1re scelle. Elle sert à {used}." if used else "la 1re scelle. Rien n'est encore scellé."
    elif used:
        found = (
            f"la {rank}e sert encore à {used}. Gardez-la, ou passez tout sous la 1re : c2s doctor --resceller"
        )
    else:
        found = (
            f"la {rank}e ne sert plus : vous pouvez la retirer de C2S_DATA_KEYS. "
            "Gardez-la à part aussi longtemps qu'une sauvegarde faite avec elle."
        )
    return Finding("clés de données", found)


def _signing_keys(db: Session, settings: Settings) -> Finding:
    """Nothing records when a key began to sign: only the lifetime of what it signed is certain."""
    if len(settings.secret_keys) == 1:
        return Finding("clés de signature", "une seule, qui signe.")
    last = db.exec(select(func.max(SessionOuverte.expire_le))).one()
    if last is None or last <= settings.clock():
        found = "aucune session n'est ouverte : les anciennes peuvent partir maintenant."
    else:
        found = (
            f"la 1re signe. Les anciennes peuvent partir {HOURS} heures après le démarrage du service avec elle : "
            "plus tôt, des personnes perdraient leur session et leurs réponses."
        )
    return Finding("clés de signature", found)


def _findable(db: Session) -> Finding:
    """The people who must give their number once: nothing fails for them, so that nothing has to be done."""
    total = db.exec(select(func.count()).select_from(Compte)).one()
    without = db.exec(select(func.count()).select_from(Compte).where(col(Compte.index_pivot).is_(None))).one()
    plural, can = ("s", "peuvent") if without > 1 else ("", "peut")
    found = (
        f"{without} compte{plural} sur {total} ne {can} pas être retrouvé{plural}, faute de nom de naissance (ou de lieu, si le "
        "numéro est provisoire). Le numéro et le mot de passe sont alors demandés une fois. "
        "Pour l'éviter : c2s assures import, avec nom_naissance."
        if without
        else "chaque compte peut être retrouvé."
    )
    return Finding("FranceConnect", found)


def _caisses(db: Session, *, demo: bool) -> Iterator[Finding]:
    caisses = db.exec(select(Caisse).order_by(Caisse.code)).all()
    if not caisses:
        yield Finding("caisses", "il n'y en a aucune.", "Lancez : c2s caisses import FICHIER")
        return
    wrong = [] if demo else [*_incomplete(caisses), *_invented(caisses)]
    yield from wrong
    if not wrong:
        yield Finding("caisses", f"{len(caisses)}, chacune avec son adresse, son téléphone et son e-mail.")


def _incomplete(caisses: Sequence[Caisse]) -> Iterator[Finding]:
    for caisse in caisses:
        for name, partie in PARTS.items():
            if not getattr(caisse, name).strip():
                yield Finding(
                    "caisses",
                    f"{caisse.nom} n'a pas {partie}.",
                    "L'adresse, le téléphone et l'adresse e-mail sont obligatoires hors démonstration. "
                    "Lancez : c2s caisses import FICHIER",
                )


def _invented(caisses: Sequence[Caisse]) -> Iterator[Finding]:
    if invented := [caisse for caisse in caisses if caisse.courriel.endswith(INVENTED)]:
        yield Finding(
            "caisses",
            f"{len(invented)} {'ont' if len(invented) > 1 else 'a'} une adresse e-mail d'exemple, "
            f"la première est {invented[0].nom}.",
            "Donnez les vraies. Lancez : c2s caisses import FICHIER",
        )
