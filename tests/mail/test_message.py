"""An e-mail, as a mailbox shows it: in plain text or in HTML, both readable by everybody, and where it leads."""

import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP

import html5lib
import pytest
from email_validator import validate_email
from selectolax.lexbor import LexborHTMLParser
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app.mail.courriel import wire_courriel
from app.mail.message import SUBJECT, compose
from app.settings import Settings, WrongSetting, load_settings
from tests.mail.conftest import FROM
from tests.support.browser import plain

SERVICE = "https://compte.exemple.fr"


@pytest.fixture
def message(service: Starlette, settings: Settings, jeton: str) -> EmailMessage:
    """The e-mail of Nadia."""
    public = settings.model_copy(update={"public_url": SERVICE, "smtp_from": FROM})
    return compose(service.state.house.env, public, "abc", "nadia@exemple.fr", jeton, settings.clock())


def part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    assert body is not None
    text = body.get_content()
    assert isinstance(text, str)
    return text


@pytest.mark.parametrize(
    ("typed", "written"),
    [("a@straße.de", "a@xn--strae-oqa.de"), ("a@élan.fr", "a@xn--lan-9la.fr"), ("a@elan.fr", "a@elan.fr")],
)
def test_a_domain_with_accents_is_the_one_that_was_typed(typed: str, written: str) -> None:
    assert wire_courriel(typed) == written


def test_an_address_that_a_header_would_read_as_another_is_not_written_to() -> None:
    """« =?utf-8?q?a=0ABcc?= » raised in each turn of the sender, for ever."""
    with pytest.raises(ValueError, match="another address"):
        wire_courriel("=?utf-8?q?=2C_autre=40exemple=2Efr?=@exemple.fr")


def test_it_says_that_a_message_awaits_and_where(message: EmailMessage) -> None:
    assert message["Subject"] == SUBJECT == "Un message vous attend sur votre compte"
    text = part(message, "plain")
    assert text.startswith("Un message vous attend sur votre compte.")
    assert f"{SERVICE}/echanges\n" in text, "an address alone on its line is a link in every mailbox"


def test_both_parts_say_the_same(message: EmailMessage) -> None:
    tree = LexborHTMLParser(part(message, "html"))
    shown = plain(tree.css_first("main").text(separator=" "))
    for sentence in re.findall(r"[^\n]+", part(message, "plain")):
        if not sentence.startswith("http"):
            assert plain(sentence).rstrip(".") in shown
    links = {node.attributes["href"] for node in tree.css("a")}
    assert links == set(re.findall(r"^https://\S+", part(message, "plain"), re.MULTILINE))


def test_its_html_is_sound_and_leaves_colours_and_sizes_to_the_reader(message: EmailMessage) -> None:
    html = part(message, "html")
    parser = html5lib.HTMLParser()
    parser.parse(html)
    tree = LexborHTMLParser(html)
    assert parser.errors == []
    assert tree.css_first("html").attributes["lang"] == "fr"
    assert tree.css_first("title").text() == tree.css_first("h1").text() == SUBJECT
    assert not tree.css("style, [style], [bgcolor], [color], font, table, img, script")
    assert not re.search(r"\w'\w| [:;?!]", tree.css_first("main").text())


def test_the_letters_arrive_whole_through_an_old_server(message: EmailMessage) -> None:
    assert message.as_bytes().isascii()
    assert max(map(len, message.as_bytes().splitlines())) < 998


def test_mail_software_learns_how_to_stop_it_and_not_to_answer_it(message: EmailMessage) -> None:
    """RFC 8058, RFC 3834."""
    assert re.fullmatch(rf"<{SERVICE}/nouvelles/arret/[\w-]{{32}}>", message["List-Unsubscribe"])
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"] == "<abc@exemple.fr>"


def test_its_sender_has_a_name_that_every_mailbox_reads(message: EmailMessage) -> None:
    """RFC 5322 and 2047: one mailbox, whose name is its page's and whose address is the setting's."""
    (line,) = (line for line in message.as_bytes().splitlines() if line.lower().startswith(b"from:"))
    assert line.isascii()
    (read,) = message_from_bytes(message.as_bytes(), policy=SMTP)["From"].addresses
    assert (plain(read.display_name), read.addr_spec) == ("Mon espace d'échanges", FROM)
    assert not re.search("santé|solidaire|C2S|caisse|aide|droit", read.display_name), (
        "a mailbox may be shared"
    )


@pytest.mark.parametrize(
    "sender",
    [
        "a@exemple.fr\r\nBcc: b@exemple.fr",
        "Moi <a@exemple.fr>",
        "a@exemple.fr, b@exemple.fr",
        "=?utf-8?q?a=0ABcc?=@exemple.fr",
    ],
)
def test_an_address_that_would_say_more_than_a_sender_stops_the_start(sender: str) -> None:
    with pytest.raises(WrongSetting, match="C2S_SMTP_FROM"):
        load_settings(demo=True, smtp_url="smtps://courrier.exemple.fr", smtp_from=sender)


def test_the_address_of_its_link_stops_it(service: Starlette, message: EmailMessage) -> None:
    url = message["List-Unsubscribe"].strip("<>").removeprefix(SERVICE)
    assert "Ne plus recevoir" in TestClient(service).get(url).text
    TestClient(service).post(url, data={"List-Unsubscribe": "One-Click"})
    assert "Ce lien ne sert plus" in TestClient(service).get(url).text


def test_a_domain_with_accents_is_written_as_servers_read_it() -> None:
    accented = "a@caisse-élysée.fr"
    assert wire_courriel(accented) == validate_email(accented, check_deliverability=False).ascii_email
    assert wire_courriel("nadia@exemple.fr") == "nadia@exemple.fr"
