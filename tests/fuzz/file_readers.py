"""The targets of fuzzing: every reader of files that may come from a stranger."""

from fuzz.drawings_and_weights import drawing_seeds, fuzz_drawing, fuzz_weights, weights_seeds
from fuzz.harness import Target
from fuzz.mnist import fuzz_idx, fuzz_npz, idx_seeds, npz_seeds

TARGETS = {
    "npz": Target(fuzz_npz, npz_seeds),
    "idx": Target(fuzz_idx, idx_seeds),
    "drawing": Target(fuzz_drawing, drawing_seeds),
    "weights": Target(fuzz_weights, weights_seeds),
}
