"""Chapter 6's panel: a step compared with what a page could use instead, and with Keras, using the same batches; and
how long the panel blocks the page."""

import json
import os
import shutil
import sys
import time
from pathlib import Path

import pytest

from benchmarks.measuring import seconds
from tensorbook.book.browser import browser_page
from tensorbook.book.site.pack_sample_digits import packed_digits
from tensorbook.data import load_sample, one_hot, prepare_images
from tensorbook.models import build_network

ROOT = Path(__file__).parents[2]
FRAME = 1 / 60  # seconds
VERSION = "4.22.0"
PACKAGES = ("@tensorflow/tfjs", "@tensorflow/tfjs-backend-wasm")
BATCH = 128
STEPS = 4_000 // BATCH  # whole batches of an epoch
BUDGET = 4  # seconds for each side of a row, so that all have the same chance of a quiet moment
WARM = 4  # goes

# Each sets `globalThis.steps`, which takes a number of steps and returns the milliseconds per step.
OURS = """async () => {
  const from = (name) => import(new URL(`javascripts/${name}.js`, document.baseURI));
  const [{ fetchDigits }, { Trainer }, { DEFAULTS }] = await Promise.all(
    ["sample-digits", "learning/trainer", "learning/settings"].map(from));
  globalThis.digits ??= await fetchDigits();
  const trainer = new Trainer(digits, DEFAULTS);
  globalThis.steps = (many) => {
    const start = performance.now();
    for (let step = 0; step < many; step++) {
      if (trainer.order.length - trainer.next < 128) trainer.next = trainer.order.length; // no short batches
      trainer.step();
    }
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


@pytest.fixture
def page(processes, tmp_path):
    """A page with the book's scripts and TensorFlow.js."""
    if not shutil.which("npm"):
        pytest.skip("needs npm: TensorFlow.js comes from there")
    (tmp_path / "package.json").write_text("{}")
    packages = [f"{name}@{VERSION}" for name in PACKAGES]
    command = ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--silent", *packages]
    processes.run(command, cwd=tmp_path, check=True, timeout=600)
    also = {"node_modules": tmp_path / "node_modules"}
    with browser_page(packed_digits(), also=also) as (page, _):
        yield page


def fastest(once, budget):
    """Return the smallest result of as many calls as fit into some seconds, since other programs can only slow a call
    down."""
    found, until = [once()], time.monotonic() + budget
    while time.monotonic() < until:
        found.append(once())
    return min(found)


def measured(page, make, *arguments, steps, budget, warm=1):
    """Return the seconds of a step in the fastest go of this many steps."""
    page.evaluate(make, *arguments)
    for _ in range(warm):  # code that is called often is compiled, and later compiled better
        page.evaluate("(many) => steps(many)", steps)
    return fastest(lambda: page.evaluate("(many) => steps(many)", steps), budget) / 1000


def test_a_step_in_the_browser(rounds, page, quick):
    budget = 0 if quick else BUDGET
    images, labels = load_sample().train
    images, labels = prepare_images(images)[: STEPS * BATCH], one_hot(labels)[: STEPS * BATCH]
    network = build_network()

    def in_keras():
        return fastest(
            lambda: seconds(network.fit, images, labels, batch_size=BATCH, epochs=1, verbose=0) / STEPS, budget
        )

    in_keras()

    def one_round():
        # A run takes about as long on each side, since a short run would find a quiet moment more often.
        ours = measured(page, OURS, steps=8, budget=budget, warm=WARM)
        return {
            "learn-wasm": (ours, measured(page, THEIRS, "wasm", steps=1, budget=budget)),
            "learn-cpu": (ours, measured(page, THEIRS, "cpu", steps=1, budget=budget)),
            "learn-keras": (ours, in_keras()),
        }

    rounds(one_round)


def test_the_longest_task_of_the_page(rounds, processes, quick, tmp_path):
    """This measures CPU time instead of seconds, since other programs can only make a task wait."""
    build = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", tmp_path / "site"]
    processes.run(build, cwd=ROOT, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"}, check=True, timeout=600)
    with browser_page(packed_digits(), also={"site": tmp_path / "site"}) as (page, _):
        address = f"{page.url}site/6-engine/"
        rounds(lambda: {"learn-task": (longest_task(page, address, epochs=1 if quick else 5), FRAME)})


def longest_task(page, address, epochs):
    """Return the CPU seconds of the page's longest task, from the moment that its reader presses Play."""
    page.goto(address)
    page.locator(".tb-learn").scroll_into_view_if_needed()
    panel = page.locator(".tb-learn__panel")
    panel.wait_for()
    browser = page.context.browser
    browser.start_tracing(page=page, categories=["__metadata", "toplevel"])
    panel.get_by_role("button", name="Show me").click()  # a digit to read meanwhile
    panel.get_by_role("button", name="Play").click()
    page.wait_for_function(
        "(epochs) => Number(document.querySelector('[data-count=epoch]').textContent) >= epochs", arg=epochs
    )
    events = json.loads(browser.stop_tracing())["traceEvents"]
    main = {
        (event["pid"], event["tid"])
        for event in events
        if event["name"] == "thread_name" and event["args"]["name"] == "CrRendererMain"
    }
    tasks = [
        event["tdur"]
        for event in events
        if event["name"] == "ThreadControllerImpl::RunTask" and (event["pid"], event["tid"]) in main and "tdur" in event
    ]
    assert len(tasks) > 100, "the page drew while the network learned"
    return max(tasks) / 1e6
