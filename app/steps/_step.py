"""What a step of the démarche is, and what it may use while a user is on its page."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, ClassVar, Self

from sqlmodel import Session

from app.domain.demande import Demande
from app.domain.dossier import Dossier
from app.domain.pieces import Fichier
from app.files.inspection import RefusedFile
from app.files.shelf import Shelf
from app.forms.asked import Questionnaire
from app.forms.form import Form, Question, Sent, Value
from app.steps._said import Said
from app.store.pieces import Full
from app.store.tables import Caisse


@dataclass(frozen=True)
class Reception:
    """
    What became of the files of a submission, once received.

    `fates`: rank in the submission → the file now kept, or why it is not. `before`: ids of the files already there.
    """

    fates: Mapping[int, Fichier | Full | RefusedFile] = field(default_factory=dict)
    before: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Visit:
    """A signed-in person who is on a page of the démarche, with a draft."""

    open_db: Callable[[], Session]
    shelf: Shelf
    compte_id: int
    session_id: str  # of the session, as the database knows it
    caisse: Caisse
    dossier: Dossier
    file_key: bytes  # opens the files of this draft; kept nowhere but in the draft cookie
    now: datetime
    query: Mapping[str, str]
    reception: Reception = field(default_factory=Reception)

    @property
    def db(self) -> Session:
        """What reads and writes rows, opened at the first use: most pages need none."""
        return self.open_db()

    def after(self, demande: Demande) -> Self:
        """The same visit, once this has been answered."""
        return replace(self, dossier=self.dossier.avec(demande))


@dataclass(frozen=True)
class Done:
    """
    What an action leads to: the answers as they are now, and where to go.

    `fait` names the sentence the next page says, about the person or file `qui` (opaque key).
    `url` leaves the page; without it the user stays. `aloud`: a screen reader says the sentence when only a part of
    the page changes; otherwise the focus goes to words that tell. `answers`: False if nothing was answered, and the
    draft may stay as it is.
    """

    demande: Demande
    fait: Said | None = None
    qui: str = ""
    url: str = ""
    anchor: str = ""
    aloud: bool = False
    answers: bool = True


RECAP = "recapitulatif"  # the page that corrects lead back to it: `?retour=recapitulatif`
Action = Callable[[Visit, Sent, str], Done | None]
Sentence = Callable[[Visit, str], str]  # about a person or a file (key); empty if it is not there


class Step:
    """
    One page: its words, what it shows, how what is sent becomes an answer.

    `sentences`: what each of its words (`Said`) says at the top; `alerts`: those its template says in an alert;
    `losses`: those of the sentences that tell of something lost, not of something done.
    `names_it`: the fields of the query that belong to its address, and stay there when its form is sent.
    `slug` is its address after `/demande/`, and with underscores its module, template and field of `Demande`
    (`validation` has no answer to keep there).
    """

    slug: ClassVar[str]
    title: ClassVar[str]
    forward: ClassVar[str] = "Suivant"
    names_it: ClassVar[tuple[str, ...]] = ()
    sentences: ClassVar[Mapping[str, Sentence]] = {}
    alerts: ClassVar[Mapping[str, str]] = {}
    losses: ClassVar[tuple[str, ...]] = ()

    @property
    def name(self) -> str:
        """The name of its module, template and field."""
        return self.slug.replace("-", "_")

    @property
    def url(self) -> str:
        """Where the page is."""
        return f"/demande/{self.slug}"

    @property
    def template(self) -> str:
        """Its layout."""
        return f"steps/{self.name}.html"

    def heading(self, visit: Visit) -> str:
        """The h1 of the page."""
        return self.title

    def questions(self, visit: Visit) -> Mapping[str, Question]:
        """The questions asked of this person, in the order of the page."""
        return {}

    def values(self, visit: Visit) -> Mapping[str, Value]:
        """The answers given so far, as the page shows them."""
        return {}

    def drawn_with(self, sent: Sent) -> Mapping[str, str]:
        """What of the query the form says it was drawn with, when its address does not: a live search."""
        return {}

    def receive(self, visit: Visit, sent: Sent) -> Visit:
        """Keep the files that arrived, whichever button was pressed; return the visit with them."""
        return visit

    def read(self, visit: Visit, sent: Sent) -> Demande:
        """The answers with this page's in them; refusals are left in `sent.errors`. It writes nothing anywhere."""
        raise NotImplementedError

    def answered(self, dossier: Dossier) -> bool:
        """The answer is there, and still holds for this household and this day."""
        raise NotImplementedError

    def actions(self) -> Mapping[str, Action]:
        """Buttons that do something and stay: name of the button → what it does (None: refused)."""
        return {}

    def done(self, visit: Visit, demande: Demande, onward: str) -> Done:
        """Where accepted answers lead: the next page (`onward`), or back to the récapitulatif."""
        return Done(demande, url=onward)

    def context(self, visit: Visit) -> Mapping[str, object]:
        """What its template needs besides the form."""
        return {}

    def refusal(self, form: Form) -> str:
        """The title of its error summary, when it is not how many answers are missing or wrong."""
        return ""

    def form(self, visit: Visit) -> Form:
        """The page before anything is typed."""
        return Form(self.questions(visit), self.values(visit))

    def revealed(self, visit: Visit, sent: Sent) -> str:
        """The sentence said aloud once a part of the page has been shown or hidden."""
        return ""

    def said(self, visit: Visit, fait: str, qui: str) -> str:
        """The sentence about what has just been done; empty if there is nothing to say, or the word is unknown."""
        sentence = self.sentences.get(fait)
        return sentence(visit, qui) if sentence else ""


class AskedStep(Step):
    """A page whose questions are declared in a table, one for each field of the class of its answers."""

    asked: ClassVar[Questionnaire[Any]]

    def answers(self, dossier: Dossier) -> Any:
        """What has been answered on this page; None before it is."""
        return getattr(dossier.demande, self.name)

    def questions(self, visit: Visit) -> Mapping[str, Question]:
        return self.asked.questions(visit.dossier)

    def values(self, visit: Visit) -> Mapping[str, Value]:
        return self.asked.values(self.answers(visit.dossier))

    def read(self, visit: Visit, sent: Sent) -> Demande:
        dossier, before = visit.dossier, self.answers(visit.dossier)
        read = self.asked.read(dossier, sent, before)
        if sent.errors:
            return dossier.demande
        after = before.model_copy(update=read) if before else self.asked.answers(**read)
        return dossier.demande.model_copy(update={self.name: after})

    def revealed(self, visit: Visit, sent: Sent) -> str:
        return self.asked.revealed(sent)

    def answered(self, dossier: Dossier) -> bool:
        return self.asked.answered(dossier, self.answers(dossier))
