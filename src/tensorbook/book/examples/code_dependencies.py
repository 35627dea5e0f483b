"""What each block of a page needs from the blocks above it, found by reading the code; nothing is run.

The statements of a page are read from top to bottom. For each, the names that it reads lead to the statements that
bound them, and to those that may have changed what they stand for: a method call, an assignment to an item or an
attribute, a function that was handed the object. Functions of the page are followed into their bodies, wherever they
are called. If in doubt, something counts as changed: a block may be said to need too much, and should never need more
than it is said to.

Two exceptions keep a check of one line from training networks: methods and functions named below are known to leave
what they are given as it was; and of Keras's random numbers only the seed is kept, not all that has been drawn since.
"""

import ast
import builtins
import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

Place = tuple[int, int]  # which block of the page, and which statement of the block
Objects = frozenset[str]  # what a name may stand for: each object is named after the first name that it had, and where
Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda

NOTHING: Objects = frozenset()
SEED = "<the seed>"  # of Keras, TensorFlow and NumPy's old functions: not a name, but bound and read like one
A_FUNCTION = "<a function>"  # among what a name may stand for: besides all that the function can reach
FIGURE = "<the figure>"  # the one that pyplot draws on

SEEDERS = {"set_random_seed", "set_seed", "seed"}
# Modules whose functions leave their arguments as they were; but those that are there to change one.
HARMLESS = {"inspect", "json", "keras", "math", "matplotlib", "numpy", "os", "pathlib", "PIL", "sys", "tempfile",
            "tensorbook", "tensorflow", "time"}  # fmt: skip
CHANGERS = {"numpy.copyto", "numpy.fill_diagonal", "numpy.place", "numpy.put", "numpy.put_along_axis", "numpy.putmask",
            "numpy.random.shuffle", "numpy.save", "numpy.savetxt", "numpy.savez", "numpy.savez_compressed",
            "tensorbook.training.fit"}  # fmt: skip
# Functions of NumPy that may give back a part of what they were given; all others give something new.
VIEWS = {"asarray", "atleast_1d", "atleast_2d", "broadcast_to", "diagonal", "expand_dims", "moveaxis", "ravel",
         "real", "reshape", "rollaxis", "split", "squeeze", "swapaxes", "transpose"}  # fmt: skip
NOT_DRAWN = ("keras.Input", "keras.callbacks", "keras.datasets", "keras.losses", "keras.metrics", "keras.ops",
             "keras.optimizers", "keras.regularizers", "keras.utils", "tensorflow.GradientTape",
             "tensorflow.distribute", "tensorflow.reduce")  # fmt: skip

# Methods: those that change nothing, and give something new or a part of what they were called on;
NEW = {"all", "any", "argmax", "argmin", "argsort", "astype", "communicate", "copy", "count", "count_params", "cumsum",
       "decode", "dot", "encode", "endswith", "evaluate", "exists", "format", "get_config", "get_weights", "index",
       "is_file", "isdigit", "item", "iterdir", "join", "lower", "max", "mean", "min", "nonzero", "predict", "prod",
       "read_bytes", "read_text", "repeat", "replace", "round", "split", "splitlines", "startswith", "std", "strip",
       "sum", "summary", "tobytes", "tolist", "upper", "var"}  # fmt: skip
PARTS = {"flatten", "get", "items", "keys", "numpy", "ravel", "reshape", "squeeze", "swapaxes", "transpose", "values",
         "view"}  # fmt: skip
# those that change what they are called on and nothing else, and give something new;
OWN = {"assign", "assign_add", "assign_sub", "backward", "build", "choice", "clear", "compile", "fit", "forward",
       "gradient", "integers", "load_weights", "normal", "permutation", "random", "set_weights", "standard_normal",
       "step", "train_on_batch", "uniform"}  # fmt: skip
# and those that put their arguments into it. Any other may change all that it can reach.
CONTAINERS = {"add", "append", "extend", "insert", "setdefault", "update"}
DRAWING_METHODS = {"build", "fit", "step", "train_on_batch"}
HOLDING_BUILTINS = {"dict", "enumerate", "filter", "iter", "list", "map", "max", "min", "next", "reversed", "set",
                    "sorted", "tuple", "vars", "zip"}  # fmt: skip
CHANGING_BUILTINS = {"delattr", "eval", "exec", "next", "open", "setattr"}


@dataclass(frozen=True)
class Statement:
    """A statement of a page, and whether the page shows that it fails."""

    source: str
    fails: bool = False


