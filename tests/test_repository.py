"""The repository: a checkout has the same bytes everywhere, and the files that its settings name exist."""

import json
import re
import shutil
import tomllib
from pathlib import Path

import pytest

from tensorbook.cli.commands import RUN_FOLDER

ROOT = Path(__file__).parents[1]
PARTS = ("docs", "src", "tests", "mkdocs.yml", "pyproject.toml")
SUBTITLE = "A runnable introduction to neural networks"
NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.skipif(not shutil.which("git"), reason="needs Git")
@pytest.mark.parametrize("autocrlf", ["true", "input", "false"])
def test_a_checkout_with_windows_line_ends_switched_on_is_the_same(processes, tmp_path, autocrlf):
    """This uses a new repository, since a source package has none: a file of each kind is committed and checked out."""
    kinds = {}
    for part in PARTS:
        for path in sorted([ROOT / part, *(ROOT / part).rglob("*")]):
            if path.is_file() and "__pycache__" not in path.parts and path.stat().st_size:
                kinds.setdefault((path.suffix if "corpus" not in path.parts else path.name), path)
    shutil.copy(ROOT / ".gitattributes", tmp_path)
    for path in kinds.values():
        copy = tmp_path / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
    settings = ("-c", f"core.autocrlf={autocrlf}", "-c", "core.eol=crlf", "-c", "core.safecrlf=false")

    def git(*arguments):
        processes.run(["git", "-C", tmp_path, *settings, *arguments], check=True)

    git("init", "--quiet")
    git("add", ".")
    for path in kinds.values():
        (tmp_path / path.relative_to(ROOT)).unlink()
    git("checkout-index", "--all")
    assert {".md", ".py", ".js", ".svg", ".json", ".png"} <= kinds.keys()
    changed = [path for path in kinds.values() if (tmp_path / path.relative_to(ROOT)).read_bytes() != path.read_bytes()]
    assert changed == []


def test_every_file_that_the_settings_of_the_tools_name_exists():
    settings = [path for folder in (".ci", ".github/workflows") for path in sorted((ROOT / folder).iterdir())]
    assert len(settings) > 5
    settings += [ROOT / name for name in ("pyproject.toml", "mkdocs.yml", "docs/contributing.md", "README.md")]
    for path in settings:
        text = path.read_text(encoding="utf-8")
        named = re.findall(r"(?<![\w/.])(?:src|tests|docs|\.ci)/[\w./-]+\w", text)
        missing = [file for file in named if "…" not in file and not list(ROOT.glob(file.replace("N-", "*-")))]
        assert missing == [], f"{path.name} names what is not there"


def test_every_file_that_the_code_names_exists():
    """In comments, docstrings and messages, too, which nobody looks through when a file gets another name."""
    files = [path.relative_to(ROOT).as_posix() for part in PARTS[:3] for path in (ROOT / part).rglob("*")]
    code = [ROOT / "README.md", ROOT / "docs/contributing.md", *(ROOT / "src").rglob("*.py")]
    code += [
        path
        for kind in ("js", "css", "html")
        for path in (ROOT / "docs").rglob(f"*.{kind}")
        if "results" not in path.parts
    ]
    named = {
        (path.name, name)
        for path in code
        for name in re.findall(
            r"(?<![\w/*{}.-])(?:[\w-]+/)*[\w-]+\.(?:py|js|css)\b(?!-)", path.read_text(encoding="utf-8")
        )
    }
    assert len(named) > 20
    missing = {(path, name) for path, name in named if not any(f"/{file}".endswith(f"/{name}") for file in files)}
    assert missing <= {
        ("benchmarks.py", "TensorFlow.js"),
        ("contributing.md", "TensorFlow.js"),
        ("contributing.md", "chapter-N.py"),
        ("hooks.py", "assets/_mkdocstrings.css"),
    }


def test_the_same_versions_of_python_are_named_everywhere():
    project = tomllib.loads(read("pyproject.toml"))
    [(first, above)] = re.findall(r"^>=3\.(\d+),<3\.(\d+)$", project["project"]["requires-python"])
    versions = [f"3.{minor}" for minor in range(int(first), int(above))]
    named = f"Python {', '.join(versions[:-1])} or {versions[-1]}"
    classifiers = "\n".join(project["project"]["classifiers"])
    assert re.findall(r"Python :: (3\.\d+)", classifiers) == versions
    assert project["tool"]["mypy"]["python_version"] == versions[0]
    assert f"python: {json.dumps(versions)}" in read(".github/workflows/ci.yml")
    for workflow in ("ci", "nightly", "publish"):
        assert f'python-version: "{versions[0]}"' in read(f".github/workflows/{workflow}.yml")
    assert f"bash .ci/package {' '.join(versions)}\n" in read("docs/contributing.md")
    assert f"Python {versions[0]} to {versions[-1]}," in read("docs/install.md")
    for page in ("README.md", "docs/install.md"):
        assert named in read(page)


