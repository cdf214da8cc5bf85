"""A real browser opens the page: nothing runs, nothing is asked for, nothing is wider than it."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

import hostile_rows
from curate.report import counting
from curate.report.gathering import gather
from curate.report.page.document import document
from fake_runs import make_run

BROWSER = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), ""
)
QUIET = [
    f"--{name}"
    for name in (
        "headless", "no-sandbox", "disable-gpu", "disable-quic", "no-first-run", "disable-sync",
        "disable-background-networking", "disable-component-update", "virtual-time-budget=2000",
    )
]  # fmt: skip
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not BROWSER, reason="no chromium on the PATH: what a browser does is untried"
    ),
]


@pytest.fixture
def html(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(counting, "EXAMPLES", 20)
    plan = "input: {max_unreadable: 1}\nsteps: [{use: quoting, do: flag}, {use: secrets, do: flag}]"
    return document(gather(make_run(tmp_path, hostile_rows.rows(), plan), unmask=True))


def opened(folder: Path, html: str, *options: str) -> str:
    """Return the page as the browser has it after all scripts ran."""
    page = folder / "page.html"
    page.write_text(html, "utf-8")
    profile = f"--user-data-dir={folder / 'profile'}"
    command = [BROWSER, *QUIET, profile, *options, "--dump-dom", page.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, check=True)
    return done.stdout


def title(dom: str) -> str:
    found = re.search(r"<title[^>]*>(.*?)</title>", dom, re.DOTALL)
    assert found
    return found[1]


def test_nothing_runs(tmp_path: Path, html: str) -> None:
    dom = opened(tmp_path, html)
    assert title(dom) == "run: report of a run"
    assert "<script" not in dom


def test_the_browser_would_run_a_script_and_the_policy_stops_it(tmp_path: Path, html: str) -> None:
    """The test above has power: without escaping and the policy the page is taken over."""
    script = f"<script>{hostile_rows.OWNED}</script></body>"
    planted = html.replace("</body>", script)
    assert title(opened(tmp_path, planted)) == "run: report of a run"
    bare = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", planted)
    assert bare != planted
    assert title(opened(tmp_path, bare)) == "owned"
