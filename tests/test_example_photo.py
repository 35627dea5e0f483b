"""Chapter 9's photo is the same for everyone, and what the chapter says about it is true of the recorded network."""

import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tensorbook import example_photo
from tensorbook.cli.run_command import main
from tensorbook.data import prepare_images
from tensorbook.drawings import load_drawing
from tensorbook.example_photo import make_photo, plot_photo
from tensorbook.weights import trained_network

PICTURES = Path(__file__).parent / "pictures"
PAGE = Path(__file__).parents[1] / "docs" / "9-your-own-digits.md"


@pytest.fixture(scope="module")
def network():
    return trained_network()


def prepared(folder, **settings):
    path = folder / "photo.png"
    Image.fromarray(make_photo(**settings)).save(path)
    return load_drawing(path)


def test_a_seed_gives_one_photo_and_another_seed_other_noise_on_the_same():
    photo, other = make_photo(seed=3).astype(int), make_photo(seed=4).astype(int)
    assert np.array_equal(make_photo(seed=3), photo)
    assert 0 < np.abs(photo - other).mean() < 5


def test_the_light_falls_off_towards_one_corner():
    even, shaded = (make_photo(shade=shade).astype(float).mean(axis=2) for shade in (0, 0.5))
    assert even[-10:, -10:].mean() == pytest.approx(even[:10, :10].mean(), rel=0.02)
    assert shaded[-10:, -10:].mean() == pytest.approx(even[-10:, -10:].mean() * 0.5, rel=0.1)


def test_the_ink_is_blue_and_stands_off_the_middle():
    photo = make_photo(shade=0).astype(float)
    rows, columns = np.nonzero(photo.mean(axis=2) < 140)
    assert photo[rows, columns, 2].mean() > photo[rows, columns, 0].mean() + 40
    assert abs(rows.mean() - 80) > 5


def test_without_its_noise_it_looks_as_it_did_when_somebody_last_looked(monkeypatch):
    monkeypatch.setattr(example_photo, "NOISE", 0.0)
    with Image.open(PICTURES / "photo.png") as image:
        difference = np.abs(make_photo(seed=5).astype(int) - np.asarray(image))
    assert difference.max() <= 1
    assert (difference > 0).mean() < 0.001  # if a number is between two shades


def test_unless_told_otherwise_the_seed_is_0():
    assert np.array_equal(make_photo(), make_photo(seed=0))


def test_noise_beyond_black_and_white_is_cut_off(monkeypatch):
    monkeypatch.setattr(example_photo, "NOISE", 100.0)
    photo = make_photo()
    assert (photo == 0).mean() > 0.01
    assert (photo == 255).mean() > 0.1


def test_the_camera_s_noise_is_a_shade_of_grey_around_zero(monkeypatch):
    noisy = make_photo().astype(float)
    monkeypatch.setattr(example_photo, "NOISE", 0.0)
    noise = noisy - make_photo()
    assert noise.mean() == pytest.approx(0, abs=0.1)
    assert noise.std() == pytest.approx(3, abs=0.1)
    assert np.ptp(noise, axis=2).max() <= 1  # the same in red, green and blue, except for rounding


@pytest.mark.parametrize("shade", [0, 1])
def test_all_of_the_light_and_none_of_it_are_shares(shade):
    assert int(make_photo(shade=shade)[-1, -1].max()) == pytest.approx(255 * (1 - shade), abs=30)


@pytest.mark.parametrize("shade", [-0.1, 1.1])
def test_a_shade_that_is_no_share_is_refused(shade):
    with pytest.raises(ValueError, match=f"make_photo needs a shade from 0 to 1, got {shade}"):
        make_photo(shade=shade)


@pytest.mark.parametrize("shape", [(4, 4, 4), (4,), (2, 4, 4, 3), (4, 4, 1)])
def test_another_shape_is_no_photo(shape):
    with pytest.raises(ValueError, match=f"needs shape .* got {re.escape(str(shape))}"):
        plot_photo(np.zeros(shape, dtype=np.uint8))


@pytest.mark.parametrize("seed", range(5))
def test_the_recorded_network_reads_the_photo_in_bright_light_and_in_shadow(tmp_path, network, seed):
    both = np.stack([prepared(tmp_path, seed=seed), prepared(tmp_path, seed=seed, shade=0.5)])
    assert (network.predict(prepare_images(both))[:, 3] > 0.9).all()


@pytest.mark.parametrize("seed", range(5))
def test_the_recorded_network_reads_the_photo_through_three_times_its_noise(tmp_path, monkeypatch, network, seed):
    monkeypatch.setattr(example_photo, "NOISE", 9.0)
    [answer] = network.predict(prepare_images(prepared(tmp_path, seed=seed)[np.newaxis]))
    assert answer[3] > 0.9


def test_predict_answers_what_chapter_9_shows(tmp_path, monkeypatch, capsys, network):
    """To the last digit: the probabilities are too far from where they are rounded for a processor to matter."""
    second, first = np.sort(network.predict(prepare_images(prepared(tmp_path)[np.newaxis]))[0])[-2:]
    assert first > 0.9998
    assert second < 0.0002
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["tensorbook", "predict", "photo.png"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert not ended.value.code
    [shown] = re.findall(r"(?m)^\$ tensorbook predict photo.png\n(.*\n)", PAGE.read_text(encoding="utf-8"))
    assert capsys.readouterr().out == shown
