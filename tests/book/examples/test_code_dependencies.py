"""What a block needs from above is found in its code, and the code that is copied with it is enough to run it."""

import builtins
import dis
import doctest
import os
import re
import types
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from sybil import Document

from tensorbook.book.examples.code_dependencies import Needs, Statement, find_needs
from tensorbook.book.examples.example_parsers import PythonFenceParser

ROOT = Path(__file__).parents[3]
PAGES = sorted((ROOT / "docs").glob("[0-9]*-*.md"))


def needs(*blocks):
    """Return what the last of some blocks needs: the sources of the statements that are copied with it."""
    parsed = [[Statement(code) for code in block.split("; ")] for block in blocks]
    return [parsed[block][statement].source for block, statement in find_needs(parsed)[-1].statements]


@pytest.mark.parametrize(
    ("blocks", "needed"),
    [
        (["a = 1", "b = 2", "a"], ["a = 1"]),
        (["a = 1", "a = 2", "a"], ["a = 2"]),
        (["a = 1", "b = a + 1", "c = 3", "b"], ["a = 1", "b = a + 1"]),
        (["a = 1", "a = 2; a"], []),
        (["a = 1", "for a in (1, 2): print(a)"], []),
        (["a = 1", "for b in c(): a = 2", "a"], ["a = 1", "for b in c(): a = 2"]),  # the loop may not run at all
        (["a = 1", "if b: a = 2", "a"], ["a = 1", "if b: a = 2"]),
        (["a = 1", "a += 1", "a"], ["a = 1", "a += 1"]),
        (["import a", "b = [a for a in (1, 2)]", "a.b"], ["import a"]),
        (["a = 1", "f = lambda: a", "f()"], ["a = 1", "f = lambda: a"]),
        (["with open('x') as a: b = a.read()", "b"], ["with open('x') as a: b = a.read()"]),
        (["a, b = 1, 2", "b"], ["a, b = 1, 2"]),
        (["a = make()", "a.argmax().item(); a.any()", "a"], ["a = make()"]),
    ],
)
def test_a_name_leads_to_what_bound_it(blocks, needed):
    assert needs(*blocks) == needed


@pytest.mark.parametrize(
    "change",
    ["a.append(1)", "a[0] = 1", "a.b = 1", "b = a; b[0] = 1", "for b in a: b.c = 1", "a.strange()", "strange(a)",
     "b = {1: [a]}; b[1][0].c = 1", "b, c = a, 1; b[0] = c", "del_(x=a)", "b = a.reshape(2); b[0] = 1", "a(1)",
     "a.sort()", "a += [1]", "with a as b: b.c = 1", "next(a)", "b = [c for c in a]; b[0].d = 1"],
)  # fmt: skip
def test_what_may_have_changed_an_object_is_kept(change):
    assert needs("a = b = make()", change, "a") == ["a = b = make()", *change.split("; ")]


@pytest.mark.parametrize("harmless", ["a.sum()", "a.mean().item()", "print(a)", "len(a)", "a == 1", "a.b", "a[0]"])
def test_what_leaves_an_object_as_it_was_is_left_out(harmless):
    assert needs("a = make()", harmless, "a") == ["a = make()"]


def test_a_function_is_followed_into_its_body():
    define = "def change(x, y):\n    z = y.part\n    z[0] = n\n    return x"
    for changed in ("a", "b"):  # a function that changes anything may change all of its arguments
        assert needs("a = make()", "b = make()", "n = 1", define, "change(a, b)", changed) == [
            "a = make()", "b = make()", "n = 1", define, "change(a, b)",
        ]  # fmt: skip
    look = "def look(x):\n    return x.sum() + n"
    assert needs("a = make()", "n = 1", look, "look(a)", "a") == ["a = make()"]
    assert needs("b = make()", "n = 1", define, "n = 2", "c = change(1, y=b)", "c") == [
        "b = make()", define, "n = 2", "c = change(1, y=b)",
    ]  # fmt: skip


def test_a_function_that_changes_a_name_of_the_page_is_kept_where_it_is_called():
    grow = "def grow():\n    a.append(1)"
    assert needs("a = []", grow, "a") == ["a = []"]
    assert needs("a = []", grow, "grow()", "a") == ["a = []", grow, "grow()"]
    assert needs("a = []", grow, "each(grow)", "a") == ["a = []", grow, "each(grow)"]


def test_a_function_that_is_copied_brings_what_it_will_read():
    assert needs("import numpy as np", "a = 1", "def f(x):\n    return np.abs(x)") == ["import numpy as np"]
    [_, _, found] = find_needs([[Statement("import a")], [Statement("b = 1")], [Statement("class C:\n    c = a, b")]])
    assert found == Needs(("b", "a"), ((0, 0), (1, 0)))


def test_a_recursive_function_is_read_once():
    assert needs("n = 1", "def f(x):\n    return f(x - n) if x else 0", "f(3)") == [
        "n = 1",
        "def f(x):\n    return f(x - n) if x else 0",
    ]


