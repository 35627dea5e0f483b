"""Which tests have to notice a fault, by the module that the fault is in; its own docstrings are always among them."""

_PICTURES = ("tests/test_pictures.py",)
_DIAGRAMS = ("tests/test_diagrams.py",)
_EXERCISES = ("tests/test_exercises.py",)
_DRIFT = ("tests/book/test_drift.py",)
_RESULTS = ("tests/book/test_results.py",)
_FURTHER = ("tests/book/test_further.py",)
_BENCH = ("tests/book/test_bench.py",)
_MUTANTS = ("tests/book/test_mutants.py",)
_PAGES = ("tests/book/test_pages.py",)
_EXAMPLES = (
    "tests/book/test_pages_are_collected.py",
    "tests/book/test_outputs_can_fail.py",
    "tests/book/test_plugin.py",
    "tests/book/test_update_docs.py",
)
_NOTEBOOKS = ("tests/book/test_notebooks.py", "tests/book/test_notebooks_on_the_site.py")
_FUZZED = ("tests/fuzz/test_targets.py", "tests/fuzz/test_inputs.py")

TESTS: dict[str, tuple[str, ...]] = {
    # What the chapters teach.
    "ops": ("tests/test_ops.py",),
    "scratch": ("tests/test_scratch.py",),
    "models": ("tests/test_models.py",),
    "training": ("tests/test_training.py",),
    "distributed": ("tests/test_distributed.py",),
    "cluster": ("tests/test_cluster.py",),
    "plotting": ("tests/test_plotting.py", *_PICTURES),
    "curves": ("tests/test_curves.py", *_PICTURES),
    "photos": ("tests/test_photos.py", *_PICTURES),
    "drawings": ("tests/test_drawings.py", "tests/test_drawings_slowly.py"),
    "data/prepare": ("tests/data/test_prepare.py",),
    "data/identity": ("tests/data/test_identity.py", "tests/data/test_npz.py"),
    "data/idx": ("tests/data/test_idx.py",),
    "data/npz": ("tests/data/test_npz.py",),
    "data/streams": ("tests/data/test_streams.py", "tests/data/test_idx.py", "tests/data/test_npz.py"),
    "data/sample": ("tests/data/test_sample.py",),
    "data/sources": (
        "tests/data/test_sources.py",
        "tests/data/test_mnist.py",
        "tests/data/test_sample.py",
        "tests/data/test_download.py",
    ),
    "data/leftovers": ("tests/data/test_disks.py",),
    "data/cache": ("tests/data/test_download.py", "tests/data/test_disks.py"),
    "data/download": ("tests/data/test_download.py", "tests/data/test_networks.py"),
    # Its exercises.
    "exercises/__init__": _EXERCISES,
    "exercises/answers": _EXERCISES,
    "exercises/better_network": _EXERCISES,
    "exercises/data": _EXERCISES,
    "exercises/engine": _EXERCISES,
    "exercises/engine_by_hand": _EXERCISES,
    "exercises/marking": _EXERCISES,
    "exercises/more_machines": _EXERCISES,
    "exercises/network": _EXERCISES,
    "exercises/operations": _EXERCISES,
    "exercises/slicing": _EXERCISES,
    "exercises/tensors": _EXERCISES,
    "exercises/your_own_digits": _EXERCISES,
    # The record of the run, and the gates.
    "book/record": ("tests/book/test_record.py", *_RESULTS, "tests/book/test_weights.py"),
    "book/running": ("tests/book/test_running.py", "tests/book/test_bad_data.py"),
    "book/training": ("tests/book/test_results_folder.py",),
    "book/weights": ("tests/book/test_weights.py", *_RESULTS),
    "book/whole": ("tests/book/test_whole.py",),
    "book/drift": _DRIFT,
    "book/seeds": ("tests/book/test_seeds.py",),
    "book/further": (*_FURTHER, *_BENCH),
    "book/convnet": (*_PICTURES, *_FURTHER),
    "book/side_by_side": _FURTHER,
    "book/workers": ("tests/book/test_workers.py",),
    "book/mutants": _MUTANTS,
    "book/tried": ("tests/book/test_tried.py",),
    "book/faults": ("tests/book/test_faults.py",),
    "book/warm": ("tests/book/test_warm.py",),
    "book/outside": ("tests/book/test_outside_links.py",),
    "book/fuzz/__main__": ("tests/fuzz/test_guessing.py",),
    "book/fuzz/files": _FUZZED,
    "book/fuzz/mnist": _FUZZED,
    "book/fuzz/run": ("tests/fuzz/test_outcomes.py",),
    "book/fuzz/small": _FUZZED,
    # What is measured.
    "book/bench": (*_PICTURES, *_BENCH),
    "book/benchmarks": _BENCH,
    "book/measuring": _BENCH,
    "book/speeds": ("tests/book/test_speeds.py",),
    # The pages.
    "book/examples": _EXAMPLES,
    "book/testing": _EXAMPLES,
    "book/sensitivity": _EXAMPLES,
    "book/page_runs": ("tests/book/test_page_runs.py", "tests/book/test_plugin.py"),
    "book/pages": (*_PAGES, *_RESULTS),
    "book/plain_code": _PAGES,
    "book/serving": _PAGES,
    "book/mathml": _PAGES,
    "book/reading": ("tests/book/test_reading_time.py",),
    "book/forms": (*_RESULTS, *_BENCH),
    "book/figures": (*_RESULTS, *_PICTURES),
    "book/pictures": (*_RESULTS, *_PICTURES),
    "book/card": ("tests/book/test_card.py",),
    "book/diagrams/__init__": _DIAGRAMS,
    "book/diagrams/cells": _DIAGRAMS,
    "book/diagrams/networks": _DIAGRAMS,
    "book/diagrams/operations": _DIAGRAMS,
    "book/diagrams/plots": _DIAGRAMS,
    "book/diagrams/shapes": _DIAGRAMS,
    "book/diagrams/svg": _DIAGRAMS,
    "book/diagrams/tensors": _DIAGRAMS,
    "book/notebooks/build": _NOTEBOOKS,
    "book/notebooks/cells": _NOTEBOOKS,
    "book/notebooks/chapters": _NOTEBOOKS,
    "book/notebooks/downloads": _NOTEBOOKS,
    "book/notebooks/execution": ("tests/book/test_execution.py", *_NOTEBOOKS),
    "book/notebooks/hooks": _NOTEBOOKS,
    "book/notebooks/links": _NOTEBOOKS,
    "book/notebooks/page": _NOTEBOOKS,
    "book/notebooks/pictures": _NOTEBOOKS,
    # The command line.
    "cli/__init__": ("tests/cli/test_door.py",),
    "cli/data": ("tests/cli/test_door.py",),
    "cli/further": ("tests/cli/test_further.py",),
    "cli/gates": ("tests/cli/test_gates.py",),
    "cli/network": ("tests/cli/test_network.py",),
    "cli/notebooks": ("tests/cli/test_notebooks.py",),
    "cli/robust": ("tests/cli/test_robust.py",),
    "cli/speed": ("tests/cli/test_speed.py",),
    "cli/terminal": ("tests/cli/test_terminal.py",),
}
# The tests of these have nothing to say of the sample.
ON_FULL_MNIST = ("book/card", "book/examples", "book/page_runs", "book/sensitivity", "book/testing")
