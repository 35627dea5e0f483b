"""Two builds from the same commit are equal, byte for byte, whenever and wherever they are made."""

import os
import shutil
import sys
import time
from pathlib import Path

from tensorbook.book.site.build_cache import FOLDER

ROOT = Path(__file__).parents[2]

CLOCK = """
import datetime, time
DAYS = 400 * 24 * 60 * 60
real = {name: getattr(time, name) for name in ("time", "gmtime", "localtime")}
time.time = lambda: real["time"]() + DAYS
time.gmtime = lambda seconds=None: real["gmtime"](time.time() if seconds is None else seconds)
time.localtime = lambda seconds=None: real["localtime"](time.time() if seconds is None else seconds)

class Kind(type):
    def __instancecheck__(cls, instance):
        return isinstance(instance, cls.__mro__[1])

class Later(datetime.datetime, metaclass=Kind):
    @classmethod
    def now(cls, tz=None):
        return cls.fromtimestamp(time.time(), tz)

    @classmethod
    def utcnow(cls):
        return cls.now(datetime.timezone.utc).replace(tzinfo=None)

datetime.datetime = Later
"""


def files(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_build_on_another_day_in_another_place_is_the_same(processes, site, build, tmp_path):
    """The second build has a different clock, time zone, order of sets and folder, and different dates and permissions
    of the sources."""
    project, clock, again, cached = (tmp_path / name for name in ("elsewhere", "clock", "site", "cached"))
    for name in ("docs", "src"):
        shutil.copytree(ROOT / name, project / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("mkdocs.yml", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, project)
    for path in project.rglob("*"):
        os.utime(path, (1e9, 1e9))
        path.chmod(0o700 if path.is_dir() else 0o600)
    clock.mkdir()
    (clock / "sitecustomize.py").write_text(CLOCK)
    code = "import datetime, time; print(datetime.datetime.now().timestamp(), time.time())"
    turned = {**os.environ, "PYTHONPATH": str(clock)}
    clocks = processes.run([sys.executable, "-c", code], env=turned, check=True).stdout.split()
    assert all(float(seconds) > time.time() + 399 * 24 * 60 * 60 for seconds in clocks), "the clock was turned"
    build(again, project, [clock, project / "src"], PYTHONHASHSEED="2", TZ="Asia/Tokyo")
    first, second = files(site), files(again)
    assert sorted(first) == sorted(second)
    assert [name for name in first if first[name] != second[name]] == []
    assert len(first) > 50
    # A third build uses the cached pages: none is rendered again, and the site is the same.
    kept = {path: path.stat().st_mtime_ns for path in (project / FOLDER).iterdir()}
    assert len(kept) > 15
    build(cached, project, [clock, project / "src"], PYTHONHASHSEED="3", TZ="Asia/Tokyo")
    assert {path: path.stat().st_mtime_ns for path in (project / FOLDER).iterdir()} == kept
    third = files(cached)
    assert [name for name in first if first[name] != third.get(name)] == []
    assert len(first) == len(third)
