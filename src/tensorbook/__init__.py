"""tensorbook: a runnable introduction to neural networks.

Import from the module that owns the name: ``from tensorbook.data import load_mnist``. Importing the package,
``tensorbook.data`` or ``tensorbook.ops`` loads no TensorFlow; only ``tensorbook.models`` does.
"""

__version__ = "0.1.0"
