"""Find the statements that a block needs from above, by reading the code without running it.

The statements of a page are read from top to bottom. What a name may stand for is a set of objects, each named after
the place that made it. A statement needs those that bound the names it reads, and those that may have changed the
objects behind these names. The page's functions and classes are read again wherever they may be called. When in doubt,
an object counts as changed: a copied block may be longer than necessary, but never shorter.

The tables below list methods and modules that are known not to change their arguments, so a copied one-line check need
not train networks. For random numbers, only the seed is kept, not the numbers drawn since then, and only for a
statement that may draw some.
"""

import ast
import builtins
import contextlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

Objects = frozenset["str | _Code"]  # "import …" is what a module gave, "module …" the module, and the rest are values
NOTHING: Objects = frozenset()
SEED, FIGURE, OUTER = "<the seed>", "<pyplot's figure>", "<a name of an outer scope>"
RETURNED, IS_CLASS = "return", "class"  # among local names; no real name can look like this
# These may return their arguments, or parts of them.
MAY_BE_A_PART = (ast.List, ast.Tuple, ast.Set, ast.Dict, ast.Starred, ast.IfExp, ast.BoolOp, ast.Await)
# The parts of a constant, or of a tuple of constants.
CONSTANT = (ast.Constant, ast.Tuple, ast.UnaryOp, ast.unaryop, ast.expr_context)

# Modules whose functions leave their arguments as they were, except for those that are there to change one.
HARMLESS = {"inspect", "json", "keras", "math", "matplotlib", "numpy", "os", "pathlib", "PIL", "sys", "tempfile",
            "tensorbook", "tensorflow", "time"}  # fmt: skip
CHANGERS = ("copyto", "fill", "fit", "place", "put", "save", "shuffle")
SEEDERS = {"set_random_seed", "set_seed", "seed"}
DRAWING = ("keras.", "tensorflow.", "tensorbook.models.", "numpy.random.")
# What these make draws random numbers from a generator with its own seed, or none.
SEEDLESS = ("numpy.random.default_rng", "tensorbook.scratch.")
DRAWING_NOTHING = ("keras.callbacks", "keras.datasets", "keras.losses", "keras.ops", "keras.utils", *SEEDLESS)
# Methods that change nothing and return something new, or a part of their object;
NEW = {"all", "any", "argmax", "argmin", "argsort", "astype", "copy", "count_params", "evaluate", "exists", "format",
       "get_weights", "item", "iterdir", "join", "max", "mean", "min", "predict", "read_bytes", "read_text", "round",
       "splitlines", "startswith", "std", "sum", "tolist"}  # fmt: skip
PARTS = {"flatten", "get", "items", "keys", "numpy", "ravel", "reshape", "swapaxes", "transpose", "values"}
# those that change only their own object and return something new. Any other may do anything with its arguments.
OWN = {"choice", "compile", "fit", "gradient", "integers", "normal", "permutation", "random", "set_weights", "step",
       "train_on_batch", "uniform"}  # fmt: skip
