"""Fields: their labels, their groups, what is required, what refuses."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from selectolax.lexbor import LexborNode

from e2e.audit.seen import Finding, Rule, Seen, attribute, child, inside, tag, words

FIELDS = "input:not([type=hidden]), select, textarea"
TYPED = "input[type=text], input[type=password], input[type=search], select, textarea"
LONGEST_LIST = 120
REQUIRED = re.compile("(sont|est) obligatoires?")
FORMS_THAT_SAY_IT_THEMSELVES = (
    "/completer",
    "/informations/coordonnees",
    "/informations/nouvelles",
    "/demande/terminee",
)
NAMED_AFTER_A_PERSON = "total_"  # an amount: its group says of what, its label of whom
LABELS_OF_THE_SOURCE = {  # two labels that the source prints, one on the sign-in page, one for the household
    "nir": {"Numéro de sécurité sociale (13 chiffres)", "N° de sécurité sociale (13 chiffres)"},
}
TOKENS = {  # what is asked about the user in person (RGAA 11.13); the rest is "off"
    "nir": {"username", "off"},  # to sign in; elsewhere another person's
    "motdepasse": {"current-password"},
    "courriel": {"email"},
    "telephone": {"tel"},
    "voie": {"address-line1"},
    "complement": {"address-line2"},
    "code_postal": {"postal-code"},
    "commune": {"address-level2"},
}


def labels(seen: Seen) -> Iterator[Finding]:
    for field in seen.css(FIELDS):
        label = label_of(seen, field)
        if label is None or not words(label) or "vh" in attribute(label, "class").split():
            yield Finding("11.1", f"champ sans étiquette visible : {tag(field)}")


def groups(seen: Seen) -> Iterator[Finding]:
    boxes = Counter(attribute(box, "name") for box in seen.css("input[type=checkbox]"))
    for field in seen.css("input"):
        kind, name = attribute(field, "type"), attribute(field, "name")
        several = kind == "radio" or boxes[name] > 1 or name.endswith(("_jour", "_mois", "_annee"))
        if several and inside(field, "fieldset") is None:
            yield Finding("11.5", f"champ hors d’un groupe : {tag(field)}")
    for fieldset in seen.css("fieldset"):
        legend = child(fieldset)
        if legend is None or legend.tag != "legend" or not words(legend):
            yield Finding("11.6", f"groupe sans légende : {tag(fieldset)}")
    for group in seen.css("[role=group], [role=radiogroup], [role=search]"):
        if not attribute(group, "aria-labelledby") and not attribute(group, "aria-label"):
            yield Finding("11.6", f"groupe sans nom : {tag(group)}")
    for select in seen.css("select"):
        if len(select.css("option")) > LONGEST_LIST and not select.css("optgroup"):
            yield Finding("11.8", f"longue liste sans groupe : {tag(select)}")


def buttons(seen: Seen) -> Iterator[Finding]:
    """No two buttons of a page have the same name, unless they are the same one (« Se déconnecter » of the menu)."""
    named = Counter(words(button) for button in seen.css("button"))
    for name, times in named.items():
        if not name or times > 1:
            yield Finding("11.9", f"{times} boutons « {name} »")


def required(seen: Seen) -> Iterator[Finding]:
    """One sentence above if something is required, « (facultatif) » on what is not required, aria-required on the rest."""
    own_sentence = any(end in seen.html for end in _actions(FORMS_THAT_SAY_IT_THEMSELVES))
    for field in seen.css(f"main form :is({TYPED})"):
        label = words(label_of(seen, field))
        optional = any(said in label for said in ("(facultatif)", "seulement si", "Laissez vide tant que"))
        if optional == (attribute(field, "aria-required") == "true") and not own_sentence:
            yield Finding("11.10", f"obligatoire ou facultatif, ce n’est pas dit : {tag(field)}")
    asked = f":is({TYPED}, [aria-required=true], .champ input[type=radio])"
    for field in seen.css(
        f'main form:not([action^="/avis"]) {asked}'
    ):  # a note in passing, which nothing requires
        said = own_sentence or REQUIRED.search(words(inside(field, "form")))
        if not said and "(facultatif)" not in words(label_of(seen, field)):
            yield Finding("11.10", f"aucune phrase ne dit ce qui est obligatoire : {tag(field)}")


def refused(seen: Seen) -> Iterator[Finding]:
    for field in seen.css("[aria-invalid]"):
        group = inside(field, "fieldset")
        described = " ".join(
            attribute(node, "aria-describedby") for node in (field, group) if node is not None
        )
        messages = [seen.tree.css_first(f'[id="{identity}"]') for identity in described.split()]
        if not any(words(message).startswith("À corriger : ") for message in messages):
            yield Finding("11.10", f"aucun message n’est relié à {tag(field)}")


def purposes(seen: Seen) -> Iterator[Finding]:
    for field in seen.css("input[type=text], input[type=password], input[type=search], textarea"):
        name, token = attribute(field, "name"), attribute(field, "autocomplete")
        if token not in TOKENS.get(name, {"off"}):
            yield Finding("11.13", f"autocomplete « {token} » : {tag(field)}")


def label_of(seen: Seen, field: LexborNode) -> LexborNode | None:
    return seen.tree.css_first(f'label[for="{attribute(field, "id")}"]')


def dictionary(pages: Iterable[Seen]) -> Iterator[Finding]:
    """The same field has the same label on every page (RGAA 11.3)."""
    known: dict[str, set[str]] = defaultdict(set)
    for seen in pages:
        for field in seen.css(TYPED):
            label, name = label_of(seen, field), attribute(field, "name")
            if label is not None and not name.startswith(NAMED_AFTER_A_PERSON):
                known[name].add(re.sub(r"\s+", " ", label.text(deep=False)).strip())
    for name, said in known.items():
        if len(said) > 1 and said != LABELS_OF_THE_SOURCE.get(name):
            yield Finding("11.3", f"{name} : {sorted(said)}")


def _actions(ends: Iterable[str]) -> list[str]:
    return [f'{end}#erreurs"' for end in ends]


RULES: list[Rule] = [labels, groups, buttons, required, refused, purposes]
