"""What `c2s doctor` says of the files: those that the database knows, beside those that are there."""

from collections import Counter
from collections.abc import Sequence

from sqlmodel import Session

from app.commands._console import progress
from app.commands._diagnosis import Finding
from app.files.sealing import KeyMissing, KeyRing
from app.files.shelf import HalfShelf, OtherShelf, Shelf
from app.settings import Settings
from app.store.belonging import check, may_join, open_shelf
from app.store.inventory import Harm, Known, harm_of, known_files

RESTORE = (
    "Reprenez ces fichiers dans leur dernière sauvegarde. "
    "Ceux qu'elle n'a pas sont à redemander : c2s demandes ask"
)


def compare(db: Session, settings: Settings, *, thorough: bool) -> Finding:
    """Each file is there, of its size; `thorough`: and its bytes are those that came. Writes nothing."""
    known = known_files(db)
    if not settings.files_url and not settings.files.is_dir():
        if not known:
            return Finding("fichiers", "aucun encore.")
        return Finding("fichiers", f"{settings.files} n'existe pas, attendus {len(known)}.", RESTORE)
    shelf = open_shelf(settings)
    try:
        check(db, shelf)
    except HalfShelf as half:
        return Finding("fichiers", "leur copie n'est pas terminée.", str(half))
    except OtherShelf as other:
        if not may_join(db, shelf):
            return Finding("fichiers", f"la base et leur {shelf.what} ne vont pas ensemble.", str(other))
    if shelf.keeps_versions:
        kept = "le stockage garde d'anciennes versions : ce qui est effacé y reste."
        return Finding("fichiers", kept, "Coupez le versionnage de ce stockage, puis effacez-les.")
    if shelf.overwrites:
        kept = "le stockage écrit sur un nom déjà pris : un fichier peut en effacer un autre."
        return Finding("fichiers", kept, "Choisissez un stockage qui respecte If-None-Match.")
    there = set(shelf.names())  # before the walk: what comes during it is not unknown
    unknown = len(there - {file.name for file in known})
    harmed, read = _walk(db, shelf, known, settings.data_ring if thorough else None)
    harms = Counter(harmed.values())
    found = (
        f"attendus {len(known)}, absents {harms[Harm.ABSENT]}, altérés {harms[Harm.ALTERED]}"
        + (f", relus en entier {read}" if thorough else "")
        + f" ; inconnus de la base {unknown}, mis de côté {len(shelf.aside())}."
    )
    return Finding("fichiers", found, _remedy(list(harmed)) if harmed else "")


def _walk(
    db: Session, shelf: Shelf, known: Sequence[Known], ring: KeyRing | None
) -> tuple[dict[Known, Harm], int]:
    """What has happened to which files; how many were read in full."""
    harmed, read = {}, 0
    for file in progress(known, "Fichiers"):
        try:
            harm = harm_of(db, shelf, file, ring)
        except KeyMissing:  # another line says so
            continue
        if harm is not None:
            harmed[file] = harm
        elif file.reference:  # the others wait for their deposit: their key is in a draft
            read += 1
    return harmed, read


def _remedy(harmed: Sequence[Known]) -> str:
    touched = dict.fromkeys(file.reference for file in harmed if file.reference)
    waiting = sum(not file.reference for file in harmed)
    said = []
    if touched:
        said.append(f"Demandes touchées : {', '.join(touched)}. {RESTORE}")
    if waiting:
        said.append(
            f"Pas encore déposés : {waiting}. À la validation, la personne est ramenée au document qui manque."
        )
    return " ".join(said)