def test_workflows_refer_to_actions_by_commit_and_may_only_read_as_security_says():
    page = " ".join(read("docs/security.md").split())
    assert "refer to every action by the hash of a commit" in page
    assert "read-only, except in the workflow that publishes the site" in page
    workflows = {path.stem: path.read_text(encoding="utf-8") for path in (ROOT / ".github/workflows").glob("*.yml")}
    used = [action for text in workflows.values() for action in re.findall(r"uses: (\S+)", text)]
    assert len(used) > 5
    assert [action for action in used if not re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", action)] == []
    for name, text in workflows.items():
        assert text.count("\npermissions:\n  contents: read\n") == 1, name
        assert name == "publish" or not re.search(r": write\b|write-all", text), name


def test_contributing_tells_what_mutmut_changes_and_for_how_long():
    project = tomllib.loads(read("pyproject.toml"))
    page = " ".join(read("docs/contributing.md").split())
    [named] = re.findall(r"lists the modules \(so far, (.*?)\) in `only_mutate`", page)
    changed = project["tool"]["mutmut"]["only_mutate"]
    assert {f"src/tensorbook/{name}.py" for name in re.findall(r"`(\w+)`", named)} == set(changed)
    [hours] = re.findall(r"timeout (\d+)h mutmut run", read(".ci/nightly"))
    assert (hours, "for at most four hours" in page) == ("4", True)


def test_every_variable_of_ours_that_a_page_names_is_read_and_every_one_that_is_read_is_explained():
    def all_in(*paths):
        name = re.compile(r"\bTENSORBOOK_[A-Z]+(?:_[A-Z]+)*\b")
        return {found for path in paths for found in name.findall(path.read_text(encoding="utf-8"))}

    asked_for = re.compile(r'(?:environ(?:\.get)?[(\[]|getenv\(|VARIABLE = )\s*"(TENSORBOOK_\w+)"')
    code = {*(ROOT / "src").rglob("*.py"), *(ROOT / "tests").rglob("*.py")} - {Path(__file__)}
    # What is only set, such as in .ci, is not counted.
    used = {name for path in code for name in asked_for.findall(path.read_text(encoding="utf-8"))}
    assert all_in(ROOT / "README.md", *(ROOT / "docs").glob("*.md")) == used
    assert all_in(*(path for path in (ROOT / ".ci").iterdir() if path.is_file())) <= used


def test_a_page_s_file_is_named_after_its_title():
    """Except for chapters, which have a number and a key word, and the first page."""
    pages = [page for page in (ROOT / "docs").glob("[a-z]*.md") if page.name != "index.md"]
    titles = {page.stem: re.search(r"(?m)^# (.+)$", page.read_text(encoding="utf-8"))[1] for page in pages}
    assert len(titles) > 5
    assert {name: title for name, title in titles.items() if name != title.lower().replace(" ", "-")} == {}


def test_a_chapter_has_the_same_title_in_the_menu_on_its_page_and_on_the_first_page():
    """A page may add to it after a colon; the last chapter is the appendix."""
    menu = re.findall(r"(?m)^ +- (?:\d+\. )?(.+): ([\w-]+\.md)$", read("mkdocs.yml"))
    pages = {
        path.name: re.search(r"(?m)^# (.+)$", read(f"docs/{path.name}"))[1] for path in (ROOT / "docs").glob("*.md")
    }
    pages["index.md"] = "Home"
    assert {name for _, name in menu} == set(pages)
    assert [title for title, name in menu if not f"{pages[name]}:".startswith(f"{title}:")] == []

    chapters = re.findall(r"(?m)^ +- (\d+)\. (.+): ([\w-]+\.md)$", read("mkdocs.yml"))
    assert [name.split("-")[0] for *_, name in chapters] == [number for number, *_ in chapters]
    [*numbered, (_, appendix, name)] = chapters
    cards = [(f"{number}. {title}", name) for number, title, name in numbered]
    cards.append((f"Appendix: {appendix[0].lower()}{appendix[1:]}", name))
    assert re.findall(r"(?m)^    \*\*\[(.+)\]\((.+)\)\*\*", read("docs/index.md")) == cards

    count = NUMBERS[len(numbered) - 1].capitalize()
    for page in ("README.md", "docs/index.md"):
        assert set(re.findall(r"(\w+)(?: short)? chapters (?:take|and an)", read(page))) == {count}, page


def test_the_book_has_the_same_subtitle_everywhere():
    for name in (
        "README.md",
        "docs/index.md",
        "mkdocs.yml",
        "pyproject.toml",
        "src/tensorbook/book/results/social_card.py",
    ):
        assert set(re.findall(r"A runnable [^.:\"}\n]+", read(name))) == {SUBTITLE}, name
    assert f'content="tensorbook: {SUBTITLE[0].lower()}{SUBTITLE[1:]}"' in read("docs/overrides/main.html")


def test_the_folder_of_a_reader_s_own_run_has_the_same_name_everywhere():
    for name in ("README.md", ".gitignore", *(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md"))):
        assert set(re.findall(r"(?<![\w.]/)tensorbook-[\w-]+", read(name))) <= {str(RUN_FOLDER)}, name
    for name in ("README.md", ".gitignore", "docs/install.md", "docs/results.md"):
        assert str(RUN_FOLDER) in read(name), name


def test_the_workflow_that_publishes_the_site_sets_the_variables_that_its_settings_read():
    variables = re.findall(r"!ENV \[(\w+),", read("mkdocs.yml"))
    assert {"SITE_URL", "REPO_URL"} == set(variables)
    assert [name for name in variables if f" {name}: " not in read(".github/workflows/publish.yml")] == []


def test_an_action_has_the_same_version_in_every_workflow():
    used = {
        (name, version)
        for path in (ROOT / ".github/workflows").iterdir()
        for name, version in re.findall(r"uses: (\S+)@(\w{40} # v\S+)", path.read_text(encoding="utf-8"))
    }
    assert len({name for name, _ in used}) == len(used) > 3
