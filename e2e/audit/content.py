"""Images, tables, links, language, structure: what the tree of a page says by itself."""

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from e2e.audit.seen import Finding, Rule, Seen, attribute, child, inside, prose, tag, words

SERVICE = "Complémentaire santé solidaire"
VAGUE = re.compile(
    r"^(ici|cliquez ici|cliquer ici|lien|en savoir plus|lire la suite|plus|voir|suite)$", re.IGNORECASE
)
FOREIGN = re.compile(
    r"\b(upload|download|feedback|newsletter|login|password|submit|checkbox|click|drag|drop|smartphone app|"
    r"please|error|loading|file|browse|cookies? policy)\b",
    re.IGNORECASE,
)
PLACE_OR_COLOUR = re.compile(
    r"ci-contre|(à|sur la) (droite|gauche)|"
    r"(bouton|lien|case|champ|texte|en) (vert|rouge|bleu|violet)e?s?\b",
    re.IGNORECASE,
)
SPACED_LETTERS = re.compile(r"(?<!\S)(?:[A-Za-zÀ-ÿ] ){4,}[A-Za-zÀ-ÿ](?!\S)")
CRYPTIC = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f]|[:;]-[)(DP]|<3")
REFERENCE = r"C2S-\d{4}-\d{6}"
FOCUSABLE = "a[href], button, input:not([type=hidden]), select, textarea, summary"


def images(seen: Seen) -> Iterator[Finding]:
    for svg in seen.css("svg"):
        if attribute(svg, "aria-hidden") != "true" or svg.css_first("title, desc, text"):
            yield Finding("1.2", f"icône que les aides techniques n’ignorent pas : {tag(svg)}")
        owner = inside(svg, "a", "button", "summary", "p", "li", "h3", "div", "label")
        if words(owner) == words(svg):
            yield Finding("1.1", f"icône sans mot à côté : {tag(svg)}")


def tables(seen: Seen) -> Iterator[Finding]:
    for table in seen.css("table"):
        first = child(table)
        if first is None or first.tag != "caption" or not words(first):
            yield Finding("5.4", f"tableau sans légende en tête : {tag(table)}")
        for head in table.css("th"):
            if attribute(head, "scope") not in ("col", "row") or not words(head):
                yield Finding("5.6", f"en-tête sans portée ou sans texte : {tag(head)}")
        for row in table.css("tbody tr"):
            if row.css_first("td") and not row.css_first("th[scope=row]"):
                yield Finding("5.7", f"ligne sans en-tête : {words(row)[:80]}")


def links(seen: Seen) -> Iterator[Finding]:
    addresses: dict[str, set[str]] = defaultdict(set)
    for link in seen.css("a[href]"):
        name = words(link)
        if VAGUE.match(name):
            yield Finding("6.1", f"lien « {name} » : son but n’est pas dit")
        if attribute(link, "target"):
            yield Finding("13.2", f"lien qui ouvre une fenêtre : « {name} »")
        addresses[name].add(attribute(link, "href"))
    for name, places in addresses.items():
        if len(places) > 1:
            yield Finding("6.1", f"« {name} » mène à des pages différentes : {sorted(places)}")


def language(seen: Seen) -> Iterator[Finding]:
    html = seen.css("html")[0]
    if not seen.html.lstrip().lower().startswith("<!doctype html>"):
        yield Finding("8.1", "type de document absent")
    if attribute(html, "lang") != "fr":
        yield Finding("8.4", f"langue de la page : « {attribute(html, 'lang')} »")
    for found in FOREIGN.finditer(prose(seen.main)):
        yield Finding("8.7", f"mot étranger : « {found.group()} »")


def title(seen: Seen) -> Iterator[Finding]:
    """The h1, and what tells apart pages that share it, if the title has it: what the h2 says, or which demande."""
    said, h1 = words(seen.tree.css_first("title")), words(seen.tree.css_first("h1"))
    h2 = words(seen.tree.css_first("main h2:not(#erreurs_titre)")).partition(" : ")[0].lower()
    tells = rf"{re.escape(h2)}|{REFERENCE}" if h2 else REFERENCE
    added = re.search(rf"{re.escape(h1)}( : (?:{tells})[^–]*) – ", said)
    step = re.search(r"Étape \d sur 7", words(seen.tree.css_first("nav.etapes")))
    parts = [h1 + (added.group(1) if added else ""), *([step.group()] if step else []), SERVICE]
    expected = ("Erreur : " if seen.statut >= 400 else "") + " – ".join(parts)
    if said != expected:
        yield Finding("8.6", f"titre « {said} », attendu « {expected} »")


def structure(seen: Seen) -> Iterator[Finding]:
    levels = [int(node.tag[1]) for node in seen.css("h1, h2, h3, h4, h5, h6")]
    if levels.count(1) != 1:
        yield Finding("9.1", f"{levels.count(1)} titres de niveau 1")
    elif any(after > before + 1 for before, after in pairwise(levels[levels.index(1) :])):
        yield Finding("9.1", f"niveau de titre sauté : {levels}")
    for name in ("header.tete", "main", "footer"):
        if len(seen.css(name)) != 1:
            yield Finding("9.2", f"{len(seen.css(name))} {name}")
    names = [attribute(nav, "aria-label") for nav in seen.css("nav")]
    if not all(names) or len(set(names)) < len(names):
        yield Finding("9.2", f"navigations sans nom propre : {names}")
    for node in seen.css("p, li, h1, h2, h3, dt, dd, legend, label"):
        if not words(node) and not attribute(node, "role"):
            yield Finding("8.9", f"élément vide : {tag(node)}")
    for _ in seen.css("br + br"):
        if re.search(r"<br>\s*<br>", seen.html):
            yield Finding("8.9", "deux sauts de ligne à la suite")
            break


def presentation(seen: Seen) -> Iterator[Finding]:
    for node in seen.css("[style], style, font, center, [align], [bgcolor]"):
        yield Finding("10.1", f"présentation dans la page : {tag(node)}")
    text = prose(seen.tree.body)
    for found in SPACED_LETTERS.finditer(text):
        yield Finding("10.1", f"lettres espacées : « {found.group()} »")
    for found in PLACE_OR_COLOUR.finditer(text):
        yield Finding("10.9", f"information par la place ou la couleur : « {found.group()} »")
    for found in CRYPTIC.finditer(text):
        yield Finding("13.5", f"contenu cryptique : « {found.group()} »")


def hidden(seen: Seen) -> Iterator[Finding]:
    for node in seen.css("[aria-hidden=true], [hidden]"):
        if node.css_first(FOCUSABLE):
            yield Finding("10.8", f"caché, mais on peut l’atteindre : {tag(node)}")
    for node in seen.css("details:not([open])"):
        if node.css_first("[aria-required=true], [aria-invalid], .msg"):
            yield Finding("10.8", f"une aide repliée cache ce qu’il faut pour répondre : {words(node)[:60]}")


def refresh(seen: Seen) -> Iterator[Finding]:
    for node in seen.css("meta[http-equiv=refresh]"):
        yield Finding("13.1", f"la page s’actualise seule : {tag(node)}")


RULES: list[Rule] = [images, tables, links, language, title, structure, presentation, hidden, refresh]
