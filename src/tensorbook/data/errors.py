"""What data can have against it: one error, one warning, and the ways out."""

from tensorbook.errors import UserError

VARIABLE = "TENSORBOOK_MNIST"
INSTALL_SAMPLE = 'pip install "tensorbook[sample]"'

# By the kind of source that each of them is.
WAYS_OUT = {
    "file": f"set {VARIABLE} to an mnist.npz file or to a folder of the four IDX files",
    "sample": f"set {VARIABLE}=sample for 5,000 digits without a network (they come with `{INSTALL_SAMPLE}`)",
    "download": "unset it and run `tensorbook data fetch`",
}


class DataError(UserError, ValueError):
    """Data is missing, damaged or not what it has to be; the message is one line for a person."""


class SampleWarning(UserWarning):
    """The digits are the 5,000-digit sample where MNIST's 70,000 were asked for."""


def with_ways_out(reason: object, tried: str) -> DataError:
    """Return the error that says what was needed, what came, and each way out.

    Args:
        reason: What came in place of MNIST.
        tried: The kind of source that failed. Another file may be a good one, but the sample and a download are what
            they are: they are no way out of their own failure.
    """
    *ways, last = (way for kind, way in WAYS_OUT.items() if kind == "file" or kind != tried)
    return DataError(f"MNIST is needed, but {reason}. Ways out: {'; '.join(ways)}; or {last}.")
