"""The page's own functions compared with independent implementations: Keras, NumPy, and the preparation in Python."""

import base64
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from safetensors.numpy import save

from tensorbook.data import load_sample, prepare_images
from tensorbook.drawings import prepare_drawing
from tensorbook.handwriting_network import HANDWRITING_FILE, trained_handwriting_network
from tensorbook.models import build_network
from tensorbook.strokes import draw_strokes
from tensorbook.synthetic_handwriting import prepare_strokes, write_digit
from tensorbook.weights import SHAPES, WEIGHTS_FILE, read_weights, trained_network

RESULTS = Path(__file__).parents[3] / "docs/results"

FORWARD = """async ({ base, weights, images }) => {
  const { parseWeights } = await import(base + "javascripts/drawing/weights.js");
  const { forward } = await import(base + "javascripts/forward-pass.js");
  const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const network = parseWeights(bytes(weights));
  const pixels = bytes(images);
  const answers = [];
  for (let start = 0; start < pixels.length; start += 784) {
    const row = Float32Array.from(pixels.subarray(start, start + 784), (pixel) => pixel / 255);
    answers.push(Array.from(forward(row, network).probabilities));
  }
  return answers;
}"""

PREPARE = """async ({ base, ink }) => {
  const { prepare } = await import(base + "javascripts/drawing/preparation.js");
  const bytes = Uint8Array.from(atob(ink), (letter) => letter.charCodeAt(0));
  const digit = prepare(bytes, 280);
  return digit && Array.from(digit);
}"""

FLOATS = """async ({ base, weights }) => {
  const { parseWeights } = await import(base + "javascripts/drawing/weights.js");
  const network = parseWeights(Uint8Array.from(atob(weights), (letter) => letter.charCodeAt(0)));
  const bytes = new Uint8Array(Float32Array.from(network.hidden.kernel.flat()).buffer);
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}"""


READ = """async ({ base, weights, images }) => {
  const { parseHandwriting } = await import(base + "javascripts/drawing/weights.js");
  const { forwardHandwriting } = await import(base + "javascripts/handwriting-network.js");
  const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const network = parseHandwriting(bytes(weights));
  const pixels = bytes(images);
  const answers = [];
  for (let start = 0; start < pixels.length; start += 784) {
    const row = Float32Array.from(pixels.subarray(start, start + 784), (pixel) => pixel / 255);
    answers.push(Array.from(forwardHandwriting(row, network)));
  }
  return answers;
}"""

DRAW = """async ({ base, drawings }) => {
  const { Sheet } = await import(base + "javascripts/drawing/sheet.js");
  const { prepare } = await import(base + "javascripts/drawing/preparation.js");
  const canvas = document.createElement("canvas");
  document.body.append(canvas);
  const sheet = new Sheet(canvas);
  const drawn = drawings.map((strokes) => {
    sheet.clear();
    for (const [first, ...rest] of strokes) {
      sheet.begin(first);
      for (const place of rest) sheet.extend(place);
      sheet.end();
    }
    const ink = sheet.ink();
    return [ink.reduce((sum, value) => sum + value, 0), Array.from(prepare(ink, 280))];
  });
  canvas.remove();
  return drawn;
}"""


def encoded(content):
    return base64.b64encode(content).decode("ascii")


def test_the_page_s_network_agrees_with_keras_and_numpy_on_test_images(quiet_page, address, full_mnist, every):
    images = full_mnist.test.images[:: every(20)]
    weights = encoded((RESULTS / WEIGHTS_FILE).read_bytes())
    answers = np.concatenate(
        [
            quiet_page.evaluate(FORWARD, {"base": address, "weights": weights, "images": encoded(some.tobytes())})
            for some in np.array_split(images, 10)
        ]
    )
    network = build_network()
    network.set_weights(read_weights(RESULTS / WEIGHTS_FILE))
    in_keras = network.predict(prepare_images(images), verbose=0)
    in_numpy = trained_network().predict(prepare_images(images))
    assert answers.shape == (len(images), 10)
    for others in (in_keras, in_numpy):
        assert np.array_equal(answers.argmax(axis=1), others.argmax(axis=1))
        assert np.abs(answers - others).max() < 1e-3


