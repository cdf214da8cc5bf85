"""A check in words and tables, for a terminal."""

from collections.abc import Iterator, Sequence

from curate.checkup.checking import Checkup
from curate.checkup.folders import Folder
from curate.checkup.machine import Machine, Torch
from curate.checkup.packages import Needs
from curate.checkup.providers import Provider
from curate.checkup.variables import Variable

Part = tuple[str, Sequence[str], Sequence[Sequence[str]], Sequence[str]]
"""Title, sentences, a table, sentences."""

_UNITS = ("bytes", "kB", "MB", "GB", "TB")


def parts(found: Checkup) -> Iterator[Part]:
    """Yield what was found, the problems last."""
    yield "", list(of_machine(found.version, found.machine)), (), ()
    core, *extras = found.needs
    rows = [(package.name, package.installed or "missing") for package in core.packages]
    yield "core", (), rows, ()
    yield "extras", (), [_extra(each) for each in extras], ()
    yield "plugins", (), [_provider(each) for each in found.providers.found], ()
    yield "folders", (), [_folder(each) for each in found.folders], ()
    yield "environment", (), list(map(_variable, found.variables)), ()
    problems = found.problems
    yield "problems", problems or ["none"], (), ()


def of_machine(version: str, told: Machine) -> Iterator[str]:
    """Yield what the process runs on, in two lines."""
    yield f"curate {version}, Python {told.python} ({told.executable}), {told.platform}"
    processors = f"{told.processors:,} processor{'s' * (told.processors != 1)}"
    if told.processors != told.processors_in_all:
        processors += f" of {told.processors_in_all:,} for this process"
    yield f"{processors}; {_torch(told.torch)}"


def _torch(torch: Torch | None) -> str:
    if torch is None:
        return "no torch"
    if torch.error:
        return f"torch {torch.version}, which cannot be imported"
    if torch.gpus is None:
        return f"torch {torch.version} (--deep asks it for threads and GPUs)"
    gpus = [
        f"{gpu.name}, {gpu.gib:g} GiB, {'with' if gpu.bfloat16 else 'without'} bfloat16"
        for gpu in torch.gpus
    ]
    threads = f"{torch.threads} thread{'s' * (torch.threads != 1)}"
    return f"torch {torch.version}, {threads}; {'; '.join(gpus) or 'no GPU'}"


def _extra(needs: Needs) -> tuple[str, str, str]:
    if needs.state == "installed":
        return needs.extra, needs.state, ""
    lacks = ", ".join(map(str, needs.unmet[:5]))
    if len(needs.unmet) > 5:
        lacks += f" and {len(needs.unmet) - 5} more"
    return needs.extra, needs.state, f"{needs.command}  (needs {lacks})"


def _provider(told: Provider) -> tuple[str, str]:
    kinds = [
        f"{kind}{'s' * (len(names) > 1)} {', '.join(names)}"
        if len(names) <= 3
        else f"{len(names)} {kind}s"
        for kind, names in told.plugins.items()
    ]
    if told.broken:
        kinds.append(f"broken: {', '.join(each.partition(':')[0] for each in told.broken)}")
    return f"{told.distribution} {told.version}", "; ".join(kinds)


def _folder(told: Folder) -> tuple[str, str, str]:
    facts = [] if told.exists else ["not made yet"]
    if told.files is not None and told.bytes is not None and told.exists:
        facts.append(f"{told.files:,} file{'s' * (told.files != 1)}, {_amount(told.bytes)}")
    facts.append("can be written" if told.writable else "cannot be written")
    return told.use, str(told.path), ", ".join([*facts, f"{_amount(told.free)} free"])


def _variable(told: Variable) -> tuple[str, str, str]:
    return told.name, told.value or "not set", told.meaning


def _amount(size: float) -> str:
    for unit in _UNITS:
        if size < 1000 or unit == _UNITS[-1]:
            break
        size /= 1000
    return f"{size:,.0f} {unit}" if unit == "bytes" else f"{size:,.1f} {unit}"
