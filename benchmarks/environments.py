"""One virtual environment per peer, two for curate, one for the corpus and the bare loop."""

import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent

REQUIREMENTS = {
    "tools": ["numpy==2.4.6", "orjson==3.13.0"],
    "curate": [f"{PROJECT}[fast]"],
    "curate_core": [str(PROJECT)],
    # its word splitter needs spacy, which no small extra of it brings
    "datatrove": ["datatrove[io,processing]==0.10.1", "orjson", "nltk", "regex", "spacy"],
    "datasets": ["datasets==5.2.0", "xxhash"],
    # without the last four pip tries versions of s3fs and boto3 for half an hour
    "dolma": [
        "dolma==1.2.1",
        "s3fs==2023.6.0",
        "aiobotocore==2.5.4",
        "boto3==1.28.17",
        "botocore==1.31.17",
    ],
    # dj-process does not start without aiohttp
    "data_juicer": ["py-data-juicer==1.6.1", "torch==2.13.0", "aiohttp"],
    "nemo": ["nemo-curator[text_cpu]==1.4.0", "torch==2.13.0"],
}


class InstallError(Exception):
    """A package could not be installed; the message is the end of pip's output."""


@dataclass(frozen=True)
class Footprint:
    """What an installation took. `packages` counts the project itself; `mb` includes bytecode."""

    seconds: float
    mb: float
    packages: int


def python(name: str, folder: Path) -> Path:
    """Return the Python of environment `name` below `folder`."""
    return folder / name / "bin" / "python"


def ensure(name: str, folder: Path) -> None:
    """Install environment `name` unless it is there with the same requirements.

    Raises:
        InstallError: pip failed.
    """
    wanted = "\n".join(REQUIREMENTS[name])
    note = folder / name / "installed.txt"
    if not note.exists() or note.read_text() != wanted:
        install(name, folder)
        note.write_text(wanted)


def install(name: str, folder: Path) -> Footprint:
    """Make environment `name` anew and return what was added to an empty one.

    Raises:
        InstallError: pip failed.
    """
    home = folder / name
    shutil.rmtree(home, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", home], check=True)
    empty_mb, empty_packages = _size(home), _packages(home)
    start = time.perf_counter()
    done = subprocess.run(
        [python(name, folder), "-m", "pip", "install", "-q", *REQUIREMENTS[name]],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise InstallError("\n".join(done.stderr.splitlines()[-12:]))
    return Footprint(
        seconds=time.perf_counter() - start,
        mb=_size(home) - empty_mb,
        packages=_packages(home) - empty_packages,
    )


def _size(home: Path) -> float:
    """Return the MB that the files below `home` take up on disk, links not followed."""
    return sum(path.lstat().st_blocks * 512 for path in home.rglob("*")) / 1e6


def _packages(home: Path) -> int:
    return len(list(home.glob("lib/python*/site-packages/*.dist-info")))