def test_a_seed_is_kept_where_random_numbers_are_drawn():
    seed, imported = "keras.utils.set_random_seed(0)", "import keras"
    assert needs(imported, seed, "keras.layers.Dense(1)") == [imported, seed]
    assert needs(imported, seed, "keras.ops.add(1, 2)") == [imported]
    assert needs(imported, seed, seed.replace("0", "1"), "keras.layers.Dense(1)") == [imported, seed.replace("0", "1")]


@pytest.mark.parametrize(
    "block",
    ["random = numpy.random.default_rng(0); b = random; b.normal(); random.choice(3)",
     "a = []; a.append(numpy.zeros(2))", "def f(g): return g(1)", "def f(draw, *layers): return draw.strange(layers)"],
)  # fmt: skip
def test_no_seed_is_kept_where_nothing_is_drawn_from_it(block):
    assert needs("import keras, numpy", "keras.utils.set_random_seed(0)", block) == (
        ["import keras, numpy"] if "numpy" in block else []
    )


@pytest.mark.parametrize(
    "block",
    ["random = make(numpy.random.default_rng(0)); random.normal()", "def f(layer): return layer(1)\nf(layer)",
     "def f(layer): return layer(1)\nf(keras.layers.Dense(1))", "layers = [keras.layers.Dense(1)]; layers[0](1)"],
)  # fmt: skip
def test_a_seed_is_kept_where_it_may_be_drawn_from(block):
    seed = "keras.utils.set_random_seed(0)"
    assert seed in needs("import keras, numpy", "layer = make()", seed, block)


def test_an_example_that_fails_binds_nothing_for_sure():
    blocks = [[Statement("a = 1")], [Statement("a = f()", fails=True)], [Statement("a")]]
    assert find_needs(blocks)[-1].statements == ((0, 0), (1, 0))


# Statements about lists a and b and lists of lists c and d, which share their parts in every possible way.
TEMPLATES = [
    "{x} = [1, 2]", "{x} = {y}", "{x} = list({y})", "{x} = {y} + [3]", "{x}.append(4)", "{x}[0] = 5", "{x} += [6]",
    "{x}.sort(reverse=True)", "{n} = [{x}, {y}]", "{n}[0].append(7)", "{n}.append({x})", "{x} = {n}[-1]",
    "{n} = {m}", "{n} = {m} + [{x}]", "{n}[0] = {x}", "{x}, {y} = {y}, {x}", "{x} = {y} if len({y}) > 2 else {x}",
    "for i in range(2):\n    {x}.append(i)", "if len({x}) > 3:\n    {y} = [8]", "for {x} in {n}:\n    {y} = {x}",
    "while len({x}) < 4:\n    {x}.append(0)", "try:\n    {x} = [int('z')]\nexcept ValueError:\n    {y} = {x}",
    "{x} = [part for part in {n}][0]", "[part.append(1) for part in {n}]", "{x} = (lambda p: p)({y})",
    "f = lambda p: p.append(2) or {x}", "def f(p, q={x}):\n    p.append(9)\n    return q", "{x} = f({y})", "f({x})",
    "def f(p):\n    {x}.append(1)\n    return {y}", "def f(p):\n    global {x}\n    {x} = [11]\n    return p",
    "def f(p):\n    if len(p) > 3:\n        return {x}\n    q = p\n    q[0] = 12\n    return {n}[0]",
    "def g(p):\n    def k():\n        p.append({x}[0])\n    return k", "k = g({x})", "k()",
    "{x} = list(map(f, {n}))[0]",
    "k = lambda: {x}.append(13)", "k = f", "class C:\n    def __init__(self, p):\n        self.p = p", "o = C({x})",
    "o.p.append(14)", "{x} = o.p", "o = C({n}[0])", "o.p = {x}",
]  # fmt: skip
START = [
    "a = [1]", "b = [2]", "c = [a]", "d = [[3]]", "k = a.sort", "def f(p):\n    return p",
    "def g(p):\n    return p.sort", "class C:\n    def __init__(self, p):\n        self.p = p", "o = C(b)",
]  # fmt: skip
lists, nested = st.sampled_from("ab"), st.sampled_from("cd")
programs = st.lists(
    st.builds(
        lambda template, x, y, n, m: template.format(x=x, y=y, n=n, m=m),
        st.sampled_from(TEMPLATES), lists, lists, nested, nested,
    ),
    min_size=1, max_size=12,
)  # fmt: skip


def result_of(codes):
    """Return the value of a program's last statement."""
    names = {}
    for code in codes[:-1]:
        exec(compile(code, "program", "exec"), names)
    return repr(eval(codes[-1], names))