@dataclass(frozen=True)
class Needs:
    """What a block needs from above.

    Attributes:
        names: The names that it reads and that blocks above it bind: first those of values, then what is imported.
        statements: The statements above it that it needs, directly or through others, in the order of the page.
    """

    names: tuple[str, ...] = ()
    statements: tuple[Place, ...] = ()


def find_needs(blocks: Sequence[Sequence[Statement]]) -> list[Needs]:
    """Return what each block of a page needs from the blocks above it.

    Examples:
        >>> blocks = [["a = [1]", "b = 2"], ["a.append(3)"], ["print(a)"], ["print(b)"]]
        >>> [needs.statements for needs in find_needs([[Statement(code) for code in block] for block in blocks])]
        [(), ((0, 0),), ((0, 0), (1, 0)), ((0, 1),)]
    """
    page = _Page()
    places: list[Place] = []
    found = []
    for number, block in enumerate(blocks):
        first = len(places)
        names: dict[str, bool] = {}

        def note(own: dict[str, bool], first: int = first, names: dict[str, bool] = names) -> None:
            for name, imported in own.items():
                if any(origin < first for origin in page.read_from[name]):
                    names.setdefault(name, imported)

        for place, statement in enumerate(block):
            places.append((number, place))
            note(page.read_statement(statement))
        # Whoever copies a function will call it.
        kept = set(page.needs[-1]) if block else set()
        defined = [name for name in (*page.functions, *page.classes) if min(page.bound_by[name]) >= first]
        note(page.read_definitions(defined))
        needed = page.all_needed_by(range(first, len(places)))
        page.needs[-1] = kept  # but later blocks need what it needs when they call it
        found.append(
            Needs(
                tuple(sorted(names, key=lambda name: names[name])),  # otherwise as they are read: sorting is stable
                tuple(places[index] for index in sorted(needed) if index < first),
            )
        )
    return found


@dataclass
class _Scope:
    """The local names of a function that is being followed, or of a comprehension; the last one is the innermost."""

    values: dict[str, Objects] = field(default_factory=dict)
    functions: dict[str, Function] = field(default_factory=dict)
    globals: set[str] = field(default_factory=set)
    returned: Objects = NOTHING


