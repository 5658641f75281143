"""Reaching and avoiding: skip link, tab order, status nodes, the same places on every page."""

from collections.abc import Iterator

from e2e.audit.content import FOCUSABLE
from e2e.audit.seen import Finding, Rule, Seen, attribute, inside, tag, words

MENU = ["Mes démarches", "Mon espace d’échanges", "Mes informations"]
FOOT = ["Accessibilité : non conforme", "Données personnelles", "Mentions légales", "Plan du site", "Aide"]


def skip_link(seen: Seen) -> Iterator[Finding]:
    first = seen.tree.css_first(FOCUSABLE)
    main = seen.main
    if first is None or attribute(first, "href") != f"#{attribute(main, 'id')}":
        yield Finding("12.7", "le premier élément atteint ne mène pas au contenu")
    if attribute(main, "tabindex") != "-1":
        yield Finding("12.7", "le contenu ne reçoit pas le focus")


def tab_order(seen: Seen) -> Iterator[Finding]:
    for node in seen.css("[tabindex]"):
        if attribute(node, "tabindex") not in ("-1", "0"):
            yield Finding("12.8", f"ordre de tabulation forcé : {tag(node)}")


def statuses(seen: Seen) -> Iterator[Finding]:
    """Only a node that was there, empty, before the message may announce it."""
    for role in ("status", "alert"):
        nodes = seen.css(f"[role={role}]")
        if len(nodes) != 1 or words(nodes[0]) or inside(nodes[0], "main") is not None:
            yield Finding("7.5", f"zone role={role} : une seule est attendue, vide, hors du contenu")
    for node in seen.css("[aria-live]"):
        yield Finding("7.5", f"une autre zone parle : {tag(node)}")


def same_place(seen: Seen) -> Iterator[Finding]:
    menu = [words(link).split(" (")[0] for link in seen.css("header nav a")]
    if menu not in ([], MENU):
        yield Finding("12.2", f"menu : {menu}")
    foot = [words(link) for link in seen.css("footer ul a")]
    if foot != FOOT:
        yield Finding("12.2", f"pied de page : {foot}")
    if not seen.css("footer a[href='/plan']"):
        yield Finding("12.4", "aucun lien vers le plan du site")
    help_first = seen.tree.css_first("footer p")
    if help_first is None or "36 46" not in words(help_first):
        yield Finding("WCAG 3.2.6", "l’aide n’est pas en tête du pied de page")


RULES: list[Rule] = [skip_link, tab_order, statuses, same_place]
