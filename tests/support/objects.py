"""A store of objects of the tests: started on free ports when it is first asked for, gone with the process."""

import atexit
import json
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from app.files.shelf import SIGNATURE
from tests.support.ports import free_ports

KEYS = {"AWS_ACCESS_KEY_ID": "essai", "AWS_SECRET_ACCESS_KEY": "essai-des-fichiers"}
BUCKET, VERSIONED = "c2s", "c2s-versions"
WEED = Path(sys.executable).with_name("weed")
PORTS = (
    "master.port",
    "master.port.grpc",
    "volume.port",
    "volume.port.grpc",
    "filer.port",
    "filer.port.grpc",
)
S3_PORTS = ("s3.port", "s3.port.grpc")
SECONDS = 60
VOLUMES = 100  # a bucket takes seven of them at once; of the eight that a store has by itself, the next bucket may find none
TRIES = 3  # another program may take a free port first


class Store(NamedTuple):
    """A store that runs."""

    address: str
    master: str  # where it is administered
    start: Callable[[], "subprocess.Popen[bytes]"]
    stop: Callable[[], None]  # as if its machine had lost its power


@cache
def endpoint() -> str:
    """The address of a store that keeps what it is given until the end of the tests."""
    return _store().address


@contextmanager
def crashed() -> Iterator[None]:
    """The store is killed, and starts again after the block, with what it kept."""
    store = _store()
    store.stop()
    try:
        yield
    finally:
        wait(store.address, store.start())


@cache
def _store() -> Store:
    for _ in range(TRIES - 1):
        with suppress(AssertionError):
            return _started()
    return _started()


def _started() -> Store:
    """One try, with ports of its own. Raises AssertionError."""
    home = Path(tempfile.mkdtemp(prefix="c2s-objets-"))
    keys = [{"accessKey": KEYS["AWS_ACCESS_KEY_ID"], "secretKey": KEYS["AWS_SECRET_ACCESS_KEY"]}]
    who = {"name": "c2s", "credentials": keys, "actions": ["Admin", "Read", "Write", "List", "Tagging"]}
    (home / "s3.json").write_text(json.dumps({"identities": [who]}))
    ports = dict(zip((*PORTS, *S3_PORTS), free_ports(len(PORTS) + len(S3_PORTS)), strict=True))
    # A master alone elects itself at once; one that looks for others waits up to 20 s after a crash.
    words = ["-dir", home, "-ip=127.0.0.1", "-master.telemetry=false", "-master.peers=none"]
    words += ["-s3", "-s3.iam=false", f"-volume.max={VOLUMES}"]
    words += ["-s3.port.iceberg=0", "-s3.port.lance=0", f"-s3.config={home / 's3.json'}"]
    words += [f"-{name}={port}" for name, port in ports.items()]
    running: list[subprocess.Popen[bytes]] = []

    def start() -> "subprocess.Popen[bytes]":
        with (home / "journal.txt").open("a") as log:
            running.append(
                subprocess.Popen(
                    [WEED, f"-logdir={home}", "server", *map(str, words)], cwd=home, stdout=log, stderr=log
                )
            )
        return running[-1]

    def stop() -> None:
        running[-1].kill()
        running[-1].wait()

    def end() -> None:
        stop()
        shutil.rmtree(home, ignore_errors=True)

    address = f"http://127.0.0.1:{ports['s3.port']}"
    process = start()
    atexit.register(end)
    wait(address, process)
    return Store(address, f"127.0.0.1:{ports['master.port']}.{ports['master.port.grpc']}", start, stop)


def bucket() -> str:
    """The address of a part of the store that nothing is in yet."""
    return part(secrets.token_hex(8))


def part(name: str) -> str:
    """The address of this part of the store."""
    return f"s3://{BUCKET}/{name}?endpoint={endpoint()}"


def versioned() -> str:
    """The address of a bucket that keeps what is written over, as its store was told to."""
    said = f"s3.bucket.create -name {VERSIONED}\ns3.bucket.versioning -name {VERSIONED} -enable\n"
    shell = [str(WEED), "shell", f"-master={_store().master}"]
    subprocess.run(shell, input=said.encode(), check=True, capture_output=True, timeout=SECONDS)
    obstore.put(_client(endpoint(), bucket=VERSIONED), SIGNATURE, b"0\n")  # the first is slow to be kept
    return f"s3://{VERSIONED}/{secrets.token_hex(8)}?endpoint={endpoint()}"


def copy(source: str, target: str) -> None:
    """Make a part what another is: nothing is written where nothing differs, as after most tests."""
    store, wanted, there = _bucket(), _digests(source), _digests(target)
    extra = [f"{target}/{path}" for path in there.keys() - wanted.keys()]
    if extra:
        obstore.delete(store, extra)
    for path, digest in wanted.items():
        if there.get(path) != digest:
            obstore.copy(store, f"{source}/{path}", f"{target}/{path}")


def contents(name: str) -> Iterator[bytes]:
    """The name and the bytes of all that lies in a part."""
    for path in _digests(name):
        yield path.encode() + b"\0" + bytes(obstore.get(_bucket(), f"{name}/{path}").bytes())


def _digests(name: str) -> dict[str, str | None]:
    """The paths of a part, each with what changes with its bytes."""
    some = obstore.list(_bucket(), name).collect()
    return {found["path"].removeprefix(f"{name}/"): found["e_tag"] for found in some}


@cache
def _bucket() -> S3Store:
    return _client(endpoint())


def _client(address: str, timeout: str = "30s", bucket: str = BUCKET, **how: Any) -> S3Store:
    return S3Store(
        bucket,
        endpoint=address,
        access_key_id=KEYS["AWS_ACCESS_KEY_ID"],
        secret_access_key=KEYS["AWS_SECRET_ACCESS_KEY"],
        region="us-east-1",
        virtual_hosted_style_request=False,
        client_options={"allow_http": True, "timeout": timeout},
        **how,
    )


def wait(address: str, process: "subprocess.Popen[bytes]") -> None:
    """The first object is kept some seconds after the start."""
    end = time.monotonic() + SECONDS
    # A store that is not ready may take a question and never answer.
    store = _client(address, timeout="1s", retry_config={"max_retries": 0})
    while process.poll() is None and time.monotonic() < end:
        with suppress(
            BaseError, FileNotFoundError
        ):  # another program has the port, or the bucket is not there yet
            obstore.put(store, SIGNATURE, b"0\n")
            return
    raise AssertionError("the store of objects does not start")
