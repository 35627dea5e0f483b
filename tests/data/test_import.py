import sys

HEAVY = ("tensorflow", "keras", "pandas", "pooch", "requests", "mlxtend", "sklearn", "matplotlib", "typer")


def test_importing_the_data_package_imports_nothing_heavy(processes):
    code = f"import sys, tensorbook.data; print([m for m in {HEAVY!r} if m in sys.modules])"
    done = processes.run([sys.executable, "-c", code], check=True)
    assert done.stdout == "[]\n"


def test_loading_the_sample_imports_neither_pandas_nor_keras(processes):
    code = (
        "import sys; from tensorbook.data import load_sample; load_sample();"
        f"print([m for m in {HEAVY!r} if m in sys.modules])"
    )
    done = processes.run([sys.executable, "-c", code], check=True)
    assert done.stdout == "['mlxtend']\n"
