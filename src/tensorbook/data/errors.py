"""Errors and warnings about data, with the possible remedies."""

from tensorbook.errors import UserError

VARIABLE = "TENSORBOOK_MNIST"
INSTALL_SAMPLE = 'pip install "tensorbook[sample]"'

# A remedy for each kind of source.
REMEDIES = {
    "file": f"set {VARIABLE} to an mnist.npz file or to a folder of the four IDX files",
    "sample": f"set {VARIABLE}=sample for 5,000 digits without internet access (they come with `{INSTALL_SAMPLE}`)",
    "download": "unset it and run `tensorbook data fetch`",
}


class DataError(UserError, ValueError):
    """Data is missing, damaged or not as expected; the message is one line for the user."""


class SampleWarning(UserWarning):
    """The data is the 5,000-digit sample instead of MNIST's 70,000 digits."""


def with_remedies(reason: object, tried: str) -> DataError:
    """Return an error that says what was needed, what was found, and how to fix it.

    Args:
        reason: What was found instead of MNIST.
        tried: The kind of source that failed. After a bad file, another file may help; the sample and the download
            can't remedy their own failure.
    """
    *ways, last = (way for kind, way in REMEDIES.items() if kind == "file" or kind != tried)
    return DataError(f"MNIST is needed, but {reason}. To fix this: {'; '.join(ways)}; or {last}.")
