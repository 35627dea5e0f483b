"""What the helpers draw looks as it did when somebody last looked: each drawing has a picture of its own here."""

from pathlib import Path

import numpy as np
import pytest

from tensorbook.book.pictures import draw_pair, same_picture
from tensorbook.curves import plot_curve
from tensorbook.photos import plot_photo
from tensorbook.plotting import plot_confusion, plot_digit, plot_digits, plot_history, plot_losses

PICTURES = Path(__file__).with_name("pictures")
ROWS, COLUMNS = np.mgrid[0:6, 0:4]
IMAGES = np.array([ROWS * 40 + COLUMNS * k for k in range(7)], dtype=np.uint8)  # small: a picture is to be read
LABELS = [5, 0, 4, 1, 9, 2, 1]
RUN = {"loss": [0.26, 0.1, 0.07], "accuracy": [0.92, 0.97, 0.98]}
VALIDATION = {"val_loss": [0.2, 0.15, 0.09], "val_accuracy": [0.95, 0.96, 0.97]}

DRAWINGS = {
    "curve": lambda: plot_curve([0, 1, 2, 3], [4, 1, 2, 1.5], "step", "loss", mark=1),
    "digit": lambda: plot_digit(IMAGES[3], label=8),
    "digit-pixels": lambda: plot_digit(np.resize(IMAGES[3], (16, 22)), pixels=True),
    "digits": lambda: plot_digits(IMAGES),
    "digits-labels": lambda: plot_digits(IMAGES[:6], LABELS[:6], columns=8),
    "digits-predictions": lambda: plot_digits(IMAGES, LABELS, [5, 0, 9, 1, 9, 2, 7], columns=3),
    "history": lambda: plot_history(RUN | VALIDATION),
    "history-alone": lambda: plot_history({"accuracy": RUN["accuracy"]}),
    "history-long": lambda: plot_history({name: np.linspace(1, 0.1, 31) for name in RUN}),
    "losses": lambda: plot_losses([2.3, 1.9, 1.6, 1.7]),
    "photo-colour": lambda: plot_photo(np.tile(IMAGES[:3], 2).transpose(1, 2, 0)),
    "photo-grey": lambda: plot_photo(255 - IMAGES[3]),
    "confusion": lambda: plot_confusion([[8, 2, 0], [0, 9, 1], [3, 0, 7]]),
}


pytestmark = pytest.mark.usefixtures("figures_are_closed")


@pytest.mark.parametrize("name", DRAWINGS)
def test_it_looks_as_its_picture(name, tmp_path):
    drawn = draw_pair(DRAWINGS[name]().figure)["light"]
    now, then = tmp_path / f"{name}.svg", PICTURES / f"{name}.svg"
    now.write_text(drawn, encoding="utf-8")
    expected = then.read_text(encoding="utf-8") if then.exists() else ""
    assert same_picture(expected, drawn), f"look at {now}: if it is meant to be so, copy it to {then}"


def test_there_is_no_picture_of_nothing():
    assert {path.stem for path in PICTURES.glob("*.svg")} == set(DRAWINGS)