@settings(
    max_examples=3000 if os.environ.get("TENSORBOOK_NIGHTLY") else 100,
    deadline=None,
    suppress_health_check=[HealthCheck.filter_too_much],
)
@example(["a.append(0)", "a = list(map(f, c))[0]", "k()"], "a")  # a method of a list that may hold a function
@given(programs, st.sampled_from(["a", "b", "c", "d", "f([7, 7, 7, 7])"]))
def test_what_is_left_out_changes_nothing(program, wanted):
    """Random programs are run as a whole, and with only the statements that the last one needs."""
    program = [*START, *program, wanted]
    try:
        whole = result_of(program)
    except (AttributeError, IndexError, RecursionError, TypeError):
        assume(False)
    blocks = [[Statement(code)] for code in program]
    needed = [program[block] for block, _ in find_needs(blocks)[-1].statements]
    assert result_of([*needed, wanted]) == whole


def blocks_of(page):
    """Return the statements of each fence on a page, in order, as Sybil collects them; a fence is identified by its
    place."""
    text = page.read_text(encoding="utf-8")
    document = Document(text, str(page))
    fences = {}
    for region in PythonFenceParser()(document):
        parsed = region.parsed
        fence = text.rfind("```", 0, region.start + 3)
        code = parsed.source if isinstance(parsed, doctest.Example) else str(parsed)
        fails = isinstance(parsed, doctest.Example) and parsed.exc_msg is not None
        fences.setdefault(fence, []).append((Statement(code, fails), region))
    return [[statement for statement, _ in fence] for fence in fences.values()], list(fences.values())


def unbound(codes):
    """Return the names that a program reads before it binds them, found in its bytecode without the analysis."""
    bound, missing, inside = set(dir(builtins)), [], []
    for code in codes:
        module = compile(code, "copied", "exec")
        for step in dis.get_instructions(module):
            if step.opname in ("STORE_NAME", "STORE_GLOBAL"):
                bound.add(step.argval)
            elif step.opname == "LOAD_NAME" and step.argval not in bound:
                missing.append(step.argval)
        inside += [constant for constant in module.co_consts if isinstance(constant, types.CodeType)]
    while inside:
        function = inside.pop()
        read = {"LOAD_GLOBAL": bound, "LOAD_NAME": bound | {"__name__"}}  # the latter in the body of a class
        steps = [step for step in dis.get_instructions(function) if step.opname in read]
        missing += [step.argval for step in steps if step.argval not in read[step.opname]]
        inside += [constant for constant in function.co_consts if isinstance(constant, types.CodeType)]
    return missing


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_name_that_a_copy_reads_is_bound_in_it(page):
    blocks, _ = blocks_of(page)
    found = find_needs(blocks)
    assert len(found) == len(blocks) > 10
    for count, (block, need) in enumerate(zip(blocks, found, strict=True)):
        above = [blocks[number][statement].source for number, statement in need.statements]
        missing = unbound([*above, *(statement.source for statement in block)])
        # Chapter 10 shows two functions from the library, which use names from their module.
        of_the_library = ["strategy", "keras", "tf"] if block[0].source.startswith("def learn(images") else []
        assert set(missing) == set(of_the_library), f"block {count}: {block[0].source}"
        assert bool(need.names) == bool(need.statements)


def test_the_check_of_names_sees_a_name_that_is_missing():
    assert unbound(["a = 1", "def f():\n    return a + b", "print(a, c)"]) == ["c", "b"]


@pytest.mark.parametrize(("page", "line"), [
    ("8-better-network", "dropout = keras.layers.Dropout(0.5, seed=1)"),
    ("8-better-network", "layer.count_params()"),
    ("8-better-network", 'check("two-layers", small.output_shape[1:])'),
    ("8-better-network", 'check("weight-price", 0.5 + price)'),
])  # fmt: skip
def test_a_check_of_one_line_trains_no_network(page, line):
    blocks, _ = blocks_of(ROOT / f"docs/{page}.md")
    [(block, need)] = [
        (block, need)
        for block, need in zip(blocks, find_needs(blocks), strict=True)
        if line in [statement.source.strip() for statement in block]
    ]
    copied = [blocks[number][statement].source for number, statement in need.statements]
    assert not [code for code in copied if "fit(" in code or "train(" in code or "load_mnist" in code], block
    assert len(copied) < 6


def test_solutions_are_left_out_unless_they_are_read():
    blocks, fences = blocks_of(ROOT / "docs/2-network.md")
    text = (ROOT / "docs/2-network.md").read_text(encoding="utf-8")
    solutions = {
        number for number, fence in enumerate(fences) if text[text.rfind("\n", 0, fence[0][1].start) + 1] == " "
    }
    assert len(solutions) > 4
    for number, need in enumerate(find_needs(blocks)):
        for solution in {block for block, _ in need.statements} & solutions:
            assert set(need.names) & {"accuracy", "decode"}, (number, solution)


DRAWS = re.compile(r"keras\.(?!utils)|network|build_|\bfit\(")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_no_copy_imports_keras_for_a_seed_that_nothing_draws_from(page):
    blocks, _ = blocks_of(page)
    for block, found in zip(blocks, find_needs(blocks), strict=True):
        copied = [blocks[number][place].source for number, place in found.statements]
        if any("set_random_seed" in source for source in copied):
            assert any(DRAWS.search(source) for source in copied + [one.source for one in block]), copied
