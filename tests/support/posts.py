"""What a browser sent, and how its fields read: the two are kept apart from the app, to contradict it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit

from starlette.testclient import TestClient

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
        """What was typed; signs that nobody sees are no answer."""
        typed = (self.fields.get(name) or [""])[0]
        return "".join(sign for sign in typed if sign.isprintable() or sign.isspace()).strip()

    def named(self, prefix: str) -> Iterator[tuple[str, str]]:
        """(end of the name, value) of the fields whose name starts so."""
        return (
            (name.removeprefix(prefix), self.text(name)) for name in self.fields if name.startswith(prefix)
        )


class Recorder(TestClient):
    """A client that remembers each form it sent since one last looked, and that no page read writes the draft."""

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
    """« 1 200,50 »."""
    return Decimal("".join(text.split()).replace(",", "."))
