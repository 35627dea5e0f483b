"""The book's record in the repository describes one complete run, with plausible figures."""

import base64
import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tensorbook.book.results.book_record import Record
from tensorbook.book.results.formatting import percent, table, times
from tensorbook.book.results.run_figures import RUN_FIGURES, most_confident_mistakes
from tensorbook.book.results.social_card import CARD_FILE
from tensorbook.book.results.svg_pairs import SCHEMES, picture_path, same_picture
from tensorbook.book.site.macros import figure_markdown
from tensorbook.data import DataError
from tensorbook.evaluation import confusion_matrix
from tensorbook.run_record import sha256_of
from tensorbook.weights import read_weights

RESULTS = Path(__file__).parents[3] / "docs" / "results"


@pytest.fixture(scope="module")
def record():
    return Record.load(RESULTS)


def test_the_recorded_run_is_of_full_mnist_and_good_enough(record):
    assert (record.data.name, record.data.train, record.data.test) == ("mnist", 60000, 10000)
    assert record.test.accuracy >= 0.978
    assert record.run.epochs == len(record.history.loss) == len(record.history.accuracy) == 5


def test_the_figures_of_the_record_agree_with_each_other(record):
    assert record.test.images == record.data.test
    assert record.test.accuracy == pytest.approx(record.test.correct / record.test.images, abs=1e-6)
    assert record.gap == pytest.approx(record.history.accuracy[-1] - record.test.accuracy)
    assert all(earlier > later for earlier, later in zip(record.history.loss, record.history.loss[1:], strict=False))


def test_every_file_of_the_run_is_the_one_that_the_run_wrote(record):
    assert {name: sha256_of((RESULTS / name).read_bytes()) for name in record.files} == record.files
    figures = {f"figures/{name}-{scheme}.svg" for name in RUN_FIGURES for scheme in SCHEMES}
    assert set(record.files) == figures | {record.weights.file, CARD_FILE}


def test_every_committed_picture_is_on_a_page():
    pages = "\n".join(page.read_text(encoding="utf-8") for page in RESULTS.parent.glob("*.md"))
    for path in (RESULTS / "figures").iterdir():
        name = path.stem.rsplit("-", 1)[0]
        assert f'figure("{name}"' in pages, f"{path.name} is shown nowhere"


def test_the_stored_weights_give_the_recorded_answers(record, full_mnist):
    """Every page, the drawing box and `tensorbook predict` use the same network, which is this one."""
    hidden_kernel, hidden_bias, output_kernel, output_bias = read_weights(RESULTS / record.weights.file)
    images = full_mnist.test.images.reshape(-1, 784).astype("float32") / 255
    scores = np.maximum(images @ hidden_kernel + hidden_bias, 0) @ output_kernel + output_bias
    counted = confusion_matrix(full_mnist.test.labels, scores.argmax(axis=1))
    assert np.array_equal(counted, record.test.confusion)


def test_a_record_is_read_back_as_it_was_written(record, tmp_path):
    (tmp_path / "record.json").write_text(record.dumps())
    assert Record.load(tmp_path) == record


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"run": {}}', "\0"])
def test_a_damaged_record_is_refused_with_the_way_out(tmp_path, text):
    (tmp_path / "record.json").write_text(text)
    with pytest.raises(
        DataError, match=r"is not a record .* `python -m tensorbook\.book record --out .*` to create a new"
    ):
        Record.load(tmp_path)


def test_a_missing_record_is_named(tmp_path):
    with pytest.raises(DataError, match=r"There is no run in .*: run `python -m tensorbook\.book record --out"):
        Record.load(tmp_path)


def test_mistakes_are_ordered_by_how_sure_the_network_was():
    probabilities = np.array([[0.7, 0.3], [0.1, 0.9], [0.6, 0.4], [0.5, 0.5]])
    assert most_confident_mistakes(probabilities, np.array([1, 0, 0, 1])).tolist() == [1, 0, 3]


def test_the_two_schemes_of_a_picture_differ_and_have_their_size_on_the_page():
    for name in RUN_FIGURES:
        light, dark = (picture_path(RESULTS, name, scheme).read_text(encoding="utf-8") for scheme in SCHEMES)
        assert light != dark
        markdown = figure_markdown(RESULTS, name, "What [is]\nseen")
        assert markdown.count(r"![What \[is\] seen]") == 2
        assert 'width="' in markdown
        assert f"{name}-dark.svg#only-dark" in markdown


def embedded(*shades):
    """Return an SVG text that contains a picture with one pixel for each shade."""
    images = []
    for shade in shades:
        buffer = io.BytesIO()
        Image.new("L", (1, 1), shade).save(buffer, "png")
        images.append(f'<image href="data:image/png;base64,{base64.b64encode(buffer.getvalue()).decode()}"/>')
    return f"<svg>{''.join(images)}</svg>"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ('<a x="1" y="2"/>', '<a x="1.5" y="1.5"/>', True),
        ('<a x="1" y="2"/>', '<a x="1.51" y="2"/>', False),
        ('<a x="1" y="2"/>', '<a x="1" y="2.51"/>', False),
        ('<a x="-1"/>', '<a x="1"/>', False),
        ('<a x="1e-3"/>', '<a x="0.001"/>', True),
        ('<a x="1"/>', '<b x="1"/>', False),
        ('<a x="1"/>', '<a x="1"/><a x="1"/>', False),
        (embedded(7), embedded(7), True),
        (embedded(7), embedded(8), False),
        (embedded(7, 8), embedded(7), False),
        (embedded(7), embedded(), False),
    ],
)
def test_two_pictures_are_the_same_up_to_half_a_point_and_to_the_pixel(one, other, same):
    assert same_picture(one, other) is same
    assert same_picture(other, one) is same


def test_pictures_are_compared_by_what_is_to_be_seen():
    path = picture_path(RESULTS, "history", "light").read_text(encoding="utf-8")
    assert same_picture(path, path.replace("1.0", "1.01", 1))
    assert not same_picture(path, path.replace("<path", "<circle", 1))
    assert not same_picture(path, picture_path(RESULTS, "history", "dark").read_text(encoding="utf-8"))


def test_tables_and_numbers_are_written_for_people():
    assert table(["a", "b"], [(1, 2)]) == "| a | b |\n| --- | --- |\n| 1 | 2 |"
    assert percent(0.97964) == "98.0%"
    assert [times(ratio) for ratio in (3.14, 9.9, 10, 31.4, 31400)] == ["3.1", "9.9", "10", "31", "31,000"]
