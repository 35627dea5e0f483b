"""Chapter 5's loops compared with NumPy: the same numbers, shapes and dtypes, and clear errors."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from tensorbook import ops

LENGTHS = st.integers(0, 5)
SHAPES = hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4)
MATRICES = st.tuples(LENGTHS, LENGTHS)
ROWS = st.one_of(st.tuples(st.integers(1, 5)), st.tuples(LENGTHS, st.integers(1, 5)))


def floats(shape):
    return hnp.arrays(np.float64, shape, elements=st.floats(-1000, 1000, allow_subnormal=False))


@st.composite
def arrays_of(draw, *shapes):
    """Draw a length for each letter, then a float64 array for each shape: ``"ab"`` is a matrix of a rows."""
    lengths = {letter: draw(LENGTHS) for letter in sorted(set("".join(shapes)))}
    return tuple(draw(floats(tuple(lengths[letter] for letter in shape))) for shape in shapes)


def same(got, expected):
    np.testing.assert_array_equal(got, expected, strict=True)


def close(got, expected):
    np.testing.assert_allclose(got, expected, rtol=1e-9, atol=1e-6, strict=True)


@given(SHAPES.flatmap(floats))
def test_relu_is_the_maximum_with_zero_for_any_shape(x):
    same(ops.naive_relu(x), np.maximum(x, 0))


def test_relu_lets_what_is_not_a_number_be_seen():
    same(ops.naive_relu(np.array([np.nan, -np.inf, np.inf])), np.array([np.nan, 0, np.inf]))


@given(SHAPES.flatmap(lambda shape: st.tuples(floats(shape), floats(shape))))
def test_addition_is_that_of_numpy_for_any_shape(arrays):
    x, y = arrays
    same(ops.naive_add(x, y), x + y)


@given(arrays_of("nm", "m"))
def test_adding_a_vector_to_a_matrix_broadcasts_as_numpy_does(arrays):
    x, y = arrays
    same(ops.naive_add_matrix_and_vector(x, y), x + y)


@given(arrays_of("n", "n"))
def test_the_dot_product_of_vectors_is_that_of_numpy_as_a_python_float(arrays):
    x, y = arrays
    total = ops.naive_vector_dot(x, y)
    assert type(total) is float
    assert total == pytest.approx(np.dot(x, y), abs=1e-6)


@given(arrays_of("nm", "m"))
def test_the_dot_product_of_matrix_and_vector_is_that_of_numpy(arrays):
    x, y = arrays
    close(ops.naive_matrix_vector_dot(x, y), np.dot(x, y))


@given(arrays_of("ab", "bc"))
def test_the_dot_product_of_matrices_is_that_of_numpy(arrays):
    x, y = arrays
    close(ops.naive_matrix_dot(x, y), np.dot(x, y))


@given(st.data())
def test_reshaping_keeps_the_order_that_numpy_keeps(data):
    new = data.draw(hnp.array_shapes(max_dims=4, min_side=0, max_side=4))
    old = data.draw(st.permutations([*new, 1]))
    x = data.draw(floats(tuple(old)))
    same(ops.naive_reshape(x, new), x.reshape(new))
    same(ops.naive_reshape(x, (x.size,)), x.ravel())


def test_reshaping_sees_a_transposed_matrix_by_its_rows():
    x = np.arange(6).reshape(2, 3).T
    same(ops.naive_reshape(x, (1, 6)), x.reshape(1, 6))


@given(MATRICES.flatmap(floats))
def test_transposing_is_that_of_numpy_and_its_own_inverse(x):
    same(ops.naive_transpose(x), x.T)
    same(ops.naive_transpose(ops.naive_transpose(x)), x)


def softmax(x):
    shares = np.exp(x - x.max(axis=-1, keepdims=True))
    return shares / shares.sum(axis=-1, keepdims=True)


@given(ROWS.flatmap(floats))
def test_softmax_of_a_vector_and_of_each_row_is_that_of_numpy(x):
    np.testing.assert_allclose(ops.naive_softmax(x), softmax(x), rtol=1e-12, strict=True)


@given(ROWS.flatmap(floats))
def test_softmax_gives_probabilities(x):
    result = ops.naive_softmax(x)
    assert ((result >= 0) & (result <= 1)).all()
    np.testing.assert_allclose(result.sum(axis=-1), 1.0)


def test_softmax_is_stable_where_the_exponential_is_too_large_for_a_float():
    same(ops.naive_softmax(np.array([1e308, 1e308, -1e308])), np.array([0.5, 0.5, 0.0]))


BINARY = {
    "naive_add": ((2, 3), (2, 3)),
    "naive_add_matrix_and_vector": ((2, 3), (3,)),
    "naive_vector_dot": ((3,), (3,)),
    "naive_matrix_vector_dot": ((2, 3), (3,)),
    "naive_matrix_dot": ((2, 3), (3, 2)),
}
UNARY = {"naive_relu": (2, 3), "naive_transpose": (2, 3), "naive_softmax": (2, 3), "naive_reshape": (2, 3)}


def call(name, *arrays):
    return getattr(ops, name)(*arrays, *([(3, 2)] if name == "naive_reshape" else []))


@pytest.mark.parametrize(("name", "shapes"), [*BINARY.items(), *((name, (shape,)) for name, shape in UNARY.items())])
def test_the_inputs_stay_as_they_were_and_the_result_is_a_new_array(name, shapes):
    arrays = [np.linspace(-1, 1, int(np.prod(shape))).reshape(shape) for shape in shapes]
    before = [array.copy() for array in arrays]
    for array in arrays:
        array.setflags(write=False)
    result = call(name, *arrays)
    for array, kept in zip(arrays, before, strict=True):
        same(array, kept)
        assert not np.shares_memory(result, array)
    if isinstance(result, np.ndarray):
        assert result.flags.writeable


@pytest.mark.parametrize("name", ["naive_add", "naive_add_matrix_and_vector"])
@pytest.mark.parametrize("left", [np.uint8, np.int64, np.float16, np.float32, np.float64])
@pytest.mark.parametrize("right", [np.uint8, np.int64, np.float16, np.float32, np.float64])
def test_a_sum_has_the_dtype_that_numpy_gives(name, left, right):
    x, y = (np.ones(shape, dtype) for shape, dtype in zip(BINARY[name], (left, right), strict=True))
    same(call(name, x, y), x + y)


@pytest.mark.parametrize("name", ["naive_matrix_vector_dot", "naive_matrix_dot"])
@pytest.mark.parametrize("left", [np.uint8, np.int64, np.float16, np.float32, np.float64])
@pytest.mark.parametrize("right", [np.uint8, np.int64, np.float16, np.float32, np.float64])
def test_a_dot_product_has_the_floating_dtype_that_numpy_gives_or_float64(name, left, right):
    x, y = (np.ones(shape, dtype) for shape, dtype in zip(BINARY[name], (left, right), strict=True))
    given_by_numpy = np.dot(x, y).dtype
    whole = np.issubdtype(given_by_numpy, np.integer)
    assert call(name, x, y).dtype == (np.float64 if whole else given_by_numpy)


@pytest.mark.parametrize("dtype", [np.uint8, np.int64, np.float16, np.float32])
@pytest.mark.parametrize("name", ["naive_relu", "naive_reshape", "naive_transpose"])
def test_relu_reshaping_and_transposing_keep_the_dtype(name, dtype):
    assert call(name, np.ones(UNARY[name], dtype)).dtype == dtype


@pytest.mark.parametrize(
    ("dtype", "expected"), [(np.int64, np.float64), (np.uint8, np.float64), (np.float32, np.float32)]
)
def test_softmax_keeps_a_floating_dtype_and_gives_float64_for_whole_numbers(dtype, expected):
    assert ops.naive_softmax(np.ones(3, dtype)).dtype == expected


def test_the_dot_product_of_uint8_pixels_does_not_run_over():
    pixels = np.array([200, 200], dtype=np.uint8)
    assert int(np.dot(pixels, pixels)) == 128  # NumPy's own: 80,000 modulo 256
    assert ops.naive_vector_dot(pixels, pixels) == 80_000


def test_nested_lists_will_do():
    same(ops.naive_matrix_dot([[1.0, 2.0]], [[3.0], [4.0]]), np.array([[11.0]]))
    same(ops.naive_reshape([1, 2], [2, 1]), np.array([[1], [2]]))


def test_a_forward_pass_in_loops_is_that_of_numpy():
    random = np.random.default_rng(0)
    images, kernel, bias = (random.normal(size=size).astype(np.float32) for size in [(3, 8), (8, 5), 5])
    in_loops = ops.naive_softmax(
        ops.naive_relu(ops.naive_add_matrix_and_vector(ops.naive_matrix_dot(images, kernel), bias))
    )
    np.testing.assert_allclose(in_loops, softmax(np.maximum(images @ kernel + bias, 0)), rtol=1e-5, strict=True)


MATRIX_AND_VECTOR = "needs a matrix and a vector as long as its rows, got shapes"


@pytest.mark.parametrize(
    ("name", "shapes", "message"),
    [
        ("add", [(2, 3), (3, 2)], "needs two tensors of the same shape, got shapes (2, 3) and (3, 2)"),
        ("add", [(2, 3), (3,)], "needs two tensors of the same shape, got shapes (2, 3) and (3,)"),
        ("add", [(3, 2), (2, 3)], "needs two tensors of the same shape, got shapes (3, 2) and (2, 3)"),
        ("add_matrix_and_vector", [(2, 3), (2,)], f"{MATRIX_AND_VECTOR} (2, 3) and (2,)"),
        ("add_matrix_and_vector", [(2, 3), (4,)], f"{MATRIX_AND_VECTOR} (2, 3) and (4,)"),
        ("add_matrix_and_vector", [(2, 3, 4), (3, 4)], f"{MATRIX_AND_VECTOR} (2, 3, 4) and (3, 4)"),
        ("add_matrix_and_vector", [(3,), ()], f"{MATRIX_AND_VECTOR} (3,) and ()"),
        ("add_matrix_and_vector", [(3,), (3,)], f"{MATRIX_AND_VECTOR} (3,) and (3,)"),
        ("add_matrix_and_vector", [(2, 3), (1, 3)], f"{MATRIX_AND_VECTOR} (2, 3) and (1, 3)"),
        ("vector_dot", [(3,), (2,)], "needs two vectors of equal length, got shapes (3,) and (2,)"),
        ("vector_dot", [(2,), (3,)], "needs two vectors of equal length, got shapes (2,) and (3,)"),
        ("vector_dot", [(2, 2), (2, 2)], "needs two vectors of equal length, got shapes (2, 2) and (2, 2)"),
        ("vector_dot", [(), ()], "needs two vectors of equal length, got shapes () and ()"),
        ("matrix_vector_dot", [(2, 3), (2,)], f"{MATRIX_AND_VECTOR} (2, 3) and (2,)"),
        ("matrix_vector_dot", [(3,), (2, 3)], f"{MATRIX_AND_VECTOR} (3,) and (2, 3)"),
        (
            "matrix_dot",
            [(2, 3), (4, 5)],
            "needs as many columns on the left as rows on the right, got shapes (2, 3) and (4, 5)",
        ),
        (
            "matrix_dot",
            [(4, 5), (2, 3)],
            "needs as many columns on the left as rows on the right, got shapes (4, 5) and (2, 3)",
        ),
        ("matrix_dot", [(2, 3), (3,)], "needs two matrices, got shapes (2, 3) and (3,)"),
        ("matrix_dot", [(3,), (3, 2)], "needs two matrices, got shapes (3,) and (3, 2)"),
        ("matrix_dot", [(3,), (3,)], "needs two matrices, got shapes (3,) and (3,)"),
        ("matrix_dot", [(1, 3, 3), (3, 3, 1)], "needs two matrices, got shapes (1, 3, 3) and (3, 3, 1)"),
        ("matrix_dot", [(1, 3, 3), (3, 3)], "needs two matrices, got shapes (1, 3, 3) and (3, 3)"),
        ("transpose", [(3,)], "needs a matrix, got shape (3,)"),
        ("transpose", [(2, 3, 4)], "needs a matrix, got shape (2, 3, 4)"),
        (
            "softmax",
            [(3, 0)],
            "needs a vector, or a matrix, with at least one entry in a row, got shape (3, 0)",
        ),
        (
            "softmax",
            [(2, 2, 2)],
            "needs a vector, or a matrix, with at least one entry in a row, got shape (2, 2, 2)",
        ),
        ("softmax", [()], "needs a vector, or a matrix, with at least one entry in a row, got shape ()"),
    ],
)
def test_shapes_that_do_not_fit_are_refused_and_named(name, shapes, message):
    with pytest.raises(ValueError, match=f"^{re.escape(f'naive_{name} {message}')}$"):
        getattr(ops, f"naive_{name}")(*(np.zeros(shape) for shape in shapes))


@pytest.mark.parametrize(
    ("new", "message"),
    [
        ((4, 2), "needs as many entries in the new shape as in the old, got shapes (2, 3) and (4, 2)"),
        ((), "needs as many entries in the new shape as in the old, got shapes (2, 3) and ()"),
        ((-1, 2), "needs the length of every axis, got shapes (2, 3) and (-1, 2)"),
        ((-2, -3), "needs the length of every axis, got shapes (2, 3) and (-2, -3)"),
        ((np.int64(-1),), "needs the length of every axis, got shapes (2, 3) and (-1,)"),
    ],
)
def test_reshaping_refuses_another_number_of_entries_and_an_axis_left_open(new, message):
    with pytest.raises(ValueError, match=f"^{re.escape(f'naive_reshape {message}')}$"):
        ops.naive_reshape(np.zeros((2, 3)), new)


def test_reshaping_to_half_an_entry_is_a_type_error():
    with pytest.raises(TypeError, match="float"):
        ops.naive_reshape(np.zeros((2, 3)), (2.5, 2))
