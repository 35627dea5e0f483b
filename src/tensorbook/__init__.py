"""tensorbook: a runnable introduction to neural networks.

Import each name from the module that defines it: ``from tensorbook.data import load_mnist``. Importing the package,
``tensorbook.data`` or ``tensorbook.ops`` does not load TensorFlow.
"""

__version__ = "0.1.0"
