"""Each test begins on the same data, whatever the one before did to them."""

from pathlib import Path

from starlette.applications import Starlette

from app.files.objects import ObjectShelf
from app.files.shelf import Shelf
from tests.support.data import ON_POSTGRESQL, copy_data
from tests.support.runner import file_demande
from tests.support.shelves import flipped, rewrite


def contents(shelf: Shelf) -> dict[str, bytes]:
    return {name: shelf.get(name) for name in shelf.names()}


def test_the_suite_is_played_where_it_says(service: Starlette) -> None:
    house = service.state.house
    assert house.engine.dialect.name == ("postgresql" if ON_POSTGRESQL else "sqlite")
    assert isinstance(house.shelf, ObjectShelf) is ON_POSTGRESQL


def test_files_that_were_lost_changed_added_or_moved_are_as_before(
    service: Starlette, data_folder: Path, tmp_path: Path
) -> None:
    for cle in ("nadia", "benoit"):
        file_demande(service, cle)
    shelf: Shelf = service.state.house.shelf
    before, signature = contents(shelf), shelf.signature
    service.state.house.engine.dispose()  # a base is not copied while it is open
    source = copy_data(data_folder, tmp_path / "source")
    lost, changed, moved = list(before)[:3]
    shelf.remove(lost)
    rewrite(shelf, changed, flipped)
    shelf.set_aside(moved)
    shelf.put("ajoute00", b"...")
    shelf.sign("0" * 32)
    copy_data(source, data_folder)
    assert (contents(shelf), shelf.signature, shelf.aside()) == (before, signature, {})
