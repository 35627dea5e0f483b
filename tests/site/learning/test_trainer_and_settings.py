"""How the panel trains: what it draws and shuffles, how its curves are computed, and how settings are written."""

import numpy as np
import pytest

from tensorbook.data import load_sample
from tensorbook.scratch import RMSprop
from tensorbook.training_settings import BATCH_SIZE, EPOCHS, HIDDEN_UNITS

IMPORT = """const from = (name) => import(`${base}javascripts/${name}.js`);
  const [{ fetchDigits }, { Trainer }, { Curves }, settings] = await Promise.all(
    ["sample-digits", "learning/trainer", "learning/curve-points", "learning/settings"].map(from));
  globalThis.digits ??= await fetchDigits();
  const digits = globalThis.digits;"""


@pytest.fixture
def run(quiet_page, address):
    """Run JavaScript with access to the panel's modules."""
    return lambda body: quiet_page.evaluate(f"async (base) => {{ {IMPORT} {body} }}", address)


def test_in_an_epoch_each_digit_comes_once_and_in_another_order_than_before(run):
    epochs = run("""
      const trainer = new Trainer(digits, { ...settings.DEFAULTS, batch: 512, units: 16 });
      const draw = () => { // an epoch: seven whole batches, and one that is short
        const drawn = Array.from({ length: 8 }, () => trainer.draw());
        return drawn.map(({ chosen, labels }) => [Array.from(chosen), Array.from(labels)]);
      };
      return [draw(), draw()];""")
    train_labels = load_sample().train.labels
    orders = []
    for epoch in epochs:
        assert [len(chosen) for chosen, _ in epoch] == [512] * 7 + [4000 - 7 * 512]
        orders.append([place for chosen, _ in epoch for place in chosen])
        assert sorted(orders[-1]) == list(range(4000))
        assert [label for _, labels in epoch for label in labels] == train_labels[orders[-1]].tolist()
    assert orders[0] != orders[1]


def test_the_same_seed_is_the_same_training_and_another_is_another(run):
    losses = run("""
      const settingsOf = { ...settings.DEFAULTS, units: 16 };
      return [0, 0, 1].map((seed) => {
        const trainer = new Trainer(digits, settingsOf, seed);
        return [1, 2, 3].map(() => trainer.step().loss);
      });""")
    assert losses[0] == losses[1] != losses[2]


@pytest.mark.parametrize(("share", "different"), [(0, 0), (30, 0.27), (100, 0.9)])
def test_shuffled_labels_are_as_many_of_each_class_as_before(run, share, different):
    """By chance, a tenth of the shuffled labels are of the same class as before."""
    labels = np.array(
        run(f"""
      return Array.from(new Trainer(digits, {{ ...settings.DEFAULTS, units: 16, shuffled: {share} }}).labels);""")
    )
    true = load_sample().train.labels
    assert np.array_equal(np.bincount(labels), np.bincount(true))
    assert np.mean(labels != true) == pytest.approx(different, abs=0.02)


def test_curves_are_means_of_the_training_and_tests_in_between(run):
    found = run("""
      const trainer = new Trainer(digits, { ...settings.DEFAULTS, units: 16 });
      const curves = new Curves(trainer);
      const losses = [];
      while (trainer.epoch < 4) losses.push(curves.step().loss);
      curves.test();
      curves.test(); // nothing new
      const { training, test } = curves.take();
      return { losses, training, test, final: trainer.evaluate(), more: curves.take() };""")
    training, test = found["training"], found["test"]
    assert training[0]["loss"] == found["losses"][0]
    assert training[1]["loss"] == pytest.approx(np.mean(found["losses"][1:5]))
    assert test[0]["epoch"] == 0
    assert test[0]["accuracy"] < 0.3
    assert test[-1] == {"epoch": 4, **found["final"]}
    gaps = np.diff([point["epoch"] for point in test])
    assert gaps[:6] == pytest.approx(0.256, abs=0.01), "a thousand digits"
    assert gaps[-2] == pytest.approx(1, abs=0.05), "later, an epoch"
    assert gaps[-1] > 0
    assert training[-1]["accuracy"] > 0.7
    assert found["more"] == {"training": [], "test": []}


def test_settings_survive_their_address(run):
    for words, expected in {
        "chapter-2": {},
        "lr-0.1,sgd": {"rate": 0.1, "optimizer": "sgd"},
        "lr-0.00001": {"rate": 1e-5},
        "batch-1,units-16,no-relu,shuffled-100": {"batch": 1, "units": 16, "activation": "none", "shuffled": 100},
    }.items():
        found = run(f"""
          const {{ settings: one, unknown }} = settings.fromWords("{words}");
          return [one, unknown, settings.toWords(one), settings.DEFAULTS];""")
        assert found[:3] == [{**found[3], **expected}, [], words]


def test_an_address_that_means_nothing_gives_the_defaults_and_says_which_words_it_does_not_know(run):
    for words, changed, unknown in (
        ("", {}, []),
        ("lr-abc,<b>,batch--1", {}, ["lr-abc", "<b>", "batch--1"]),
        ("lr-99999,units-700,batch-100,shuffled-400", {"rate": 10, "units": 512, "batch": 128, "shuffled": 100}, []),
        ("lr-0,adam", {"rate": 1e-5}, ["adam"]),
    ):
        found = run(f"""
          const found = settings.fromWords({words!r});
          return [found.settings, found.unknown, settings.DEFAULTS];""")
        assert found[:2] == [{**found[2], **changed}, unknown]


def test_every_experiment_is_written_as_its_settings_would_be(run):
    for words, again in run("""
      const { EXPERIMENTS, fromWords, toWords } = settings;
      return EXPERIMENTS.map(({ words }) => [words, toWords(fromWords(words).settings)]);"""):
        assert words == again


def test_the_defaults_are_chapter_2_s_settings(run):
    defaults, [first, *_] = run("return [settings.DEFAULTS, settings.EXPERIMENTS];")
    assert defaults == {
        "rate": RMSprop.learning_rate,
        "optimizer": "rmsprop",
        "batch": BATCH_SIZE,
        "units": HIDDEN_UNITS,
        "activation": "relu",
        "shuffled": 0,
    }
    assert (first["words"], first["epochs"]) == ("chapter-2", EPOCHS)


def test_every_optimizer_and_activation_on_offer_trains(run):
    networks = run("""
      const { activation, optimizer } = settings.RANGES;
      const pairs = optimizer.flatMap((how) => activation.map((what) => ({ optimizer: how, activation: what })));
      return pairs.map((pair) => {
        const trainer = new Trainer(digits, { ...settings.DEFAULTS, units: 16, batch: 8, ...pair });
        trainer.step();
        return trainer.network.output.kernel.map((row) => Array.from(row).join()).join();
      });""")
    assert len(networks) >= 4
    assert len(set(networks)) == len(networks), "each in its own way"
