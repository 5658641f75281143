"""What is kept on the disk. Nobody's number, name or answer lies there in clear: those are sealed."""

from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.domain.suivi import Etat

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}
SQLModel.metadata.naming_convention = NAMES


# Ranges of prefixes and the order of results are those of the bytes, whatever the language of the server.
ByteOrder = sa.String().with_variant(sa.String(collation="C"), "postgresql")


class Moment(sa.TypeDecorator[datetime]):
    """An aware datetime; SQLite keeps it in UTC, without an offset."""

    impl = sa.DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        return value.astimezone(UTC).replace(tzinfo=None) if value else None

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        return value.replace(tzinfo=UTC) if value else None


class Delivery(StrEnum):
    """What became of an e-mail."""

    ATTEND = "attend"
    ENVOYEE = "envoyee"
    REFUSEE = "refusee"  # nobody has this address
    ABANDONNEE = "abandonnee"  # two days of attempts


class Installation(SQLModel, table=True):
    """One row: the identity of this database, which the folder of its files is signed with."""

    identite: str = Field(primary_key=True)


class VersionLisible(SQLModel, table=True):
    """One row: the oldest code that reads this database, by the migration it was written for."""

    __tablename__ = "version_lisible"

    depuis: str = Field(primary_key=True)


class Caisse(SQLModel, table=True):
    """A caisse d'Assurance Maladie. CRPA R112-11-1 wants its address, telephone and e-mail."""

    code: str = Field(primary_key=True)
    nom: str
    departement: str
    ville: str
    adresse: str
    code_postal: str
    telephone: str
    courriel: str
    dpo: str
    service: str
    recours: str
    delai_pieces_jours: int = 30
    regime_local: bool = False


class Compte(SQLModel, table=True):
    """A person's account. `fiche`: an `Assure` as JSON, sealed under the data keys."""

    id: int | None = Field(default=None, primary_key=True)
    index_nir: str = Field(unique=True)  # keyed hash: finds the account, tells nothing
    fiche: bytes
    mot_de_passe: str  # argon2
    demo: str | None = Field(default=None, unique=True)  # the key of a demonstration account
    index_pivot: str | None = Field(default=None, index=True)  # keyed hash: birth name, birth date and sex
    # A link was undone: no civil status opens it.
    delie_le: datetime | None = Field(default=None, sa_type=Moment)


class LienFournisseur(SQLModel, table=True):
    """An account that an identity provider opens too. `sub`: its issuer and its name for the person, sealed."""

    __tablename__ = "lien"

    compte_id: int = Field(primary_key=True, foreign_key="compte.id")
    index_sub: str = Field(unique=True)  # keyed hash of the same
    sub: bytes
    lie_le: datetime = Field(sa_type=Moment)


class SessionOuverte(SQLModel, table=True):
    """A signed-in browser. `id`: SHA-256 of its token; `secret` dies with the row, and the draft with it."""

    __tablename__ = "session"

    id: str = Field(primary_key=True)
    secret: bytes
    compte_id: int = Field(foreign_key="compte.id", index=True)
    ouverte_le: datetime = Field(sa_type=Moment)
    expire_le: datetime = Field(sa_type=Moment, index=True)
    brouillon: str | None = None  # id of the draft begun in this session
    derniere_reference: str | None = None  # the demande filed in this session


class TentativeConnexion(SQLModel, table=True):
    """Failed sign-ins of one account or one address, or what an account sent in an hour (`cle`: keyed hash)."""

    __tablename__ = "tentative_connexion"

    cle: str = Field(primary_key=True)
    echecs: int = 0
    dernier_le: datetime = Field(sa_type=Moment)
    bloque_jusqu_a: datetime | None = Field(default=None, sa_type=Moment)


class OrganismeGestionnaire(SQLModel, table=True):
    """An office of an organisme complémentaire that manages the C2S (L861-7, R861-19)."""

    __tablename__ = "organisme"
    __table_args__ = (  # each is walked in the order of the results: the first five are read, not sorted out
        sa.Index("ix_organisme_commune_cherchee", "commune_cherchee", "nom", "code"),
        sa.Index("ix_organisme_departement", "departement", "commune_cherchee", "nom", "code"),
        sa.Index("ix_organisme_code_postal", "code_postal", "commune_cherchee", "nom", "code"),
    )

    code: str = Field(primary_key=True, sa_type=ByteOrder)
    nom: str = Field(sa_type=ByteOrder)
    adresse: str
    code_postal: str = Field(sa_type=ByteOrder)
    commune: str
    departement: str = Field(sa_type=ByteOrder)
    type: str
    actif: bool = True
    commune_cherchee: str = Field(sa_type=ByteOrder)  # normalised for the search

    @property
    def adresse_complete(self) -> str:
        """In one line: the street, the postcode, the town."""
        return f"{self.adresse}, {self.code_postal} {self.commune}"


class MotOrganisme(SQLModel, table=True):
    """A normalised word of the name of an organisme: a prefix finds it by index."""

    __tablename__ = "organisme_mot"
    __table_args__ = (sa.Index("ix_organisme_mot_code", "code", "mot"),)  # does this organisme say that word?

    mot: str = Field(primary_key=True, sa_type=ByteOrder)
    code: str = Field(primary_key=True, foreign_key="organisme.code", sa_type=ByteOrder)