@pytest.mark.parametrize("every", [20, pytest.param(1, marks=pytest.mark.nightly)])  # all of them at night
def test_the_page_s_second_network_agrees_with_python_on_the_test_images(quiet_page, address, full_mnist, every):
    """`tests/test_handwriting_network.py` compares Python's network with Keras's."""
    images = full_mnist.test.images[::every]
    weights = encoded((RESULTS / HANDWRITING_FILE).read_bytes())
    answers = np.concatenate(
        [
            quiet_page.evaluate(READ, {"base": address, "weights": weights, "images": encoded(some.tobytes())})
            for some in np.array_split(images, -(-len(images) // 250))
        ]
    )
    expected = trained_handwriting_network().predict(images)
    assert len(answers) == len(images)
    assert np.array_equal(answers.argmax(axis=1), expected.argmax(axis=1))
    assert np.abs(answers - expected).max() < 1e-3


def test_strokes_drawn_in_python_are_those_of_the_box(quiet_page, address):
    """The figures about strangers' handwriting rely on this: the same ink, and nearly the same 28 × 28 pixels."""
    random = np.random.default_rng(0)
    drawings = [write_digit(digit, random) for digit in 3 * list(range(10))]
    arguments = {"base": address, "drawings": [[stroke.tolist() for stroke in strokes] for strokes in drawings]}
    prepared = []
    for strokes, (ink, digit) in zip(drawings, quiet_page.evaluate(DRAW, arguments), strict=True):
        assert ink == pytest.approx(int(draw_strokes(strokes).sum(dtype=int)), rel=0.01)
        prepared.append(np.reshape(digit, (28, 28)).astype(np.uint8))
        assert np.abs(prepared[-1].astype(int) - prepare_strokes(strokes)).mean() < 2
    in_python = np.stack([prepare_strokes(strokes) for strokes in drawings])
    read = [trained_handwriting_network().predict(images).argmax(axis=1) for images in (np.stack(prepared), in_python)]
    assert (read[0] != read[1]).sum() <= 1


def test_every_float16_is_read_as_numpy_reads_it(quiet_page, address):
    every = np.arange(2**16, dtype=np.uint16).view(np.float16)
    numbers = np.resize(every[np.isfinite(every)], SHAPES["hidden/kernel"])
    others = {name: np.zeros(shape, np.float16) for name, shape in SHAPES.items() if name != "hidden/kernel"}
    weights = encoded(save({"hidden/kernel": numbers, **others}))
    read = base64.b64decode(quiet_page.evaluate(FLOATS, {"base": address, "weights": weights}))
    assert np.array_equal(np.frombuffer(read, np.float32), numbers.astype(np.float32).ravel())


@pytest.mark.parametrize("seed", range(5))
def test_a_drawing_is_prepared_as_in_python(quiet_page, address, seed):
    random = np.random.default_rng(seed)
    for image in random.permutation(load_sample().test.images)[:8]:
        width, height = random.integers(30, 230, size=2)
        drawing = np.asarray(Image.fromarray(image).resize((width, height), Image.Resampling.BICUBIC))
        sheet = np.zeros((280, 280), dtype=np.uint8)
        top, left = random.integers(0, 280 - height), random.integers(0, 280 - width)
        sheet[top : top + height, left : left + width] = drawing
        sheet = np.minimum(3 * sheet.astype(int), 255).astype(np.uint8)  # a pen leaves full ink, except at its edges
        got = quiet_page.evaluate(PREPARE, {"base": address, "ink": encoded(sheet.tobytes())})
        expected = prepare_drawing(255 - sheet)
        # A number between two grey values may be rounded to either.
        assert np.abs(np.reshape(got, (28, 28)) - expected.astype(int)).max() <= 1


@pytest.mark.parametrize(
    "line", [None, np.s_[:, 12:20], np.s_[262:267, :]], ids=["dust", "a line down", "a line across"]
)
@pytest.mark.parametrize("rest", ["a digit", "nothing"])
def test_dust_and_lines_are_left_out_as_in_python(quiet_page, address, line, rest):
    sheet = np.zeros((280, 280), dtype=np.uint8)
    if rest == "a digit":
        sheet[60:160, 100:120], sheet[60:80, 140:220] = 255, 200  # two parts of one
    else:
        sheet[:, 150:170] = 255  # which is a line, too: either the other is a line in its margin, or both are ink
    for row, column, length in ((2, 2, 1), (270, 30, 5), (140, 250, 12), (200, 200, 20), (0, 279, 1)):
        sheet[row : row + length, column : column + length] = 255
    if line:
        sheet[line] = 255
    got = quiet_page.evaluate(PREPARE, {"base": address, "ink": encoded(sheet.tobytes())})
    assert np.abs(np.reshape(got, (28, 28)) - prepare_drawing(255 - sheet).astype(int)).max() <= 1


@pytest.mark.parametrize("side", [(200, 40), (40, 200), (7, 7), (13, 200)])
def test_an_even_drawing_lies_where_it_lies_in_python(quiet_page, address, side):
    """Its centre is between two pixels, so the last digits of a sum could decide for either."""
    sheet = np.zeros((280, 280), dtype=np.uint8)
    sheet[50 : 50 + side[0], 60 : 60 + side[1]] = 255
    got = quiet_page.evaluate(PREPARE, {"base": address, "ink": encoded(sheet.tobytes())})
    assert np.array_equal(np.reshape(got, (28, 28)), prepare_drawing(255 - sheet))


def test_a_sheet_without_ink_is_no_digit(quiet_page, address):
    assert quiet_page.evaluate(PREPARE, {"base": address, "ink": encoded(bytes(280 * 280))}) is None
