"""The book's pytest plugin: which data pages run on, what it reports and leaves behind, and several processes."""

import json
import os
import tomllib
from pathlib import Path

import pytest

from tensorbook.book import pytest_plugin

ROOT = Path(__file__).parents[2]

ONE = "```pycon\n>>> 1 + 1\n2\n```\n"
SKIPS = f'<!-- skip: start if(sample, reason="full MNIST") -->\n\n{ONE}\n<!-- skip: end -->\n\n{ONE}'
WRONG = "```pycon\n>>> 1 + 1\n3\n```\n"
RIGHT = "```pycon\n>>> 1 + 2\n3\n```\n"
TWO = ("-p", "xdist", "-n", "2")
DRAWS = "import matplotlib.pyplot as plt\n\n\ndef test_draws():\n    plt.figure()\n\n\n"
ASKS = "def test_asks():\n    assert not plt.get_fignums()\n"


@pytest.fixture
def sample(monkeypatch):
    monkeypatch.setenv("TENSORBOOK_MNIST", "sample")


def test_the_header_names_the_file_of_full_mnist(book, monkeypatch, tmp_path):
    """A run that only collects does not even check whether the file exists."""
    monkeypatch.setenv("TENSORBOOK_MNIST", str(tmp_path / "mnist.npz"))
    result, _ = book(ONE, "-v", "--collect-only")
    assert f"tensorbook: full MNIST, {tmp_path / 'mnist.npz'}" in result.stdout
    assert result.returncode == 0


def test_a_variable_that_names_no_data_is_one_line_and_nothing_runs(book, monkeypatch, tmp_path):
    monkeypatch.setenv("TENSORBOOK_MNIST", str(tmp_path / "mnist.npz"))
    result, _ = book(ONE)
    assert result.returncode == pytest.ExitCode.USAGE_ERROR
    assert "ERROR: MNIST is needed, but " in result.stderr
    assert "passed" not in result.stdout


@pytest.mark.usefixtures("sample")
def test_the_header_names_the_sample_and_nothing_is_imported_that_the_page_does_not_use(book, monkeypatch):
    monkeypatch.setenv("PYTHONPROFILEIMPORTTIME", "1")
    result, _ = book(ONE, "-v")
    imported = {line.split("|")[-1].split(".")[0].strip() for line in result.stderr.splitlines()}
    assert {"pytest", "sybil", "numpy"} < imported
    assert not imported & {"hypothesis", "tensorflow", "keras", "matplotlib", "mkdocs"}
    assert "tensorbook: the SAMPLE of 5,000 digits" in result.stdout
    assert "because:" not in result.stdout


def test_where_mnist_can_t_be_had_the_sample_takes_its_place_and_the_reason_is_said(book, monkeypatch, tmp_path):
    monkeypatch.delenv("TENSORBOOK_MNIST")
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    result, _ = book(SKIPS, "-v")
    assert result.returncode == 0
    assert "tensorbook: the SAMPLE of 5,000 digits" in result.stdout
    assert "because: MNIST " in result.stdout
    assert "3 passed, 1 skipped" in result.stdout, "the directives are two of them"


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize(("page", "variable", "status"), [(SKIPS, "", 0), (SKIPS, "1", 1), (ONE, "1", 0)])
def test_where_nothing_may_be_skipped_a_skipped_block_is_a_failure(book, monkeypatch, page, variable, status):
    monkeypatch.setenv("TENSORBOOK_NO_SKIPS", variable)
    result, _ = book(page)
    assert result.returncode == status
    assert ("tests were skipped, and TENSORBOOK_NO_SKIPS is set" in result.stdout) == bool(status)


@pytest.mark.parametrize("value", ["sample ", '"sample"'])
def test_the_tests_variable_may_have_them_too(book, monkeypatch, value):
    monkeypatch.setenv("TENSORBOOK_MNIST", value)
    result, _ = book(SKIPS)
    assert "3 passed, 1 skipped" in result.stdout


