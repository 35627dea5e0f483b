"""A step of chapter 6's panel beside what a page would use instead, and beside Keras, with the same batches."""

import shutil

import pytest

from benchmarks.measuring import seconds
from tensorbook.book.results.learning import browser_page
from tensorbook.book.site.digits import packed_digits
from tensorbook.data import load_sample, one_hot, prepare_images
from tensorbook.models import build_network

VERSION = "4.22.0"
PACKAGES = ("@tensorflow/tfjs", "@tensorflow/tfjs-backend-wasm")
BATCH = 128
STEPS = 4_000 // BATCH  # whole batches of an epoch
TIMES = 8

# Each sets `globalThis.steps`, which takes so many steps and returns the milliseconds of one.
OURS = """async () => {
  const from = (name) => import(new URL(`javascripts/${name}.js`, document.baseURI));
  const [{ fetchDigits }, { Trainer }, { DEFAULTS }] = await Promise.all(
    ["digits", "learning/trainer", "learning/settings"].map(from));
  globalThis.digits ??= await fetchDigits();
  const trainer = new Trainer(digits, DEFAULTS);
  globalThis.steps = (many) => {
    const start = performance.now();
    for (let step = 0; step < many; step++) trainer.step();
    return (performance.now() - start) / many;
  };
}"""
THEIRS = """async (backend) => {
  const load = (address) => new Promise((done) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = done;
    document.head.append(script);
  });
  if (!globalThis.tf) {
    await load("node_modules/@tensorflow/tfjs/dist/tf.min.js");
    await load("node_modules/@tensorflow/tfjs-backend-wasm/dist/tf-backend-wasm.min.js");
    tf.wasm.setWasmPaths("node_modules/@tensorflow/tfjs-backend-wasm/dist/");
  }
  await tf.setBackend(backend);
  await tf.ready();
  if (tf.getBackend() !== backend) throw new Error(`the backend is ${tf.getBackend()}`);
  const model = tf.sequential({ layers: [
    tf.layers.dense({ inputShape: [784], units: 512, activation: "relu" }),
    tf.layers.dense({ units: 10, activation: "softmax" }),
  ] });
  model.compile({ optimizer: tf.train.rmsprop(0.001), loss: "categoricalCrossentropy" });
  const pixels = Float32Array.from(digits.train.images, (pixel) => pixel / 255);
  const images = tf.tensor2d(pixels, [4000, 784]);
  const labels = tf.oneHot(tf.tensor1d(Int32Array.from(digits.train.labels), "int32"), 10).toFloat();
  globalThis.steps = async (many) => {
    const rows = many * 128;
    const [x, y] = [images.slice([0, 0], [rows, 784]), labels.slice([0, 0], [rows, 10])];
    const start = performance.now();
    await model.fit(x, y, { epochs: 1, batchSize: 128, shuffle: true, yieldEvery: "never" });
    return (performance.now() - start) / many;
  };
}"""


@pytest.fixture(scope="module")
def page(processes, tmp_path_factory):
    """A page with the book's scripts and TensorFlow.js."""
    if not shutil.which("npm"):
        pytest.skip("needs npm: TensorFlow.js comes from there")
    folder = tmp_path_factory.mktemp("npm")
    (folder / "package.json").write_text("{}")
    packages = [f"{name}@{VERSION}" for name in PACKAGES]
    command = ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--silent", *packages]
    processes.run(command, cwd=folder, check=True, timeout=600)
    also = {"node_modules": folder / "node_modules"}
    with browser_page(packed_digits(), also=also) as (page, _):
        yield page


def measured(page, make, *arguments, steps, times):
    """Return the seconds of a step in the fastest of several goes: whatever else the computer does slows one down."""
    page.evaluate(make, *arguments)
    page.evaluate("() => steps(1)")  # it is compiled
    return min(page.evaluate("(many) => steps(many)", steps) for _ in range(times)) / 1000


def test_a_step_in_the_browser(rounds, page, quick):
    times = 1 if quick else TIMES
    images, labels = load_sample().train
    images, labels = prepare_images(images)[: STEPS * BATCH], one_hot(labels)[: STEPS * BATCH]
    network = build_network()

    def in_keras():
        return min(
            seconds(network.fit, images, labels, batch_size=BATCH, epochs=1, verbose=0) / STEPS for _ in range(times)
        )

    in_keras()

    def one_round():
        ours = measured(page, OURS, steps=4, times=times)
        return {
            "learn-wasm": (ours, measured(page, THEIRS, "wasm", steps=4, times=times)),
            "learn-cpu": (ours, measured(page, THEIRS, "cpu", steps=1, times=times)),
            "learn-keras": (ours, in_keras()),
        }

    rounds(one_round)
