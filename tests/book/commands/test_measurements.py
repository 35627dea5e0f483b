"""The commands that measure: settings are passed on and results printed."""

from types import SimpleNamespace

from tensorbook.book.results import compare_keras as side_by_side
from tensorbook.book.results import disturbances, op_timings, strangers_handwriting, train_handwriting_network
from tensorbook.book.results import train_convnet as convnet
from tensorbook.book.results.op_timings import OpTimings, Timing


def test_op_timings_has_a_line_an_operation(book_command, monkeypatch, tmp_path):
    asked = []
    timings = OpTimings({}, [Timing("naive_relu", "(2,)", 3.0, 0.001, 0.5)])
    monkeypatch.setattr(op_timings, "measure_op_timings", lambda out: asked.append(out) or timings)
    assert book_command("op-timings", "--out", tmp_path)[:2] == (0, "naive_relu: 3,000 times as long as NumPy\n")
    assert asked == [tmp_path]


def test_scratch_hands_its_settings_on_and_says_what_came_out(book_command, monkeypatch, tmp_path):
    asked = []

    def measure(data, out, *, done, **settings):
        asked.append((len(data.train.labels), out, settings))
        done("NumPy", 1.26)
        return SimpleNamespace(numpy=1.25, keras=2.5, ratio=0.5, accuracy=0.98, keras_accuracy=0.97)

    monkeypatch.setattr(side_by_side, "measure_scratch", measure)
    status, out, _ = book_command("scratch", "--out", tmp_path)
    assert (status, asked) == (0, [(4000, tmp_path, {"epochs": 5, "rounds": 3, "seed": 0})])
    assert out == "NumPy: 1.3 s\nNumPy 1.2 s, Keras 2.5 s, ratio 0.50; test accuracy 0.9800 and 0.9700\n"
    assert book_command("scratch", "--epochs", 1, "--rounds", 1, "--seed", 5, "--out", tmp_path)[0] == 0
    assert asked[1][2] == {"epochs": 1, "rounds": 1, "seed": 5}
    for option, value in (("--epochs", 0), ("--rounds", 0), ("--seed", -1)):
        assert book_command("scratch", option, value)[0] == 2
    assert len(asked) == 2


def test_convnet_hands_its_settings_on_and_says_what_came_out(book_command, monkeypatch, tmp_path):
    asked = []

    def measure(data, out, *, progress, **settings):
        asked.append((len(data.train.labels), out, settings))
        progress(7, 31, {"loss": 0.5, "accuracy": 0.5})
        return SimpleNamespace(accuracy=0.99, seconds=41.6, errors=96, first_errors=208, both_wrong=60)

    monkeypatch.setattr(convnet, "measure_convnet", measure)
    status, out, _ = book_command("convnet", "--out", tmp_path)
    assert (status, asked) == (0, [(4000, tmp_path, {"epochs": 8, "seed": 0})])
    assert "epoch 8 of 8" in out
    assert " 31/32 " in out
    assert out.endswith("test accuracy 0.9900 after 42 s: 96 errors, the first network 208, both 60\n")
    for option, value in (("--epochs", 0), ("--seed", -1)):
        assert book_command("convnet", option, value)[0] == 2
    assert len(asked) == 1


def test_disturbances_hands_its_settings_on_and_has_a_line_for_each(book_command, monkeypatch, tmp_path):
    asked = []

    def measure(test, out, *, done, **settings):
        asked.append((len(test.labels), out, settings))
        done(disturbances.Disturbance("dust", 0.9876, 0.25))

    monkeypatch.setattr(disturbances, "measure_disturbances", measure)
    status, out, _ = book_command("disturbances", "--out", tmp_path)
    assert (status, asked) == (0, [(1000, tmp_path, {"digits": 250, "seed": 0})])
    assert out == "dust: 0.988, before 0.250\n"
    for option in ("--digits", "--seed"):
        assert book_command("disturbances", option, -1)[0] == 2
    assert len(asked) == 1


def test_handwriting_hands_its_settings_on_and_says_what_came_out(book_command, monkeypatch, tmp_path):
    asked = []

    def measure(data, out, *, progress, **settings):
        asked.append((len(data.train.labels), out, settings))
        progress(0, 31, {"loss": 0.5, "accuracy": 0.5})
        return SimpleNamespace(accuracy=0.99, synthetic_accuracy=0.98, temperature=0.875, seconds=41.6)

    monkeypatch.setattr(train_handwriting_network, "measure_handwriting", measure)
    status, out, _ = book_command("handwriting", "--out", tmp_path)
    assert (status, asked) == (0, [(4000, tmp_path, {"seed": 0})])
    assert out.endswith("test accuracy 0.9900, 0.9800 of synthetic digits, temperature 0.88, after 42 s\n")
    assert book_command("handwriting", "--seed", -1)[0] == 2
    assert len(asked) == 1


def test_strangers_has_a_line_for_each_network(book_command, monkeypatch, tmp_path):
    asked = []

    def measure(test, out, *, progress):
        asked.append((len(test.labels), out))
        progress(5, 10)
        half = SimpleNamespace(read=0.9, sure_and_wrong=0.01)
        return SimpleNamespace(networks=[SimpleNamespace(name="one", mnist=half, first_half=half, second_half=half)])

    monkeypatch.setattr(strangers_handwriting, "measure_strangers", measure)
    status, out, _ = book_command("strangers", "--out", tmp_path)
    assert (status, asked) == (0, [(1000, tmp_path)])
    assert out.endswith(
        "one: 0.9000 of the first half, 0.9000 of the second, 0.0100 wrong but sure; 0.9000 of MNIST's\n"
    )
