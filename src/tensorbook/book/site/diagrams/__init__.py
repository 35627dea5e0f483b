"""The book's diagrams, drawn by code as inline SVG, so that they follow the page's colours and font.

Only the standard library is imported, since the diagrams are drawn while the site is built.
"""

from collections.abc import Callable
from functools import cache

from tensorbook.book.site.diagrams import (
    computation_graph,
    geometry,
    networks,
    operations,
    pixel_and_convolution,
    plots,
    shapes,
    tensors,
    workers,
)

DIAGRAMS: dict[str, Callable[[], str]] = {
    "ranks": tensors.ranks,
    "mnist-tensor": tensors.mnist_tensor,
    "slices": tensors.slices,
    "batches": tensors.batches,
    "broadcasting": operations.broadcasting,
    "vector-dot": operations.vector_dot,
    "dot": operations.dot,
    "reshape": shapes.reshape,
    "transpose": shapes.transpose,
    "network": networks.network,
    "training-loop": networks.training_loop,
    "relu": plots.relu,
    "softmax": plots.softmax,
    "gradient-step": plots.gradient_step,
    "computation-graph": computation_graph.computation_graph,
    "moves": geometry.moves,
    "line-and-fold": geometry.line_and_fold,
    "workers": workers.workers,
    "pixel": pixel_and_convolution.pixel,
    "convolution": pixel_and_convolution.convolution,
}


@cache  # a build needs each diagram for its page, for the notebooks and for their alternative texts
def draw(name: str) -> str:
    """Return a diagram as one line of SVG.

    Args:
        name: One of the names in ``DIAGRAMS``.

    Raises:
        ValueError: There is no diagram of that name.
    """
    if name not in DIAGRAMS:
        raise ValueError(f"there is no diagram {name!r}; choose one of {', '.join(DIAGRAMS)}")
    return DIAGRAMS[name]()
