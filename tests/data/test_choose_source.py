import pickle

import numpy as np
import pytest

from tensorbook.data import DataError, choose_source, download_mnist, find_mnist, load_mnist


@pytest.fixture
def three(archive, cached, digits, monkeypatch):
    """A path, a variable and a cache, each with a good file."""
    variable = archive.with_name("variable.npz")
    for path in (variable, cached):
        np.savez(path, **digits)
    monkeypatch.setenv("TENSORBOOK_MNIST", str(variable))
    return archive, variable, cached


def test_the_path_comes_before_the_variable_and_the_variable_before_the_cache(three, monkeypatch):
    path, variable, cached = three
    assert str(find_mnist(path)) == f"{path} (the path that was given)"
    assert str(find_mnist()) == f"{variable} (named by TENSORBOOK_MNIST)"
    monkeypatch.setenv("TENSORBOOK_MNIST", "")
    assert str(find_mnist()) == f"{cached} (Keras's cache)"
    cached.unlink()
    assert find_mnist() == ("download", download_mnist.URL, f"to be downloaded: {cached} does not exist")


def test_where_names_the_place_that_load_mnist_uses(three, digits, same):
    path, variable, _ = three
    variable.write_bytes(b"")
    assert same(load_mnist(path), digits)
    for call in (load_mnist, find_mnist):
        with pytest.raises(DataError, match=r"variable.npz .*\(named by TENSORBOOK_MNIST\)"):
            call()


@pytest.mark.usefixtures("three")
def test_a_wrong_path_is_an_error_though_variable_and_cache_are_good():
    with pytest.raises(DataError, match=r"nowhere does not exist \(the path that was given"):
        load_mnist("nowhere")


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize("wrong", ["/nowhere", "samples.npz"])
def test_a_wrong_variable_is_an_error_though_the_cache_is_good(monkeypatch, wrong):
    monkeypatch.setenv("TENSORBOOK_MNIST", wrong)
    with pytest.raises(DataError, match=rf"{wrong} does not exist \(named by TENSORBOOK_MNIST"):
        load_mnist()


@pytest.mark.parametrize("value", ["sample ", "sample\t", '"sample"', " 'sample'\r"])
def test_the_variable_may_have_the_spaces_and_quotes_of_windows_around_it(monkeypatch, value, three):
    _, variable, cached = three
    monkeypatch.setenv("TENSORBOOK_MNIST", value)
    assert find_mnist().kind == "sample"
    monkeypatch.setenv("TENSORBOOK_MNIST", value.replace("sample", str(variable)))
    assert find_mnist().place == str(variable)
    monkeypatch.setenv("TENSORBOOK_MNIST", value.replace("sample", ""))
    assert find_mnist().place == str(cached)


def test_only_the_variable_takes_the_word_sample(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DataError, match="sample does not exist"):
        load_mnist("sample")


def test_the_message_is_one_line_with_every_way_out():
    with pytest.raises(DataError) as error:
        load_mnist("nowhere.npz")
    assert str(error.value) == (
        "MNIST is needed, but nowhere.npz does not exist (the path that was given). "
        "To fix this: set TENSORBOOK_MNIST to an mnist.npz file or to a folder of the four IDX files; "
        "set TENSORBOOK_MNIST=sample for 5,000 digits without internet access "
        '(they come with `pip install "tensorbook[sample]"`); '
        "or unset it and run `tensorbook data fetch`."
    )


@pytest.mark.parametrize(("failed", "way"), [("download", "data fetch"), ("sample", "TENSORBOOK_MNIST=sample")])
def test_what_has_just_failed_is_no_way_out(monkeypatch, failed, way):
    def fail(*_):
        raise DataError("it can't be had")

    monkeypatch.setattr(choose_source.cache, "download", fail)
    monkeypatch.setattr(choose_source, "load_sample", fail)
    monkeypatch.setenv("TENSORBOOK_MNIST", "sample" if failed == "sample" else "")
    with pytest.raises(DataError, match=r"^MNIST is needed, but it can't be had\. To fix this: .*; or .*\.$") as error:
        load_mnist()
    assert way not in str(error.value)
    assert str(error.value).count("set TENSORBOOK_MNIST") + str(error.value).count("data fetch") == 2


def test_the_arrays_are_the_callers_to_change(archive):
    first = load_mnist(archive)
    first.train.images[:] = 0
    assert load_mnist(archive).train.images.any()


def test_the_digits_survive_a_pickle(archive, digits, same):
    assert same(pickle.loads(pickle.dumps(load_mnist(archive))), digits)
