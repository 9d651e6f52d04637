"""Makes mutants of the access rules out of their source, one change each, and loads them beside the real modules.

Nothing here knows a rule by name: whatever predicate, label, role, state or verb is added is mutated with the rest.
"""

from __future__ import annotations

import ast
import enum
import importlib
import inspect
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.machinery import ModuleSpec
from types import CodeType, FunctionType, ModuleType
from typing import Any, cast

from council import access
from council.access import audited, policy, reach, recorded, reported, roles, visibility
from council.access.roles import Standing
from council.parties import models as parties

# Each builds on those before it.
MUTATED = (roles, reach, recorded, reported, audited, visibility, policy)
ASKED = (roles, visibility, policy)
# A rule that lives on a model, which cannot be loaded twice: the class, and the method that is exchanged.
ON_A_MODEL = (parties, parties.SeatQuerySet, "valid_on")
SWAPPED: dict[type[ast.AST], type[ast.AST]] = {
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.And: ast.Or, ast.Or: ast.And,
}  # fmt: skip
LONGEST = 240
EXTREMES = {"Q": ("EVERYTHING", "NOTHING"), "bool": ("True", "False"), "frozenset[int]": ("frozenset()",)}


@dataclass
class Mutant:
    """One node of one module's tree exchanged for another while it is loaded."""

    module: ModuleType
    where: str
    tree: ast.Module
    parent: ast.AST
    slot: str
    index: int | None
    new: ast.AST
    old: ast.AST = field(init=False)

    def __post_init__(self) -> None:
        self.old = self._held()

    def __str__(self) -> str:
        return f"{self.where}: {_text(self.old)}  ->  {_text(self.new)}"

    def _held(self) -> Any:
        held = getattr(self.parent, self.slot)
        return held if self.index is None else held[self.index]

    def _put(self, node: ast.AST) -> None:
        if self.index is None:
            setattr(self.parent, self.slot, node)
        else:
            getattr(self.parent, self.slot)[self.index] = node

    def code(self) -> CodeType:
        self._put(ast.copy_location(self.new, self.old))
        try:
            return compile(ast.fix_missing_locations(self.tree), f"<mutant of {self.module.__name__}>", "exec")
        finally:
            self._put(self.old)


def _text(node: ast.AST) -> str:
    text = ast.unparse(node)
    return text if len(text) < LONGEST else f"{text[: LONGEST // 2]} … {text[-LONGEST // 2 :]}"


# --- Making them ------------------------------------------------------------------------------------------------------


def mutants() -> list[Mutant]:
    """Every one, in the order of the source; one that changes no code is left out."""
    trees = [(module, ast.parse(inspect.getsource(module)), "") for module in MUTATED]
    owner, _, method = ON_A_MODEL
    trees.append((owner, ast.parse(inspect.getsource(owner)), method))
    return [
        mutant
        for module, tree, only in trees
        for mutant in _of_module(module, tree, only)
        if ast.dump(mutant.old) != ast.dump(mutant.new)
    ]


def _of_module(module: ModuleType, tree: ast.Module, only: str) -> Iterator[Mutant]:
    short = module.__name__.rpartition(".")[2]
    verbs = sorted({word for call in ast.walk(tree) if _gives_verbs(call) for word in _words(call, vars(module))})
    makes = Makes(vars(module), verbs)
    for parent, slot, index, node, where in _slots(tree, short):
        if only and f".{only}" not in where:
            continue
        for new in makes.instead_of(node, parent):
            yield Mutant(module, where, tree, parent, slot, index, new)


def _slots(node: ast.AST, where: str) -> Iterator[tuple[ast.AST, str, int | None, ast.AST, str]]:
    """Every place that holds a node, but for annotations, defaults and documentation."""
    for slot, held in ast.iter_fields(node):
        if slot in {"annotation", "returns", "args", "decorator_list", "type_params"} and not isinstance(
            node, ast.Call
        ):
            continue
        for index, child in enumerate(held) if isinstance(held, list) else [(None, held)]:
            if isinstance(child, ast.AST) and not isinstance(child, ast.Import | ast.ImportFrom | ast.TypeAlias):
                yield node, slot, index, child, where
                below = f"{where}.{child.name}" if isinstance(child, ast.FunctionDef | ast.ClassDef) else where
                yield from _slots(child, below)