ADDING = {"append", "extend", "insert", "update"}  # to a list, a set or a dict, and so without random numbers
CHANGING_BUILTINS = {"delattr", "eval", "exec", "filter", "map", "next", "open", "setattr"}


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
        statements: The statements above it that it needs, directly or through others, in the order of the page: which
            block, and which statement of the block.
    """

    names: tuple[str, ...] = ()
    statements: tuple[tuple[int, int], ...] = ()


def find_needs(blocks: Sequence[Sequence[Statement]]) -> list[Needs]:
    """Return what each block of a page needs from the blocks above it.

    Examples:
        >>> blocks = [["a = [1]", "b = 2"], ["a.append(3)"], ["print(a)"], ["print(b)"]]
        >>> [needs.statements for needs in find_needs([[Statement(code) for code in block] for block in blocks])]
        [(), ((0, 0),), ((0, 0), (1, 0)), ((0, 1),)]
    """
    page = _Page()
    places: list[tuple[int, int]] = []
    found = []
    for number, block in enumerate(blocks):
        first = page.first = len(places)
        page.names, page.own_code = {}, set()
        for place, statement in enumerate(block):
            places.append((number, place))
            page.read(statement)
        needed = page.all_needed(range(first, len(places)))
        if block:
            needed |= page.needed_by_definitions()
        names = sorted(page.names, key=lambda name: page.names[name])  # otherwise in the order in which they are read
        found.append(Needs(tuple(names), tuple(places[index] for index in sorted(needed) if index < first)))
    return found


@dataclass(frozen=True, eq=False)
class _Code:
    """A function of the page, with the local names around it. A class is an object that holds functions."""

    node: ast.FunctionDef | ast.Lambda
    scopes: tuple[dict[str, Objects], ...]
    defaults: Objects
    is_method: bool

    @property
    def name(self) -> str:
        return getattr(self.node, "name", "")

    @property
    def is_decorated(self) -> bool:
        return bool(getattr(self.node, "decorator_list", None))


class _Page:
    """Reads a page statement by statement; tracks what each name may stand for, and what bound and changed it."""

    def __init__(self) -> None:
        self.needs: list[set[int]] = []  # for each statement, the statements that it needs directly
        self.values: dict[str, Objects] = {}
        self.bound_by: dict[str, frozenset[int]] = {}
        self.changed_by: dict[str | _Code, frozenset[int]] = {}
        self.held: dict[str | _Code, Objects] = {}  # what has been put into an object
        self.scopes: list[dict[str, Objects]] = []  # local names of functions and comprehensions, innermost last
        self.functions: set[str | _Code] = set()  # objects that can only be functions and classes
        self.seedless: set[str | _Code] = set()  # objects that can't draw random numbers from the seed
        self.following: list[ast.AST] = []  # the functions and classes whose bodies are being read
        self.first = 0  # the first statement of the block
        self.names: dict[str, bool] = {}  # what the block's own text reads from above, and whether it is imported
        self.own_code: set[ast.AST] = set()  # the functions and classes that the block's own text defines

    def read(self, statement: Statement) -> None:
        """Read one more statement of the page."""
        self.needs.append(set())
        body = ast.parse(statement.source).body
        self.own_code |= {node for part in body for node in ast.walk(part) if hasattr(node, "body")}
        with self.perhaps() if statement.fails else contextlib.nullcontext():
            self.run(body)

    def needed_by_definitions(self) -> set[int]:
        """Return what the block's functions need if a reader who copied the block calls them at its end."""
        kept = set(self.needs[-1]), self.bound_by, self.changed_by, self.held, self.values
        self.bound_by, self.changed_by, self.held = dict(self.bound_by), dict(self.changed_by), dict(self.held)
        self.values = dict(self.values)
        for one in NOTHING.union(*self.values.values()):
            if isinstance(one, _Code) and one.node in self.own_code:
                self.follow(one, NOTHING)
        needed = self.all_needed([len(self.needs) - 1])
        # Later blocks need it only if they call the functions.
        self.needs[-1], self.bound_by, self.changed_by, self.held, self.values = kept
        return needed

    def all_needed(self, statements: Iterable[int]) -> set[int]:
        """Return what statements need, what that needs, and so on."""
        found: set[int] = set()
        waiting = list(statements)
        while waiting:
            more = self.needs[waiting.pop()] - found
            found |= more
            waiting += more
        return found

    def look_up(self, name: str) -> Objects:
        """Read a name; return what it may stand for, and all that has been put into that."""
        current = len(self.needs) - 1
        for scope in reversed(self.scopes):
            if name in scope and OUTER not in scope[name]:
                objects = scope[name]
                break
        else:
            objects, origins = self.values.get(name, NOTHING), self.bound_by.get(name, frozenset())
            self.needs[-1] |= origins - {current}
            if (
                name not in (SEED, FIGURE)
                and set(self.following) <= self.own_code
                and any(origin < self.first for origin in origins)
            ):
                self.names.setdefault(name, any(_is_import(one) for one in objects))
        reached, waiting = set(objects), list(objects)
        while waiting:
            more = self.held.get(waiting.pop(), NOTHING) - reached
            reached |= more
            waiting += more
        for one in reached:
            if one in self.changed_by:
                self.needs[-1] |= self.changed_by[one]
        self.needs[-1].discard(current)
        return frozenset(reached)

    def bind(self, name: str, objects: Objects) -> None:
        fresh = f"{name} {len(self.needs)}"
        if objects and all(one in self.functions or _is_function(one) for one in objects):
            self.functions.add(fresh)
        if self.is_seedless(objects):
            self.seedless.add(fresh)
        if self.scopes and name not in (SEED, FIGURE) and OUTER not in self.scopes[-1].get(name, NOTHING):
            self.scopes[-1][name] = self.scopes[-1].get(name, NOTHING) | objects | {fresh}
            return
        for scope in self.scopes[:-1]:
            if name in scope:
                scope[name] |= objects
        self.values[name] = objects | {fresh}
        self.bound_by[name] = frozenset({len(self.needs) - 1})

    def change(self, owner: Objects, parts: Objects = NOTHING) -> None:
        """Note that the current statement may change objects, or put others into them."""
        current = len(self.needs) - 1
        for one in owner:
            if not isinstance(one, _Code) and not _is_import(one):
                changed, held = self.changed_by.get(one, frozenset()), self.held.get(one, NOTHING)
                if current not in changed:
                    self.changed_by[one] = changed | {current}
                if not parts <= held:
                    self.held[one] = held | parts

    @contextlib.contextmanager
    def perhaps(self) -> Iterator[None]:
        """Read code that may not run, or not to its end: afterwards, names may still stand for what they did before."""
        bound_by, values = dict(self.bound_by), dict(self.values)
        yield
        for name, origins in bound_by.items():
            self.bound_by[name] |= origins
        for name, objects in values.items():
            self.values[name] |= objects

    def run(self, body: Iterable[ast.stmt]) -> None:
        for node in body:
            match node:
                case ast.Import() | ast.ImportFrom():
                    self.run_import(node)
                case ast.FunctionDef():
                    objects = self.make_function(node)
                    self.bind(node.name, objects)
                    for decorator in reversed(node.decorator_list):
                        objects |= self.value(ast.Call(decorator, [ast.Name(node.name)], []))
                        self.bind(node.name, objects)
                case ast.ClassDef():
                    bases = (*node.decorator_list, *node.bases, *(keyword.value for keyword in node.keywords))
                    objects = self.value_all(bases)
                    self.scopes.append({IS_CLASS: NOTHING})
                    self.run(node.body)
                    objects = objects.union(*self.scopes.pop().values())
                    self.bind(node.name, frozenset(one for one in objects if not _is_import(one)))
                case ast.Return(ast.expr() as result):
                    self.bind(RETURNED, self.value(result))
                case ast.Global(names) | ast.Nonlocal(names) if self.scopes:
                    self.scopes[-1].update(dict.fromkeys(names, frozenset({OUTER})))
                case ast.Assign(value=ast.expr() as value) | ast.AnnAssign(value=ast.expr() as value):
                    objects = self.value(value) or self.constants(value)
                    for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                        self.assign(target, objects)
                case ast.AugAssign(target, _, value):
                    before, added = self.value(target), self.value(value)
                    self.change(before, added)
                    if isinstance(target, ast.Name):
                        self.bind(target.id, before | added)
                case ast.Delete(targets):
                    self.change(self.value_all(targets))
                    for target in targets:
                        if isinstance(target, ast.Name):
                            self.bind(target.id, NOTHING)
                case ast.For():
                    each = ast.Assign([node.target], node.iter)
                    self.run_parts(ast.Module([each, *node.body], []))
                    self.run_parts(ast.Module(node.orelse, []))
                case ast.With():
                    for item in node.items:
                        objects = self.value(item.context_expr)
                        if item.optional_vars:
                            self.assign(item.optional_vars, objects)
                    self.run(node.body)
                case _:
                    self.run_parts(node)

    def run_parts(self, node: ast.AST, objects: Objects = NOTHING) -> None:
        """Read a statement that may run some of its parts, or some of them again, such as `if`, `while` and `try`."""
        for _, part in ast.iter_fields(node):
            parts = part if isinstance(part, list) else [part]
            if parts and isinstance(parts[0], ast.stmt):
                for _ in range(2):  # one round of a loop finds what the previous round left
                    with self.perhaps():
                        self.run(parts)
                continue
            for one in parts:
                if isinstance(one, ast.expr):
                    objects |= self.value(one)
                elif isinstance(one, ast.AST):
                    self.run_parts(one, objects)
        if isinstance(name := getattr(node, "name", None), str):  # of an exception, or in a pattern
            self.bind(name, objects)

    def run_import(self, statement: ast.Import | ast.ImportFrom) -> None:
        for alias in statement.names:
            path = alias.name if alias.asname else alias.name.split(".")[0]
            if isinstance(statement, ast.ImportFrom):
                path = f"{statement.module}.{alias.name}"
            module = f"module {path.split('.')[0]}"
            self.bind(alias.asname or path.rpartition(".")[2], frozenset({f"import {path}", module}))

    def assign(self, target: ast.expr, objects: Objects) -> None:
        match target:
            case ast.Name(name):
                self.bind(name, objects)
            case ast.Tuple(parts) | ast.List(parts):
                for part in parts:
                    self.assign(part, objects)
            case ast.Starred(part):
                self.assign(part, objects)
            case _:
                self.change(self.value(target), objects)

    def value_all(self, nodes: Iterable[ast.AST]) -> Objects:
        return NOTHING.union(*[self.value(node) for node in nodes])

    def value(self, node: ast.AST) -> Objects:
        """Read an expression; return what it may stand for: nothing if it creates something new."""
        match node:
            case ast.Name(name):
                objects = self.look_up(name)
                for one in objects:  # Python itself may call these wherever their object is mentioned
                    if isinstance(one, _Code) and one.is_method and (one.name[:2] == "__" or one.is_decorated):
                        self.follow(one, objects)
                return objects
            case ast.Attribute(owner, name):
                return frozenset(f"{one}.{name}" if _is_import(one) else one for one in self.value(owner))
            case ast.Subscript(owner, index):
                self.value(index)
                return self.value(owner)
            case ast.NamedExpr(target, value):
                objects = self.value(value)
                self.assign(target, objects)
                return objects
            case ast.Yield(ast.expr() as value) | ast.YieldFrom(value):
                self.bind(RETURNED, self.value(value))
                return NOTHING
            case ast.Lambda():
                return self.make_function(node)
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
                self.scopes.append({})
                for part in node.generators:
                    self.assign(part.target, self.value(part.iter))
                    self.value_all(part.ifs)
                objects = self.value_all(part for part in ast.iter_child_nodes(node) if isinstance(part, ast.expr))
                self.scopes.pop()
                return objects
            case ast.Call():
                return self.call(node)
            case ast.BinOp(ast.List() | ast.ListComp()) | ast.BinOp(_, _, ast.List() | ast.ListComp()):
                return self.value_all((node.left, node.right))
            case ast.BinOp(folder, ast.Div(), ast.JoinedStr() | ast.Constant() as file):
                return self.value_all((folder, file))
        objects = self.value_all(ast.iter_child_nodes(node))
        return objects if isinstance(node, MAY_BE_A_PART) else NOTHING

    def make_function(self, node: ast.Lambda | ast.FunctionDef) -> Objects:
        defaults = self.value_all(part for part in (*node.args.defaults, *node.args.kw_defaults) if part)
        scopes = tuple(
            scope for scope in self.scopes if IS_CLASS not in scope
        )  # a method does not see the names of its class
        return frozenset({_Code(node, scopes, defaults, len(scopes) < len(self.scopes))})

    def call(self, node: ast.Call) -> Objects:
        callee = self.value(node.func)
        method = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        given = self.value_all((*node.args, *(one.value for one in node.keywords)))
        # Code that gets a function may call it.
        given = given.union(*[self.follow(one, given) for one in given if isinstance(one, _Code)])
        given = frozenset(one for one in given if not str(one).startswith("module "))
        paths = [one.removeprefix("import ") for one in callee if isinstance(one, str) and _is_import(one)]
        codes = [one for one in callee if isinstance(one, _Code)]
        named = [one for one in codes if method and one.name == method]
        results = [self.call_imported(path, node, given) for path in paths]
        results += [self.follow(one, given | callee if one.is_method or method else given) for one in named or codes]
        if method and not paths:
            results.append(self.call_method(callee, method, given))
        elif any(one.is_method for one in codes):
            results.append(callee | given)  # an object of a class
        elif not paths and not codes and callee:
            self.change(callee)  # an object that can be called, such as a layer, which then creates its weights
            self.draw(callee)
        elif not callee:
            name = node.func.id if isinstance(node.func, ast.Name) else ""
            if not hasattr(builtins, name) or name in CHANGING_BUILTINS:
                self.change(given, given)
            results.append(given if name not in ("float", "int", "len", "print", "str") else NOTHING)
        if (paths or codes) and not method:
            self.change(frozenset(one for one in callee - self.functions if not _is_function(one)))  # or a method
        objects = NOTHING.union(*results)
        if paths and all(path.startswith(SEEDLESS) for path in paths):
            return objects | self.without_seed("made without the seed")
        # What anything else makes of objects without the seed may draw from it.
        return objects | {f"made {len(self.needs)}"} if self.is_seedless(objects) else objects

    def call_imported(self, path: str, node: ast.Call, given: Objects) -> Objects:
        package, last = path.split(".")[0], path.rpartition(".")[2]
        if last in SEEDERS:
            if not self.following:  # a seed set inside a function is used up there
                self.bind(SEED, NOTHING)
            return NOTHING
        if path.startswith(DRAWING) and not path.startswith(DRAWING_NOTHING):
            self.look_up(SEED)
        if path.startswith("matplotlib.pyplot."):
            figure = self.look_up(FIGURE)
            self.change(figure) if figure else self.bind(FIGURE, NOTHING)
        elif path.startswith("tensorbook.plotting.") or last.startswith("plot_"):
            self.bind(FIGURE, NOTHING)
        if last.startswith("set_"):
            self.change(frozenset({f"module {package}"}))
        is_class = last[:1].isupper()  # a layer of ours draws its weights from the generator it is given
        changes = last.startswith(CHANGERS) or any(keyword.arg == "out" for keyword in node.keywords)
        if changes or package not in HARMLESS or (package == "tensorbook" and is_class):
            self.change(given, given)
        makes_new = package == "tensorbook" and not is_class
        return NOTHING if makes_new and not any(isinstance(one, _Code) for one in given) else given

    def constants(self, node: ast.expr) -> Objects:
        """Return what stands for a constant, a tuple of constants or a range; nothing for any other expression."""
        parts = node.args if isinstance(node, ast.Call) and ast.unparse(node.func) == "range" else [node]
        if not all(isinstance(one, CONSTANT) for part in parts for one in ast.walk(part)):
            return NOTHING
        return self.without_seed("constants")

    def without_seed(self, name: str) -> Objects:
        """Return a new object that can't draw random numbers from the seed."""
        new = f"{name} {len(self.needs)}"
        self.seedless.add(new)
        return frozenset({new})

    def is_seedless(self, objects: Objects) -> bool:
        """Return whether objects are known, and none of them can draw random numbers from the seed."""
        return bool(objects) and objects <= self.seedless

    def draw(self, objects: Objects) -> None:
        """Note that the current statement may have objects draw random numbers, for which it needs the seed."""
        if not self.is_seedless(objects):
            self.look_up(SEED)

    def call_method(self, owner: Objects, method: str, given: Objects) -> Objects:
        if method in NEW:
            return NOTHING
        if method in PARTS:
            return owner
        if method not in ADDING:
            self.draw(owner)
        if method in OWN:
            self.change(owner)
            return NOTHING
        self.change(owner | given, owner | given)
        return owner | given

    def follow(self, code: _Code, given: Objects) -> Objects:
        """Read the body of a function at a call, where each parameter may be any of the arguments."""
        given |= code.defaults
        if code.node in self.following:
            self.change(given, given)
            return given
        outer, self.scopes = self.scopes, [*code.scopes, {}]
        self.following.append(code.node)
        given = given or self.without_seed("passed")  # by a reader, or made for this call, which then needs the seed
        for part in ast.walk(code.node.args):
            if isinstance(part, ast.arg):
                self.bind(part.arg, given)
        with self.perhaps():
            if isinstance(code.node, ast.Lambda):
                self.bind(RETURNED, self.value(code.node.body))
            else:
                self.run(code.node.body)
        self.following.pop()
        returned = self.scopes[-1].get(RETURNED, NOTHING)
        self.scopes = outer
        return returned


def _is_function(one: object) -> bool:
    return isinstance(one, _Code) or str(one).startswith(("import ", "module "))


def _is_import(one: object) -> bool:
    return isinstance(one, str) and one.startswith("import ")
