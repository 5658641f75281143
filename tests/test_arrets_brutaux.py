"""
Killed at random moments: nothing that was acknowledged is lost, doubled, or different.

`make bench` does it two hundred times. `GRAINE=7` takes the moments of this seed again.
"""

import os
from pathlib import Path
from random import Random

import pytest

from tests.bench.kills import CORRECTIONS, UPLOADS, killed
from tests.support.data import copy_data, opens_the_file_of_sqlite

pytestmark = opens_the_file_of_sqlite

KILLS = 3


def test_a_service_killed_at_random_keeps_what_it_acknowledged(
    filled_folder: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    drawn = Random(request.config.getoption("randomly_seed")).getrandbits(32)
    seed = int(os.environ.get("GRAINE", "").split(" ")[0] or drawn)
    print(f"GRAINE={seed} takes these moments again")
    crowd, _ = killed(copy_data(filled_folder, tmp_path / "donnees"), KILLS, seed)
    assert {len(person.files) for person in crowd.people} == {UPLOADS + CORRECTIONS}