def _gives_verbs(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func) == "_each"


def _words(call: Any, names: dict[str, Any]) -> list[str]:
    """The verbs that a line of the table gives, written there or named."""
    text: str = eval(ast.unparse(call.args[0]), names)
    return text.split()


@dataclass
class Makes:
    """What may stand instead of a node."""

    names: dict[str, Any]
    verbs: list[str]

    def instead_of(self, node: ast.AST, parent: ast.AST) -> Iterator[ast.AST]:
        match node:
            case ast.BinOp(op=ast.BitAnd() | ast.BitOr()):
                yield from (node.left, node.right, _like(node, op=SWAPPED[type(node.op)]()))
            case ast.BoolOp():
                yield from self._fewer(node, "values", at_least=2)
                yield _like(node, op=SWAPPED[type(node.op)]())
            case ast.UnaryOp(op=ast.Not() | ast.Invert()):
                yield node.operand
            case ast.Compare(ops=[op]) if type(op) in SWAPPED:
                yield _like(node, ops=[SWAPPED[type(op)]()])
            case ast.IfExp():
                yield from (node.body, node.orelse)
            case ast.Return() | ast.Lambda():
                yield from self._extremes(node, parent)
            case ast.Dict() | ast.Set() | ast.List() | ast.Tuple() | ast.Call():
                yield from self._fewer_parts(node)
            case ast.Name(ctx=ast.Load()) | ast.Attribute(ctx=ast.Load()):
                yield from self._siblings(node)
        if _is_a_test(node, parent):
            yield from (ast.Constant(True), ast.Constant(False), ast.UnaryOp(ast.Not(), cast("ast.expr", node)))

    def _extremes(self, node: Any, parent: ast.AST) -> Iterator[ast.AST]:
        """All and nothing, for what a predicate returns."""
        if isinstance(node, ast.Lambda):
            if "EVERYTHING" in self.names and not isinstance(parent, ast.Call):
                yield from (_like(node, body=_expression(text)) for text in EXTREMES["Q"])
        elif isinstance(parent, ast.FunctionDef) and parent.returns is not None:
            yield from (_like(node, value=_expression(t)) for t in EXTREMES.get(ast.unparse(parent.returns), ()))

    def _fewer_parts(self, node: Any) -> Iterator[ast.AST]:
        match node:
            case ast.Dict():
                for n in range(len(node.keys)):
                    yield ast.Dict(node.keys[:n] + node.keys[n + 1 :], node.values[:n] + node.values[n + 1 :])
            case ast.Call():
                yield from self._fewer(node, "keywords")
                if _gives_verbs(node):
                    yield from self._other_verbs(node)
            case ast.Set() | ast.List(ctx=ast.Load()) | ast.Tuple(ctx=ast.Load()):
                yield from self._fewer(node, "elts", at_least=1)
                yield from self._more(node)

    @staticmethod
    def _fewer(node: Any, slot: str, at_least: int = 0) -> Iterator[ast.AST]:
        parts = getattr(node, slot)
        for n in range(len(parts)):
            rest = parts[:n] + parts[n + 1 :]
            if len(rest) >= at_least:
                yield _like(node, **{slot: rest})
            elif len(rest) == 1:
                yield rest[0]

    def _more(self, node: Any) -> Iterator[ast.AST]:
        """With each role, label or state that is not in it."""
        inside = [self._value(part) for part in node.elts]
        if inside and all(isinstance(value, enum.Enum) for value in inside):
            for other in type(inside[0]):
                if other not in inside:
                    yield _like(node, elts=[*node.elts, _sibling(node.elts[0], other.name)])

    def _other_verbs(self, call: Any) -> Iterator[ast.AST]:
        given = _words(call, self.names)
        fewer = [[verb for verb in given if verb != one] for one in given]
        more = [[*given, verb] for verb in self.verbs if verb not in given]
        for words in fewer + more:
            yield _like(call, args=[ast.Constant(" ".join(words)), *call.args[1:]])

    def _siblings(self, node: Any) -> Iterator[ast.AST]:
        """Another role, label or state; another predicate; another of a standing's properties."""
        value = self._value(node)
        if isinstance(value, enum.Enum):
            yield from (_sibling(node, other.name) for other in type(value) if other is not value)
        elif isinstance(value, FunctionType) and isinstance(node, ast.Name):
            alike = inspect.signature(value)
            others = {n: f for n, f in self.names.items() if isinstance(f, FunctionType) and n != node.id}
            yield from (ast.Name(n, ast.Load()) for n, f in others.items() if inspect.signature(f) == alike)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in {"who", "self"}:
            kinds = _properties()
            alike_names = [name for name, kind in kinds.items() if kind == kinds.get(node.attr) and name != node.attr]
            yield from (_sibling(node, name) for name in alike_names)

    def _value(self, node: ast.AST) -> Any:
        root = node
        while isinstance(root, ast.Attribute):
            root = root.value
        if not isinstance(root, ast.Name) or root.id not in self.names:
            return None
        try:
            return eval(ast.unparse(node), self.names)
        except AttributeError:
            return None


