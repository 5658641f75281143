"""
What a browser sent, and what the draft must hold then, worked out from that alone.

It is written apart from the app, to contradict it; only the samples of a declared question are common to both.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit

from starlette.testclient import TestClient

from app.domain.assure import Assure
from app.domain.demande import Demande
from app.forms.asked import Asked
from app.steps.situation import ASKED as SITUATION
from app.web.draft import COOKIE

YES_NO = {"oui": True, "non": False}


@dataclass(frozen=True)
class Post:
    """A form that was sent, and the first answer it got."""

    url: str
    fields: Mapping[str, Sequence[str]]
    files: Sequence[tuple[str, tuple[str, bytes, str]]]
    status: int
    location: str
    writes: bool  # the answer sets the draft cookie: the answers were taken

    @property
    def path(self) -> str:
        return urlsplit(self.url).path

    def asked(self, name: str) -> str:
        """A parameter of the address the form was sent to."""
        return parse_qs(urlsplit(self.url).query).get(name, [""])[0]

    def text(self, name: str) -> str:
        """What was typed; invisible characters are no answer."""
        typed = (self.fields.get(name) or [""])[0]
        return "".join(sign for sign in typed if sign.isprintable() or sign.isspace()).strip()

    def named(self, prefix: str) -> Iterator[tuple[str, str]]:
        """(end of the name, value) of the fields whose name starts so."""
        return (
            (name.removeprefix(prefix), self.text(name)) for name in self.fields if name.startswith(prefix)
        )


class Recorder(TestClient):
    """A client that remembers the forms it sent, and refuses a page that writes the draft when it is only read."""

    def __init__(self, app: Any) -> None:
        super().__init__(app)
        self.posts: list[Post] = []

    def get(self, url: Any, **options: Any) -> Any:
        response = super().get(url, **options)
        assert not any(map(_writes, (*response.history, response))), f"GET {url} writes the draft"
        return response

    def post(self, url: Any, **options: Any) -> Any:
        response = super().post(url, **options)
        first = (*response.history, response)[0]
        fields = {n: [v] if isinstance(v, str) else list(v) for n, v in (options.get("data") or {}).items()}
        files = list(options.get("files") or ())
        location = first.headers.get("location", "")
        self.posts.append(Post(str(url), fields, files, first.status_code, location, _writes(first)))
        return response


def _writes(response: Any) -> bool:
    cookies = response.headers.get_list("set-cookie")
    return any(cookie.startswith(f"{COOKIE}=") and "Max-Age=0" not in cookie for cookie in cookies)


def person_said(post: Post) -> dict[str, Any]:
    """The person that a form describes."""
    jour, mois, annee = (int(post.text(f"naissance_{part}")) for part in ("jour", "mois", "annee"))
    return {
        "prenom": post.text("prenom"),
        "nom": post.text("nom"),
        "lien": post.text("lien"),
        "naissance": date(annee, mois, jour),
        "nationalite": post.text("nationalite"),
        "nir": None if post.text("pas_de_numero") else post.text("nir"),
        "numero_caf": post.text("caf") or None,
        "garde_alternee": bool(post.text("garde")),
        "rsa_en_cours": bool(post.text("rsa")),
        "c2s_en_cours": bool(post.text("c2s")),
    }


def chosen(post: Post) -> tuple[str, str]:
    """Who manages: the tick that is new, when an old one stands in the other group."""
    mode, code = post.text("gestionnaire"), post.text("choix_organisme")
    if mode not in ("garder", "organisme", "caisse", "meme"):
        mode = ""
    new_result = code not in ("", post.text("vu_organisme"))
    return ("organisme", code) if mode in ("", "organisme") or new_result else (mode, "")


def amount(text: str) -> Decimal:
    """« 1 200,50 »; an empty field is nothing received."""
    return Decimal("".join(text.split()).replace(",", ".") or "0")


def said(name: str, asked: Asked[Any], post: Post) -> Any:
    """The sample of this question that the browser sent; None if it sent no answer."""
    for answer in (*asked.kind.samples(), None):
        shown = asked.kind.shown(asked.control or name, answer)
        if all(post.text(control) == value for control, value in shown.items()):
            return answer
    raise AssertionError(f"{name}: what was sent is no sample, and was taken")


@dataclass
class Expected:
    """The answers that must be found again, whatever is done to the others."""

    assure: Assure
    le: date
    reponses: dict[str, bool] = field(default_factory=dict)
    situation: dict[str, Any] = field(default_factory=dict)
    retires: set[str] = field(default_factory=set)
    personnes: dict[str, dict[str, Any]] = field(default_factory=dict)
    actuel: str | None = None
    gestionnaire: tuple[str, str] = ("", "")  # mode, code
    meme: bool = True
    choix: dict[str, str] = field(default_factory=dict)
    consentement: bool = False
    ressources: set[str] | None = None
    totaux: dict[tuple[str, str], Decimal] = field(default_factory=dict)
    libelle: str = ""
    stage: dict[str, bool] = field(default_factory=dict)
    arret: dict[str, bool] = field(default_factory=dict)
    logement: bool | None = None
    bien: bool | None = None
    etranger: bool | None = None
    figure: set[str] = field(default_factory=set)
    absentes: set[str] = field(default_factory=set)

    # The rule of the household and of étape 6, from the record

    def foyer(self) -> list[str]:
        """The keys of the people who count: the applicant, then those under 25 who were not removed."""
        known = [(enfant.cle, enfant.naissance, "enfant") for enfant in self.assure.enfants]
        known += [(cle, p["naissance"], p["lien"]) for cle, p in self.personnes.items()]
        return ["moi"] + [
            cle
            for cle, naissance, lien in known
            if cle not in self.retires and (lien == "conjoint" or self._age(naissance) < 25)
        ]

    def births(self) -> dict[str, date]:
        births = {"moi": self.assure.naissance} | {e.cle: e.naissance for e in self.assure.enfants}
        return births | {cle: p["naissance"] for cle, p in self.personnes.items()}

    def names(self) -> dict[str, str]:
        names = {"moi": self.assure.prenom} | {e.cle: e.prenom for e in self.assure.enfants}
        return names | {cle: p["prenom"] for cle, p in self.personnes.items()}

    def over_16(self) -> list[str]:
        births = self.births()
        return [cle for cle in self.foyer() if self._age(births[cle]) >= 16]

    def slots(self, *, bien: bool | None, etranger: bool | None) -> set[str]:
        """The documents that are asked for."""
        rsa = {f"rsa_{cle}" for cle in self.foyer() if self.personnes.get(cle, {}).get("rsa_en_cours")}
        taxes = {"fonciere", "habitation"} if bien else set()
        return (
            {f"avis_{cle}" for cle in self.over_16()}
            | rsa
            | {"rsa"}
            | taxes
            | ({"etranger"} if etranger else set())
        )

    def _age(self, naissance: date) -> int:
        le = self.le
        return le.year - naissance.year - ((le.month, le.day) < (naissance.month, naissance.day))

    # What a form that was taken changes

    def take(self, post: Post, after: Demande) -> None:
        """Write down what this form says. `after`: holds the key of a new person."""
        page = post.path.removeprefix("/demande/")
        if page.startswith("beneficiaires/"):
            self._person(post, page.removeprefix("beneficiaires/"), after)
        elif reading := getattr(self, f"_{page.replace('-', '_')}", None):
            reading(post)

    def _moins_de_25_ans(self, post: Post) -> None:
        self.reponses = {n: YES_NO[post.text(n)] for n in post.fields if post.text(n) in YES_NO}

    def _situation(self, post: Post) -> None:
        self.situation = {name: said(name, asked, post) for name, asked in SITUATION.asked.items()}

    def _foyer(self, post: Post) -> None:
        children = {enfant.cle for enfant in self.assure.enfants}
        here = children if post.path.endswith("foyer") else set(self.personnes)
        self.retires |= {post.text("retirer")} & here
        self.retires -= {post.text("remettre")} & here

    _beneficiaires = _foyer

    def _person(self, post: Post, cle: str, after: Demande) -> None:
        said = person_said(post)
        if cle == "ajouter":
            new = [p.cle for p in after.beneficiaires.personnes if p.cle not in self.personnes]
            twins = [known for known, p in self.personnes.items() if p == said]
            assert len([*new, *twins[:1]]) == 1, "a form adds one person, and once however often it is sent"
            cle = [*new, *twins][0]
        self.personnes[cle] = said
        self.retires.discard(cle)

    def _organisme(self, post: Post) -> None:
        if "actuel" in post.fields:
            names = {known.cle: known.nom for known in self.assure.organismes} | {"aucun": ""}
            if self.gestionnaire[0] == "garder" and names[post.text("actuel")] != self.actuel:
                self.gestionnaire = ("", "")  # « je garde » meant another one
            self.actuel = names[post.text("actuel")]
        elif "rechercher" not in post.fields:
            self.gestionnaire = chosen(post)

    def _organismes_du_foyer(self, post: Post) -> None:
        if "rechercher" in post.fields:
            return
        foyer = self.foyer()
        cle = post.text("enregistrer")
        if "enregistrer" in post.fields and (cle not in foyer[1:] or cle != post.asked("personne")):
            return  # this person is gone: the page shows the list again
        if self.meme:  # what the page did not show does not come back unseen
            self.choix = {autre: code for autre, code in self.choix.items() if autre not in foyer}
        self.meme = bool(post.text("meme")) if "enregistrer" not in post.fields else False
        if "enregistrer" in post.fields:
            mode, code = chosen(post)
            self.choix.pop(cle, None)
            if mode != "meme":
                self.choix[cle] = code or "caisse"

    def _consentement(self, post: Post) -> None:
        self.consentement = bool(post.text("accord"))

    def _autres_ressources(self, post: Post) -> None:
        self.ressources = set(post.fields.get("ressource", ())) - {"aucune"}

    def _montants(self, post: Post) -> None:
        foyer = self.foyer()
        for name, value in post.named("total_"):
            kind, _, cle = name.rpartition("_")
            if kind in (self.ressources or ()) and cle in foyer:
                self.totaux[kind, cle] = amount(value)
        if "autres" in (self.ressources or ()):
            self.libelle = post.text("libelle_autres")

    def _complements(self, post: Post) -> None:
        for name, known in (("stage_", self.stage), ("arret_", self.arret)):
            known |= {cle: YES_NO[value] for cle, value in post.named(name) if cle in self.over_16()}
        self.logement = YES_NO[post.text("logement")]

    def _pieces(self, post: Post) -> None:
        self.bien = YES_NO.get(post.text("bien"), self.bien)
        self.etranger = YES_NO.get(post.text("etranger"), self.etranger)
        others, shown = (
            self.over_16()[1:],
            {code for codes in post.fields.get("montre", ()) for code in codes.split()},
        )
        if "montre" in post.fields:  # a person the page could not show keeps the answer given
            self.figure -= set(others)
        self.figure |= {cle for cle, value in post.named("figure_") if value and cle in others}
        possible = self.slots(bien=True, etranger=True) - {"rsa"}
        self.absentes = (self.absentes - shown) | {
            code for code, value in post.named("pas_") if value and code in possible
        }

    # The comparison

    def check(self, demande: Demande) -> None:
        """Every answer given is in the draft, and no other."""
        found = record(demande)
        wanted = {name: getattr(self, name) for name in found}
        wrong = {name: (wanted[name], found[name]) for name in found if wanted[name] != found[name]}
        assert not wrong, f"(wanted, found) {wrong}"


def record(demande: Demande) -> dict[str, Any]:
    """The draft in the words of `Expected`."""
    situation, organisme, par_personne = demande.situation, demande.organisme, demande.organismes_du_foyer
    return {
        "reponses": {n: v for n, v in demande.moins_de_25_ans or () if v is not None},
        "situation": dict(situation or ()),
        "retires": {*demande.foyer.retires, *demande.beneficiaires.retires},
        "personnes": {p.cle: p.model_dump(exclude={"cle"}) for p in demande.beneficiaires.personnes},
        "actuel": organisme.actuel if organisme else None,
        "gestionnaire": (organisme.mode or "", organisme.code or "") if organisme else ("", ""),
        "meme": par_personne.meme if par_personne else True,
        "choix": dict(par_personne.choix) if par_personne else {},
        "consentement": bool(demande.consentement),
        "ressources": None if demande.autres_ressources is None else set(demande.autres_ressources),
        "totaux": {
            (kind, cle): total for kind, by in demande.montants.totaux.items() for cle, total in by.items()
        },
        "libelle": demande.montants.libelle_autres,
        "stage": dict(demande.complements.stage),
        "arret": dict(demande.complements.arret),
        "logement": demande.complements.logement,
        "bien": demande.pieces.bien,
        "etranger": demande.pieces.etranger,
        "figure": set(demande.pieces.figure),
        "absentes": set(demande.pieces.absentes),
    }