class _Page:
    """Reads a page statement by statement; keeps what each name stands for so far, and who bound and changed it."""

    def __init__(self) -> None:
        self.needs: list[set[int]] = []  # of each statement those that it needs directly
        self.bound_by: dict[str, set[int]] = {}
        self.changed_by: dict[str, set[int]] = {}
        self.values: dict[str, Objects] = {}
        self.imports: dict[str, str] = {}
        self.functions: dict[str, Function] = {}
        self.classes: dict[str, ast.ClassDef] = {}
        self.read_from: dict[str, set[int]] = {}  # of names that the current statement reads: who had bound them
        self.own: dict[str, bool] = {}  # those names, and whether they are imported
        self.touched: set[str] = set()  # objects that functions have looked up
        self.defaults: dict[Function, dict[str, Objects]] = {}  # what parameters stand for if nothing is handed over
        self.scopes: list[_Scope] = []
        self.following: list[ast.AST] = []  # functions and classes whose bodies are being read
        self.open = 0  # how many functions deep the current statement's own text still is

    def read_statement(self, statement: Statement) -> dict[str, bool]:
        """Read one more statement; return the names of the page that its own text reads, and which are imported."""
        self.needs.append(set())
        self.read_from = {}
        self.own = {}
        body = ast.parse(statement.source).body
        if statement.fails:
            self.run_perhaps(body)
        else:
            self.run(body)
        self.needs[-1].discard(self.current)
        return self.own

    def read_definitions(self, names: Iterable[str]) -> dict[str, bool]:
        """Read the bodies of functions and classes as if they were called now, by the current statement."""
        self.read_from, self.own = {}, {}
        before = self.values, self.changed_by, self.bound_by
        self.values, self.changed_by, self.bound_by = (
            dict(self.values),
            {name: set(by) for name, by in self.changed_by.items()},
            {name: set(by) for name, by in self.bound_by.items()},
        )
        for name in names:
            self.open = 2 if name in self.classes else 1  # a method is in a class
            self.value(ast.Name(name, ast.Load()))
        self.open = 0
        self.values, self.changed_by, self.bound_by = before
        self.needs[-1].discard(self.current)
        return self.own

    @property
    def current(self) -> int:
        return len(self.needs) - 1

    def all_needed_by(self, statements: Iterable[int]) -> set[int]:
        """Return what statements need, what that needs, and so on."""
        found: set[int] = set()
        waiting = list(statements)
        while waiting:
            for index in self.needs[waiting.pop()] - found:
                found.add(index)
                waiting.append(index)
        return found

    # Names: reading, binding, changing.

    def look_up(self, name: str) -> Objects:
        """Read a name; return what it may stand for."""
        hidden = [scope.values[name] for scope in self.scopes if name in scope.values]
        objects = hidden[-1] if hidden else self.read_page_name(name)
        self.touched |= objects
        return objects

    def read_page_name(self, name: str) -> Objects:
        origins = self.bound_by.get(name, set())
        objects = self.values.get(name, NOTHING)
        needed = origins.union(*(self.changed_by.get(one, ()) for one in objects))
        self.needs[-1] |= needed
        if len(self.following) <= self.open and name not in (SEED, FIGURE) and origins - {self.current}:
            self.own.setdefault(name, name in self.imports)
            self.read_from.setdefault(name, set()).update(origins - {self.current})
        return objects

    def bind(self, name: str, objects: Objects) -> None:
        scope = self.scopes[-1] if self.scopes else None
        if scope and name not in scope.globals:
            fresh = f"{name} in {id(scope)}"
            scope.values[name] = objects | {fresh}
            scope.functions.pop(name, None)
            return
        self.bound_by[name] = {self.current}
        self.values[name] = objects | {f"{name} of {self.current}"}
        for known in (self.imports, self.functions, self.classes):
            known.pop(name, None)

    def change(self, objects: Objects) -> None:
        for one in objects - {A_FUNCTION}:
            self.changed_by.setdefault(one, set()).add(self.current)

    def put_into(self, container: Objects, objects: Objects) -> None:
        """Note that what is changed by one name is from now on seen by others: an object has become part of another."""
        for values in (self.values, *(scope.values for scope in self.scopes)):
            for name, held in values.items():
                if held & (container - {A_FUNCTION}):
                    values[name] = held | objects

    # Statements.

    def run(self, body: Iterable[ast.stmt]) -> None:
        for statement in body:
            getattr(self, f"run_{type(statement).__name__}", self.run_other)(statement)

    def run_perhaps(self, *bodies: Iterable[ast.stmt]) -> None:
        """Read code that may not run, or not to its end: what names stood for before, they may stand for after it."""
        for body in bodies:
            with self.perhaps():
                self.run(body)

    @contextlib.contextmanager
    def perhaps(self) -> Iterator[None]:
        bound, values = dict(self.bound_by), dict(self.values)
        local = [dict(scope.values) for scope in self.scopes]
        yield
        for name, by in bound.items():
            self.bound_by[name] = self.bound_by[name] | by
        for name, objects in values.items():
            self.values[name] = self.values[name] | objects
        for scope, before in zip(self.scopes, local, strict=True):
            for name, objects in before.items():
                scope.values[name] = scope.values[name] | objects

    def run_other(self, statement: ast.AST) -> None:
        for part in ast.iter_child_nodes(statement):
            if isinstance(part, ast.expr):
                self.value(part)
            elif isinstance(part, ast.stmt):
                self.run_perhaps([part])
            else:
                self.run_other(part)

    def run_Import(self, statement: ast.Import) -> None:  # noqa: N802  # named after the node
        for alias in statement.names:
            name = alias.asname or alias.name.split(".")[0]
            self.bind_import(name, alias.name if alias.asname else name)

    def run_ImportFrom(self, statement: ast.ImportFrom) -> None:  # noqa: N802
        for alias in statement.names:
            self.bind_import(alias.asname or alias.name, f"{statement.module}.{alias.name}")

    def bind_import(self, name: str, path: str) -> None:
        self.bind(name, frozenset({f"module {path.split('.')[0]}"}))
        if not self.scopes:
            self.imports[name] = path

    def run_FunctionDef(self, statement: ast.FunctionDef) -> None:  # noqa: N802
        for part in statement.decorator_list:
            self.value(part)
        self.bind_function(statement.name, statement)

    def bind_function(self, name: str, function: Function) -> None:
        arguments = function.args
        names = [argument.arg for argument in (*arguments.posonlyargs, *arguments.args)]
        defaults = dict(zip(reversed(names), reversed([self.value(part) for part in arguments.defaults]), strict=False))
        for argument, part in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
            if part:
                defaults[argument.arg] = self.value(part)
        self.defaults[function] = defaults
        self.bind(name, NOTHING.union(*defaults.values()))
        (self.scopes[-1].functions if self.scopes else self.functions)[name] = function

    def run_ClassDef(self, statement: ast.ClassDef) -> None:  # noqa: N802
        for part in (*statement.decorator_list, *statement.bases):
            self.value(part)
        self.bind(statement.name, NOTHING)
        self.classes[statement.name] = statement

    def run_Return(self, statement: ast.Return) -> None:  # noqa: N802
        if statement.value:
            objects = self.value(statement.value)
            if self.scopes:
                self.scopes[-1].returned |= objects

    def run_Global(self, statement: ast.Global) -> None:  # noqa: N802
        if self.scopes:
            self.scopes[-1].globals |= set(statement.names)

    def run_Assign(self, statement: ast.Assign) -> None:  # noqa: N802
        objects = self.value(statement.value)
        for target in statement.targets:
            self.assign(target, objects, statement.value)

    def run_AnnAssign(self, statement: ast.AnnAssign) -> None:  # noqa: N802
        if statement.value:
            self.assign(statement.target, self.value(statement.value), statement.value)

    def run_AugAssign(self, statement: ast.AugAssign) -> None:  # noqa: N802
        target = statement.target
        before = self.value(target)
        objects = before | self.value(statement.value)
        self.change(before)
        if isinstance(target, ast.Name):
            self.bind(target.id, objects)

    def run_For(self, statement: ast.For) -> None:  # noqa: N802
        target = ast.Assign([statement.target], statement.iter)
        for _ in range(2):  # what a round leaves, the next one finds
            self.run_perhaps([target, *statement.body])
        self.run_perhaps(statement.orelse)

    def run_While(self, statement: ast.While) -> None:  # noqa: N802
        self.value(statement.test)
        self.run_perhaps(statement.body, statement.body, statement.orelse)

    def run_If(self, statement: ast.If) -> None:  # noqa: N802
        self.value(statement.test)
        self.run_perhaps(statement.body, statement.orelse)

    def run_With(self, statement: ast.With) -> None:  # noqa: N802
        for item in statement.items:
            objects = self.value(item.context_expr)
            if item.optional_vars:
                self.assign(item.optional_vars, objects, None)
        self.run(statement.body)

    def run_Try(self, statement: ast.Try) -> None:  # noqa: N802
        self.run_perhaps(statement.body)
        for handler in statement.handlers:
            if handler.type:
                self.value(handler.type)
            if handler.name:
                self.bind(handler.name, NOTHING)  # for good: Python deletes it at the end of the handler
            self.run_perhaps(handler.body)
        self.run_perhaps(statement.orelse)
        self.run(statement.finalbody)

    def assign(self, target: ast.expr, objects: Objects, value: ast.expr | None) -> None:
        if isinstance(target, ast.Name):
            if isinstance(value, ast.Lambda):
                self.bind_function(target.id, value)
            else:
                self.bind(target.id, objects)
        elif isinstance(target, ast.Tuple | ast.List):
            parts = value.elts if isinstance(value, ast.Tuple | ast.List) else []
            paired = len(parts) == len(target.elts) and not any(isinstance(part, ast.Starred) for part in parts)
            each = [(self.roots(part), part) for part in parts] if paired else [(objects, None)] * len(target.elts)
            for element, (held, part) in zip(target.elts, each, strict=True):
                self.assign(element, held, part)
        elif isinstance(target, ast.Starred):
            self.assign(target.value, objects, None)
        elif isinstance(target, ast.Attribute | ast.Subscript):
            owner = self.value(target.value)
            if isinstance(target, ast.Subscript):
                self.value(target.slice)
            self.change(owner)
            self.put_into(owner, objects)

    def roots(self, part: ast.expr) -> Objects:
        """Return what an expression that has been read before may stand for, as if it were read without effects."""
        changed = {name: set(by) for name, by in self.changed_by.items()}
        objects = self.value(part)
        self.changed_by = changed
        return objects

    # Expressions: each is read, and what it may stand for is returned; nothing where it makes something new.

    def value(self, node: ast.expr) -> Objects:
        method: Callable[[ast.expr], Objects] = getattr(self, f"value_{type(node).__name__}", self.value_new)
        return method(node)

    def value_new(self, node: ast.AST) -> Objects:
        """Read all parts of an expression that makes something new: numbers, sums, comparisons, text."""
        for part in ast.iter_child_nodes(node):
            if isinstance(part, ast.expr):
                self.value(part)
            else:
                self.value_new(part)
        return NOTHING

    def value_all(self, node: ast.AST) -> Objects:
        """Read all parts of an expression that may be, or hold, each of them."""
        parts = [part for part in ast.iter_child_nodes(node) if isinstance(part, ast.expr)]
        return NOTHING.union(*[self.value(part) for part in parts])

    value_List = value_Tuple = value_Set = value_Dict = value_Starred = value_IfExp = value_BoolOp = value_all  # noqa: N815
    value_Attribute = value_all  # noqa: N815

    def value_BinOp(self, node: ast.BinOp) -> Objects:  # noqa: N802
        objects = self.value_all(node)
        lists = (ast.List, ast.ListComp, ast.Tuple)
        adds_lists = isinstance(node.left, lists) or isinstance(node.right, lists)
        is_path = isinstance(node.op, ast.Div) and _is_text(node.right)  # a file in a folder
        return objects if adds_lists or is_path else NOTHING

    def value_Name(self, node: ast.Name) -> Objects:  # noqa: N802
        objects = self.look_up(node.id)
        # Whoever is handed a function may call it, with anything.
        if function := self.function(node.id):
            return objects | self.captured(function)
        if node.id in self.classes:
            self.follow_class(self.classes[node.id])
        return objects

    def captured(self, function: Function) -> Objects:
        """Read the body of a function that somebody may call; return all that it can reach."""
        before, self.touched = self.touched, set()
        with self.perhaps():
            self.follow(function, [], {})
        found = frozenset(one for one in self.touched if not one.startswith("module "))
        self.touched = before | found
        return found | {A_FUNCTION}

    def value_Subscript(self, node: ast.Subscript) -> Objects:  # noqa: N802
        self.value(node.slice)
        return self.value(node.value)

    def value_NamedExpr(self, node: ast.NamedExpr) -> Objects:  # noqa: N802
        objects = self.value(node.value)
        self.assign(node.target, objects, None)
        return objects

    def value_Lambda(self, node: ast.Lambda) -> Objects:  # noqa: N802
        return self.captured(node)

    def value_ListComp(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> Objects:  # noqa: N802
        self.scopes.append(_Scope())
        for part in node.generators:
            self.assign(part.target, self.value(part.iter), None)
            for condition in part.ifs:
                self.value(condition)
        results = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        objects = NOTHING.union(*[self.value(result) for result in results])
        self.scopes.pop()
        return objects

    value_SetComp = value_GeneratorExp = value_DictComp = value_ListComp  # noqa: N815

    # Calls.

    def value_Call(self, node: ast.Call) -> Objects:  # noqa: N802
        path = self.path(node.func)
        callee = node.func.id if isinstance(node.func, ast.Name) else ""
        given = [self.value(argument) for argument in node.args]
        named = {keyword.arg or "**": self.value(keyword.value) for keyword in node.keywords}
        everything = NOTHING.union(*given, *named.values())
        everything |= self.handed_over([*node.args, *(keyword.value for keyword in node.keywords)], everything)
        if path:
            return self.call_imported(node, path, everything)
        if function := self.function(callee):
            self.look_up(callee)
            return self.follow(function, given, named)
        if callee in self.classes:
            self.look_up(callee)
            self.follow_class(self.classes[callee])
            self.change(everything)
            return everything
        if isinstance(node.func, ast.Attribute):
            return self.call_method(node.func, everything)
        if isinstance(node.func, ast.Lambda):
            return self.follow(node.func, given, named)
        objects = self.value(node.func)
        if callee and not objects and hasattr(builtins, callee):
            calls_unknown = callee in ("map", "filter") and given and given[0]
            if callee in CHANGING_BUILTINS or calls_unknown:
                self.change(everything)
            return everything if callee in HOLDING_BUILTINS else NOTHING
        if (callee and not objects) or A_FUNCTION in objects:  # nothing is known of it, or not which one it is
            self.change(everything | objects)
            return everything | objects
        # An object that can be called, such as a layer, which makes its weights when it is called for the first time.
        self.change(objects)
        self.read_page_name(SEED)
        return NOTHING

    def handed_over(self, arguments: Sequence[ast.expr], everything: Objects) -> Objects:
        """Read the bodies of functions that a call is handed: it may call them with its other arguments."""
        found = NOTHING
        for argument in arguments:
            function = self.function(argument.id) if isinstance(argument, ast.Name) else argument
            if isinstance(function, ast.FunctionDef | ast.Lambda):
                with self.perhaps():
                    found |= self.follow(function, [everything] * 9, {})
        return found

    def call_imported(self, node: ast.Call, path: str, everything: Objects) -> Objects:
        self.value(node.func)
        first, *_, last = [*path.split("."), path.rpartition(".")[2]]
        inside = self.following or self.scopes
        if last in SEEDERS:
            # A seed that a function sets is used up in there.
            self.bound_by[SEED] = set() if inside else {self.current}
            return NOTHING
        may_draw = first in ("keras", "tensorflow") or path.startswith(("tensorbook.models.", "numpy.random."))
        if may_draw and not path.startswith((*NOT_DRAWN, "numpy.random.default_rng")):
            self.read_page_name(SEED)
        if path.startswith("matplotlib.pyplot."):
            self.read_page_name(FIGURE)
            self.bound_by.setdefault(FIGURE, set()).add(self.current)
        elif path.startswith("tensorbook.plotting.") or last.startswith("plot_"):
            self.bound_by[FIGURE] = {self.current}
        if last.startswith("set_"):
            self.change(frozenset({f"module {first}"}))
        is_class = last[:1].isupper()
        if (
            first not in HARMLESS
            or path in CHANGERS
            or (first == "tensorbook" and is_class)  # a layer draws its weights from the generator that it is given
            or any(keyword.arg == "out" for keyword in node.keywords)
        ):
            self.change(everything)
        if first == "numpy":
            return everything if last in VIEWS else NOTHING
        if first == "tensorbook" or path.startswith(("keras.losses", "keras.ops", "keras.utils")):
            return everything if is_class else NOTHING
        return everything

    def call_method(self, func: ast.Attribute, everything: Objects) -> Objects:
        owner = self.value(func.value)
        for defined in self.classes.values():
            for method in defined.body:
                if isinstance(method, ast.FunctionDef) and method.name == func.attr:
                    self.follow(method, [owner], {})
        if func.attr in NEW:
            return NOTHING
        if func.attr in PARTS:
            return owner
        self.change(owner)
        if func.attr in DRAWING_METHODS:
            self.read_page_name(SEED)
        if func.attr in OWN:
            return NOTHING
        if func.attr in CONTAINERS:
            self.put_into(owner, everything)
        else:
            self.change(everything)
        return owner | everything

    def path(self, node: ast.expr) -> str:
        """Return the path of what is imported, such as ``numpy.random.default_rng``, or nothing."""
        if isinstance(node, ast.Name):
            hidden = any(node.id in scope.values for scope in self.scopes)
            return "" if hidden else self.imports.get(node.id, "")
        if isinstance(node, ast.Attribute) and (path := self.path(node.value)):
            return f"{path}.{node.attr}"
        return ""

    def function(self, name: str) -> Function | None:
        for scope in reversed(self.scopes):
            if name in scope.values:
                return scope.functions.get(name)
        return self.functions.get(name)

    def follow(self, function: Function, given: Sequence[Objects], named: dict[str, Objects]) -> Objects:
        """Read the body of a function as it is called; return what it may give back."""
        if function in self.following:
            return NOTHING.union(*given, *named.values())
        scope = _Scope()
        spread = named.get("**", NOTHING)
        defaults = self.defaults.get(function, {})
        names = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]
        for number, name in enumerate(names):
            scope.values[name] = (
                given[number] if number < len(given) else named.get(name, spread | defaults.get(name, NOTHING))
            )
        for argument in function.args.kwonlyargs:
            scope.values[argument.arg] = named.get(argument.arg, spread | defaults.get(argument.arg, NOTHING))
        if function.args.vararg:
            scope.values[function.args.vararg.arg] = NOTHING.union(*given[len(names) :])
        if function.args.kwarg:
            scope.values[function.args.kwarg.arg] = NOTHING.union(*named.values())
        # A function inside another one sees that one's names; one of the page doesn't see its caller's.
        outer = self.scopes
        self.scopes = [scope] if function in self.functions.values() else [*outer, scope]
        self.following.append(function)
        if isinstance(function, ast.Lambda):
            scope.returned = self.value(function.body)
        else:
            self.run(function.body)
        self.following.pop()
        self.scopes = outer
        return scope.returned

    def follow_class(self, defined: ast.ClassDef) -> None:
        """Read all methods of a class, as if each were called."""
        if defined in self.following:
            return
        self.following.append(defined)
        outer, self.scopes = self.scopes, [_Scope()]
        for part in defined.body:
            if isinstance(part, ast.FunctionDef):
                self.follow(part, [], {})
            else:
                self.run([part])
        self.scopes = outer
        self.following.pop()


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))
