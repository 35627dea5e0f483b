"""What data can have against it: one error, one warning, and the ways out."""

VARIABLE = "TENSORBOOK_MNIST"
INSTALL_SAMPLE = 'pip install "tensorbook[sample]"'

WAYS_OUT = (
    f"Ways out: set {VARIABLE} to an mnist.npz file or to a folder of the four IDX files; "
    f"set {VARIABLE}=sample for 5,000 digits without a network (they come with `{INSTALL_SAMPLE}`); "
    "or unset it and run `tensorbook data fetch`."
)


class DataError(ValueError):
    """Data is missing, damaged or not what it has to be; the message is one line for a person."""


class SampleWarning(UserWarning):
    """The digits are the 5,000-digit sample where MNIST's 70,000 were asked for."""


def with_ways_out(reason: object) -> DataError:
    """Return the error that says what was needed, what came, and each way out."""
    return DataError(f"MNIST is needed, but {reason}. {WAYS_OUT}")