def _is_a_test(node: ast.AST, parent: ast.AST) -> bool:
    return (isinstance(parent, ast.If | ast.IfExp) and node is parent.test) or (
        isinstance(parent, ast.comprehension) and node in parent.ifs
    )


def _properties() -> dict[str, str]:
    """What a standing has, by its kind."""
    fields = {name: str(kind) for name, kind in Standing.__annotations__.items()}
    for name, member in vars(Standing).items():
        if isinstance(member, property) and member.fget is not None:
            fields[name] = str(member.fget.__annotations__["return"])
    return fields


def _like(node: Any, **changes: Any) -> Any:
    return type(node)(**{name: getattr(node, name) for name in node._fields} | changes)


def _expression(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


def _sibling(node: Any, name: str) -> ast.Attribute:
    return ast.Attribute(node.value, name, ast.Load())


# --- Loading them -----------------------------------------------------------------------------------------------------


@contextmanager
def loaded(mutant: Mutant) -> Iterator[tuple[ModuleType, ModuleType, ModuleType]]:
    """The modules that are asked, with one mutant: it and those above it anew, those below it as they are."""
    code = mutant.code()
    if mutant.module is ON_A_MODEL[0]:
        with _exchanged(code):
            yield ASKED
        return
    first = MUTATED.index(mutant.module)
    real = {module.__name__: module for module in MUTATED[first:]}
    finder = _Finder(mutant.module, code)
    for name in real:
        del sys.modules[name]
    sys.meta_path.insert(0, finder)
    try:
        fresh = [importlib.import_module(name) for name in real]
    finally:
        sys.meta_path.remove(finder)
        sys.modules.update(real)
        for name, module in real.items():
            setattr(access, name.rpartition(".")[2], module)
    now = {module.__name__: module for module in (*MUTATED[:first], *fresh)}
    yield tuple(now[module.__name__] for module in ASKED)  # type: ignore[misc]


@contextmanager
def _exchanged(code: CodeType) -> Iterator[None]:
    """The one method out of the mutated module's code, in the namespace of the real one."""
    _, owner, method = ON_A_MODEL
    kept = owner.__dict__[method]
    inner = next(c for k in code.co_consts if isinstance(k, CodeType) and k.co_name == owner.__name__
                 for c in k.co_consts if isinstance(c, CodeType) and c.co_name == method)  # fmt: skip
    setattr(owner, method, FunctionType(inner, kept.__globals__, method))
    try:
        yield
    finally:
        setattr(owner, method, kept)


class _Finder:
    """Finds one module, and gives it the mutant's code instead of its file's."""

    def __init__(self, module: ModuleType, code: CodeType) -> None:
        self.module, self.code = module, code

    def find_spec(self, name: str, path: Any, target: Any = None) -> ModuleSpec | None:
        return ModuleSpec(name, self) if name == self.module.__name__ else None  # type: ignore[arg-type]

    def create_module(self, spec: ModuleSpec) -> None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        exec(self.code, module.__dict__)