class _Rangee(SQLModel):
    """A file on the shelf. `cle`: its key, with its name and its SHA-256, sealed."""

    id: str = Field(primary_key=True)  # also its name on the shelf
    rang: int
    taille: int  # bytes
    pages: int | None
    media: str
    cle: bytes


class PieceEnAttente(_Rangee, table=True):
    """A file kept until the deposit: `cle` is sealed under the key of the draft."""

    __tablename__ = "piece_en_attente"

    session_id: str = Field(
        sa_column=sa.Column(sa.ForeignKey("session.id", ondelete="CASCADE"), index=True, nullable=False)
    )
    emplacement: str


class DemandeDeposee(SQLModel, table=True):
    """A demande that the caisse has received. `instantane`: every answer, as sealed JSON."""

    __tablename__ = "demande"
    __table_args__ = (
        sa.Index(
            "uq_demande_ouverte",
            "compte_id",
            unique=True,
            sqlite_where=sa.text("ouverte = 1"),
            postgresql_where=sa.text("ouverte"),
        ),
        # What `list` and /delais read.
        sa.Index("ix_demande_caisse_ouverte", "caisse", "ouverte", "deposee_le"),
    )

    id: int | None = Field(default=None, primary_key=True)
    reference: str = Field(unique=True)
    compte_id: int = Field(foreign_key="compte.id", index=True)
    caisse: str = Field(foreign_key="caisse.code")
    brouillon: str = Field(unique=True)  # the draft it comes from: sent twice, it is filed once
    deposee_le: datetime = Field(sa_type=Moment, index=True)
    etat: Etat = Field(default=Etat.DEPOSEE, sa_type=sa.String)
    ouverte: bool = True
    format: int  # of the instantané, `app.domain.format`
    complete: bool
    date_limite: date | None = None  # to send what is missing
    empreinte: str  # SHA-256 of the récapitulatif
    instantane: bytes


class Piece(_Rangee, table=True):
    """A document that was filed: `cle` is sealed under the data keys."""

    demande_id: int = Field(foreign_key="demande.id", index=True)
    document: str
    personne: str  # the key in the foyer
    empreinte: str  # SHA-256, hex


class Echange(SQLModel, table=True):
    """A message between the person and the caisse. `corps`: sealed JSON."""

    id: str = Field(primary_key=True)
    compte_id: int = Field(foreign_key="compte.id", index=True)
    demande_id: int = Field(foreign_key="demande.id", index=True)
    le: datetime = Field(sa_type=Moment)
    genre: str  # accuse, complement… : names its template
    de_la_caisse: bool = True
    lu_le: datetime | None = Field(default=None, sa_type=Moment)
    corps: bytes


class EchangePdf(SQLModel, table=True):
    """The PDF of a message, made once. `cle`: the key of the file on the shelf, sealed under the data keys."""

    __tablename__ = "echange_pdf"

    id: str = Field(primary_key=True)  # also its name on the shelf
    echange_id: str = Field(foreign_key="echange.id", unique=True)
    taille: int  # bytes
    cle: bytes


class Abonnement(SQLModel, table=True):
    """What a person agreed to: an e-mail when a message awaits. `fiche`: an address and a link to stop, sealed."""

    compte_id: int = Field(primary_key=True, foreign_key="compte.id")
    index_jeton: str = Field(unique=True)  # keyed hash of what the link to stop carries
    fiche: bytes
    choisi_le: datetime = Field(sa_type=Moment)


class Nouvelle(SQLModel, table=True):
    """An e-mail to send, once, about a message; it goes with the consent. `cause`: a code, never what a server said."""

    __table_args__ = (
        sa.UniqueConstraint("echange_id", "rappel"),
        sa.Index("ix_nouvelle_issue", "issue", "suivant_le"),
    )

    id: str = Field(primary_key=True)  # its Message-ID, the same at each attempt
    compte_id: int = Field(
        sa_column=sa.Column(
            sa.ForeignKey("abonnement.compte_id", ondelete="CASCADE"), index=True, nullable=False
        )
    )
    echange_id: str = Field(foreign_key="echange.id")
    rappel: bool = False
    le: datetime = Field(sa_type=Moment)
    issue: Delivery = Field(default=Delivery.ATTEND, sa_type=sa.String)
    essais: int = 0
    suivant_le: datetime | None = Field(default=None, sa_type=Moment)  # not before; none: now
    cause: str = ""


class Evenement(SQLModel, table=True):
    """What happened to a demande: who, when, what."""

    id: int | None = Field(default=None, primary_key=True)
    demande_id: int = Field(foreign_key="demande.id", index=True)
    le: datetime = Field(sa_type=Moment)
    qui: str
    quoi: str


class Consultation(SQLModel, table=True):
    """The caisse has read a demande, or taken a copy of it: when, and which."""

    id: int | None = Field(default=None, primary_key=True)
    demande_id: int = Field(foreign_key="demande.id", index=True)
    le: datetime = Field(sa_type=Moment)
    quoi: str  # ouverte, exportee


class Satisfaction(SQLModel, table=True):
    """An answer to « Êtes-vous satisfait de ce service ? », tied to nobody."""

    id: int | None = Field(default=None, primary_key=True)
    le: date
    note: int  # 1 to 5
