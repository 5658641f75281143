"""What a person types to be reached: an e-mail address, a telephone number, a postal address."""

import re

import phonenumbers

from app.domain.assure import Adresse
from app.domain.saisie import chiffres_seuls
from app.forms.form import Question, Sent
from app.mail.courriel import kept_courriel
from app.store.communes import villes_au_code
from app.store.text import searched_words, town_key

COORDONNEES = {
    "courriel": Question(
        "Adresse e-mail",
        "Exemple : prenom.nom@exemple.fr",
        required=False,
        inputmode="email",
        autocomplete="email",
    ),
    "telephone": Question(
        "Téléphone",
        "10 chiffres, mobile ou fixe. Pour un numéro étranger, commencez par + et le code du pays. "
        "Exemple : 06 39 98 00 00",
        required=False,
        size="c13",
        inputmode="tel",
        autocomplete="tel",
    ),
}
CONFIRMED = "adresse_confirmee"
ADRESSE = {
    "voie": Question("Numéro et rue", "Exemple : 12 rue des Lilas", autocomplete="address-line1"),
    "complement": Question(
        "Complément d'adresse",
        "Bâtiment, étage, ou « chez » suivi d'un nom. Exemple : Bâtiment B, 2e étage",
        optional=True,
        autocomplete="address-line2",
    ),
    "code_postal": Question(
        "Code postal",
        "5 chiffres. Exemple : 01000",
        size="c7",
        inputmode="numeric",
        autocomplete="postal-code",
    ),
    "commune": Question("Ville", "Exemple : Bourg-en-Bresse", autocomplete="address-level2"),
    CONFIRMED: Question("C'est bien mon adresse", kind="box", required=False),
}
_LIKE = "par exemple 06 39 98 00 00."
_FIRST_DIGITS = tuple(f"0{n}" for n in (1, 2, 3, 4, 5, 6, 7, 9))  # 08 is a service, never a person
_SEPARATORS = re.compile(r"[\s.\-/()\u2010-\u2015]+")


def is_reachable(number: str) -> bool:
    """The number can be dialled from France, « 36 46 » too."""
    try:
        parsed = phonenumbers.parse(number, "FR")
    except phonenumbers.NumberParseException:
        return False
    # not « valid »: numbers kept for fiction are welcome
    return phonenumbers.is_possible_number(parsed) or phonenumbers.is_possible_short_number_for_region(
        parsed, "FR"
    )


def read_coordonnees(sent: Sent) -> tuple[str, str]:
    """The e-mail address and the telephone number: one of them is enough, and the other may be empty."""
    courriel, telephone = sent.text("courriel"), sent.text("telephone")
    if not (courriel or telephone):
        sent.refuse(
            "courriel",
            "Saisissez une adresse e-mail, par exemple prenom.nom@exemple.fr. "
            f"Ou un numéro de téléphone, {_LIKE} Un des deux suffit.",
        )
    return read_courriel(sent) if courriel else "", read_telephone(sent) if telephone else ""


def read_courriel(sent: Sent) -> str:
    """The e-mail address, as it is written to."""
    typed = sent.text("courriel")
    if not typed:
        sent.refuse("courriel", "Saisissez votre adresse e-mail, par exemple prenom.nom@exemple.fr.")
        return ""
    courriel = kept_courriel(typed)
    if not courriel:
        sent.refuse(
            "courriel",
            "Complétez votre adresse e-mail : un nom, le signe @, puis un site. Par exemple prenom.nom@exemple.fr.",
        )
    return courriel


def read_telephone(sent: Sent) -> str:
    """The telephone number, spaced as it is read aloud in its country."""
    number = _SEPARATORS.sub("", sent.text("telephone"))
    if number.startswith("00"):
        number = "+" + number[2:]
    if not re.fullmatch(r"\+?[0-9]+", number):
        sent.refuse("telephone", f"Saisissez votre numéro de téléphone avec des chiffres, {_LIKE}")
        return ""
    return (
        _foreign(sent, number)
        if number.startswith("+") and not number.startswith("+33")
        else _french(sent, number)
    )


def read_adresse(sent: Sent, known: Adresse | None = None) -> Adresse:
    """The postal address; a town and a code that do not go together are asked about once, unless they are the known ones."""
    voie, code_postal, commune = sent.text("voie"), _code_postal(sent), sent.text("commune")
    if not voie:
        sent.refuse("voie", "Saisissez le numéro et la rue de votre adresse.")
    if not code_postal:
        sent.refuse("code_postal", "Saisissez votre code postal : 5 chiffres, par exemple 01000.")
    elif not chiffres_seuls(code_postal):
        sent.refuse(
            "code_postal", "Saisissez votre code postal avec des chiffres : 5 chiffres, par exemple 01000."
        )
    elif len(code_postal) != 5:
        sent.refuse(
            "code_postal",
            f"Le code postal compte 5 chiffres. Vous en avez saisi {len(code_postal)}. Vérifiez-le, par exemple 01000.",
        )
    if not commune:
        sent.refuse("commune", "Saisissez le nom de votre ville.")
    elif "code_postal" not in sent.errors and not (
        sent.box(CONFIRMED)
        or _agree(code_postal, commune)
        or (known and (known.code_postal, known.commune) == (code_postal, commune))
    ):
        # It may be a postal town that is no commune: Sainte-Clotilde, La Plaine Saint-Denis.
        sent.refuse(
            CONFIRMED,
            "La ville et le code postal ne vont pas ensemble dans la liste de ce service. "
            "Si tout est juste, cochez « C'est bien mon adresse ».",
        )
    return Adresse(voie=voie, complement=sent.text("complement"), code_postal=code_postal, commune=commune)


def suggested_towns(sent: Sent) -> list[str]:
    """The towns of the code typed, when the one typed is not among them."""
    if CONFIRMED not in sent.errors:
        return []
    return [ville.nom for ville in villes_au_code(_code_postal(sent))]


def _code_postal(sent: Sent) -> str:
    return _SEPARATORS.sub("", sent.text("code_postal"))


def _agree(code_postal: str, commune: str) -> bool:
    """A code that is not in our list (CEDEX, army, Monaco…) goes with any town."""
    known = villes_au_code(code_postal)
    return not known or any(_same_town(commune, ville.nom) for ville in known)


def _same_town(typed: str, name: str) -> bool:
    return town_key(typed) == town_key(name) or set(searched_words(typed)) == set(searched_words(name))


def _french(sent: Sent, number: str) -> str:
    if number.startswith("+33"):
        number = "0" + number[3:].removeprefix("0")
    if len(number) != 10:
        sent.refuse(
            "telephone",
            f"Le numéro de téléphone compte 10 chiffres. Vous en avez saisi {len(number)}. "
            f"Vérifiez-le, {_LIKE}",
        )
    elif not number.startswith(_FIRST_DIGITS):
        sent.refuse(
            "telephone",
            f"Un numéro de téléphone français commence par 01 à 07, ou 09, {_LIKE} "
            "Pour un numéro étranger, commencez par + et le code du pays.",
        )
    return " ".join(number[at : at + 2] for at in range(0, 10, 2))


def _foreign(sent: Sent, number: str) -> str:
    if is_reachable(number):
        parsed = phonenumbers.parse(number)
        return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    sent.refuse(
        "telephone",
        "Vérifiez votre numéro étranger : le signe +, le code du pays, puis tous les chiffres du numéro. "
        "Par exemple +44 7700 900123.",
    )
    return ""