def test_without_asserts_nothing_runs_and_one_line_says_why(book, monkeypatch, figures):
    ini = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    warnings = tomllib.loads(ini)["tool"]["pytest"]["ini_options"]["filterwarnings"]
    (figures.parents[2] / "pytest.ini").write_text("\n  ".join(["[pytest]\nfilterwarnings =", *warnings]) + "\n")
    monkeypatch.setenv("PYTHONOPTIMIZE", "1")
    result, _ = book(ONE)
    assert result.returncode == pytest.ExitCode.USAGE_ERROR
    [line] = result.stderr.strip().splitlines()
    assert line.startswith("ERROR: Python's -O or PYTHONOPTIMIZE removes every assert")


PRINTS = "```pycon\n>>> import numpy as np\n>>> np.array([1 / 3, 2e-9])\narray([3.33333333e-01, 2.00000000e-09])\n```\n"
STARTS = "import numpy as np\nnp.set_printoptions(precision=2, suppress=True)\n"


@pytest.mark.usefixtures("sample")
def test_what_a_reader_has_set_of_numpy_and_matplotlib_changes_no_page(book, monkeypatch, tmp_path):
    """Python runs `sitecustomize` when it starts, and Matplotlib reads the file in MATPLOTLIBRC."""
    (tmp_path / "sitecustomize.py").write_text(STARTS)
    (tmp_path / "rc").write_text("axes.grid: True\nfont.size: 20\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.setenv("MATPLOTLIBRC", str(tmp_path / "rc"))
    drawing = "```pycon\n>>> import matplotlib\n>>> matplotlib.rcParams['axes.grid']\nFalse\n```\n"
    (tmp_path / "docs" / "one.py").write_text(f'"""One.\n\n{PRINTS[9:-4]}"""\n')
    result, _ = book(PRINTS + drawing, "--doctest-modules")
    assert "5 passed" in result.stdout, result.stdout


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize(
    ("setting", "message"),
    [
        (
            {"floatx": "float64"},
            "sets floatx to float64, but the outputs on the pages were made with float32: change it",
        ),
        (
            {"image_data_format": "channels_first"},
            "sets image_data_format to channels_first, but the outputs on the pages",
        ),
        ({"backend": "jax"}, "sets the backend to 'jax': set KERAS_BACKEND=tensorflow."),
    ],
)
def test_a_keras_json_that_would_change_the_pages_is_refused_in_one_line(monkeypatch, tmp_path, setting, message):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.delenv("KERAS_BACKEND", raising=False)
    (tmp_path / "keras.json").write_text(json.dumps(setting))
    with pytest.raises(pytest.UsageError, match=message) as error:
        pytest_plugin.refuse_settings_of_keras()
    assert str(error.value).startswith(
        "tensorbook needs Keras" if "backend" in setting else f"{tmp_path / 'keras.json'} "
    )


@pytest.mark.usefixtures("sample")
def test_several_processes_run_each_page_in_one_of_them(book):
    """An example needs what is above it on its page; `-n 2` alone would distribute the examples."""
    page = "```pycon\n>>> a = [0]\n" + "".join(f">>> a.append({n}); a[{n}]\n{n}\n" for n in range(1, 9)) + "```\n"
    result, _ = book(page, "-n2", "-v")
    assert "2 workers" in result.stdout
    assert "9 passed" in result.stdout


@pytest.mark.usefixtures("full_mnist")
def test_an_update_notes_how_many_examples_of_a_page_ran(book, figures):
    (figures.parents[1] / "test_one.py").write_text("def test_one():\n    pass\n")
    pages = figures.parent / "page-runs.json"
    pages.write_text('{"other": {"examples": 7}}')
    result, _ = book(SKIPS, "--update-docs")
    assert result.returncode == 0
    noted = json.loads(pages.read_text())
    assert list(noted) == ["other", "page"]
    assert noted["other"] == {"examples": 7}
    assert noted["page"]["examples"] == 2, "directives are no examples"
    book("```pycon\n>>> 1 / 0\n```\n", "--update-docs")
    assert json.loads(pages.read_text()) == noted, "a page that failed keeps the note of its last good run"


@pytest.mark.usefixtures("sample")
def test_no_figure_is_left_open_behind_a_test_but_a_page_s_own_are(book, figures):
    (figures.parents[1] / "test_two.py").write_text(DRAWS + ASKS)
    drawn = "```python\nimport matplotlib.pyplot as plt\nfigure = plt.figure()\n```\n\n"
    result, _ = book(drawn + "```pycon\n>>> len(plt.get_fignums())\n1\n```\n")
    assert "4 passed" in result.stdout


@pytest.mark.parametrize(("arguments", "workers"), [([], 3), (["tests/test_ops.py"], 0), (["docs", "src", "tests"], 0)])
def test_only_a_run_of_everything_is_split(arguments, workers, monkeypatch, pytestconfig):
    monkeypatch.setattr("os.cpu_count", lambda: 4)
    source = pytest.Config.ArgsSource.ARGS if arguments else pytest.Config.ArgsSource.TESTPATHS
    monkeypatch.setattr(pytestconfig, "args_source", source)
    assert pytest_plugin.pytest_xdist_auto_num_workers(pytestconfig) == workers


def test_a_part_that_is_named_is_run_in_the_process_that_was_started(book, monkeypatch):
    monkeypatch.setenv("TENSORBOOK_MNIST", "sample")
    result, _ = book(RIGHT, "-n", "auto", "docs")
    assert "bringing up nodes" not in result.stdout
    assert "1 passed" in result.stdout


def test_on_one_core_nothing_is_split(monkeypatch, pytestconfig):
    monkeypatch.setattr("os.cpu_count", lambda: 1)
    monkeypatch.setattr(pytestconfig, "args_source", pytest.Config.ArgsSource.TESTPATHS)
    assert pytest_plugin.pytest_xdist_auto_num_workers(pytestconfig) == 0


@pytest.mark.usefixtures("full_mnist")
def test_two_processes_update_two_pages_and_count_their_examples(book, figures):
    other = figures.parents[1] / "other.md"
    other.write_text(WRONG)
    result, text = book(WRONG + RIGHT, "--update-docs", *TWO)
    assert result.returncode == 0, result.stdout
    assert text == WRONG.replace("3", "2") + RIGHT
    assert other.read_text() == WRONG.replace("3", "2")
    assert "updated docs/other.md" in result.stdout
    noted = json.loads((figures.parent / "page-runs.json").read_text())
    assert {page: run["examples"] for page, run in noted.items()} == {"other": 1, "page": 2}


def test_tests_of_one_file_and_those_of_the_site_share_a_process(book, figures, monkeypatch):
    monkeypatch.setenv("TENSORBOOK_MNIST", "sample")
    tests = figures.parents[2] / "tests"
    code = "import os, pathlib\n\n\ndef test_a():\n    pathlib.Path(__file__ + '.pid').write_text(str(os.getpid()))\n"
    for name in ("site/test_a.py", "site/test_b.py", "site/live/test_c.py", "test_d.py", "test_e.py"):
        (tests / name).parent.mkdir(parents=True, exist_ok=True)
        (tests / name).write_text(code)
    result, _ = book(RIGHT, *TWO, "docs", "tests", "--import-mode=importlib")
    assert "6 passed" in result.stdout
    pids = {path.name: path.read_text() for path in tests.rglob("*.pid")}
    assert len({pid for name, pid in pids.items() if name[5] in "abc"}) == 1
    assert len(set(pids.values())) == 2


@pytest.mark.parametrize(("variable", "status"), [("", 0), ("1", 1)])
def test_a_skipped_block_is_a_failure_in_another_process_too(book, monkeypatch, variable, status):
    monkeypatch.setenv("TENSORBOOK_MNIST", "sample")
    monkeypatch.setenv("TENSORBOOK_NO_SKIPS", variable)
    page = f'<!-- skip: start if(sample, reason="full MNIST") -->\n\n{WRONG}\n<!-- skip: end -->\n\n{RIGHT}'
    result, _ = book(page, *TWO)
    assert result.returncode == status, result.stdout
