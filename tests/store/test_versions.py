"""Services of two versions on one database, on both engines: what each may do while the older ones are replaced."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings, WrongSetting
from app.store import versions
from app.store.database import open_database
from app.store.versions import VERSION, Compatibility, StillRead, Versions, contract, migrate, versions_of
from tests.support.browser import Browser
from tests.support.walk import walk_to

pytestmark = pytest.mark.engines
NEXT, AFTER = "9001", "9002"
ADDS = "op.add_column('session', sa.Column('langue', sa.String(), nullable=False, server_default='fr'))"
TAKES_AWAY = f"op.drop_column('session', 'langue')\n\n\nlisible_depuis = '{AFTER}'"
Code = Callable[[str], AbstractContextManager[None]]


@pytest.mark.parametrize(
    ("version", "since", "compatibility"),
    [
        (None, None, Compatibility.OLDER),
        ("0001", None, Compatibility.OLDER),
        ("0009", None, Compatibility.OLDER),
        (VERSION, "0010", Compatibility.READABLE),
        (VERSION, VERSION, Compatibility.READABLE),
        (NEXT, VERSION, Compatibility.READABLE),
        (NEXT, NEXT, Compatibility.TOO_NEW),
        (AFTER, NEXT, Compatibility.TOO_NEW),
        (AFTER, "0010", Compatibility.READABLE),
        (AFTER, None, Compatibility.TOO_NEW),
    ],
)
def test_a_database_is_read_from_the_version_it_says_up_to_its_own(
    version: str | None, since: str | None, compatibility: Compatibility
) -> None:
    found = Versions(version, since)
    assert found.compatibility is compatibility
    assert bool(found.refusal) is (compatibility is not Compatibility.READABLE)


@pytest.fixture
def settings(make_service: Callable[[], Starlette]) -> Settings:
    """Those of a demonstration that the code of today has made."""
    house = make_service().state.house
    house.engine.dispose()
    found: Settings = house.settings
    return found


@pytest.fixture
def engine(settings: Settings) -> Iterator[sa.Engine]:
    engine = open_database(settings.database)
    yield engine
    engine.dispose()


@pytest.fixture
def code_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Code:
    """Be a version of the service to come, for a while."""
    folder = shutil.copytree(versions.MIGRATIONS, tmp_path / "migrations")
    before = VERSION
    for version, change in ((NEXT, ADDS), (AFTER, TAKES_AWAY)):
        (folder / "versions" / f"{version}.py").write_text(
            f"import sqlalchemy as sa\nfrom alembic import op\n\nrevision = '{version}'\n"
            f"down_revision = '{before}'\n\n\ndef upgrade() -> None:\n    {change}\n"
        )
        before = version

    @contextmanager
    def code(version: str) -> Iterator[None]:
        with monkeypatch.context() as patch:
            patch.setattr(versions, "MIGRATIONS", folder)
            patch.setattr(versions, "VERSION", version)
            yield

    return code


def file_a_demande(settings: Settings) -> None:
    app = create_app(settings)
    browser = Browser(TestClient(app))
    browser.start("nadia")
    walk_to(browser, "/demande/terminee")
    app.state.house.engine.dispose()


def test_the_code_from_before_goes_on_until_the_database_is_contracted(
    settings: Settings, engine: sa.Engine, code_of: Code
) -> None:
    with code_of(NEXT):
        migrate(engine)
        assert versions_of(engine) == Versions(NEXT, VERSION)
    migrate(engine)  # a service from before that starts leaves it as it is
    file_a_demande(settings)
    assert versions_of(engine) == Versions(NEXT, VERSION)
    with code_of(NEXT):
        contract(engine)
    with pytest.raises(WrongSetting, match=rf"version plus récente de ce service \({NEXT}\)"):
        create_app(settings)


def test_what_takes_away_waits_until_no_service_reads_it(engine: sa.Engine, code_of: Code) -> None:
    with code_of(NEXT):
        migrate(engine)
    with code_of(AFTER):
        with pytest.raises(StillRead, match=AFTER):
            migrate(engine)
        assert versions_of(engine) == Versions(NEXT, VERSION)
        contract(engine)
        assert versions_of(engine) == Versions(AFTER, AFTER)


def test_a_demonstration_of_the_version_to_come_starts_alone(settings: Settings, code_of: Code) -> None:
    """Nobody has a command to run for it."""
    with code_of(AFTER):
        create_app(settings).state.house.engine.dispose()
    with pytest.raises(WrongSetting, match="La démonstration ne démarre pas"):
        create_app(settings)
