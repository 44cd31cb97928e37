"""What `make mutants` changes: one thing in a module, by each of OPERATORS. Pure."""

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

Change = Callable[[ast.AST], Iterator[ast.AST]]
"""A node → what may stand in its place."""

_COMPARED: Mapping[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_CALCULATED: Mapping[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
}


def _comparison(node: ast.AST) -> Iterator[ast.AST]:
    """`==` for `!=`, `<` for `<=`, `is` for `is not`, `in` for `not in`, and the other way round."""
    if isinstance(node, ast.Compare) and type(node.ops[0]) in _COMPARED:
        yield ast.Compare(node.left, [_COMPARED[type(node.ops[0])](), *node.ops[1:]], node.comparators)


def _connective(node: ast.AST) -> Iterator[ast.AST]:
    """`and` for `or`, and the other way round."""
    if isinstance(node, ast.BoolOp):
        yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)


def _negation(node: ast.AST) -> Iterator[ast.AST]:
    """A `not` that is left out."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield node.operand


def _condition(node: ast.AST) -> Iterator[ast.AST]:
    """An `if` that is always so, or never."""
    if isinstance(node, ast.If):
        yield from (ast.If(ast.Constant(each), node.body, node.orelse) for each in (True, False))
    elif isinstance(node, ast.IfExp):
        yield from (node.body, node.orelse)


def _arithmetic(node: ast.AST) -> Iterator[ast.AST]:
    """`+` for `-`, `*` for `//`, and the other way round."""
    if isinstance(node, ast.BinOp) and type(node.op) in _CALCULATED:
        yield ast.BinOp(node.left, _CALCULATED[type(node.op)](), node.right)


def _constant(node: ast.AST) -> Iterator[ast.AST]:
    """True for False, and the other way round; a number that is one too great."""
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield ast.Constant(not node.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, int):
        yield ast.Constant(node.value + 1)


def _argument(node: ast.AST) -> Iterator[ast.AST]:
    """An argument that is left out, of those that are given by name."""
    if isinstance(node, ast.Call):
        for at, keyword in enumerate(node.keywords):
            if keyword.arg is not None:
                left = node.keywords[:at] + node.keywords[at + 1 :]
                yield ast.Call(node.func, node.args, left)


def _statement(node: ast.AST) -> Iterator[ast.AST]:
    """A call that is left out, of those whose result nobody takes."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        yield ast.Pass()


OPERATORS: Mapping[str, Change] = {
    "comparison": _comparison,
    "connective": _connective,
    "negation": _negation,
    "condition": _condition,
    "arithmetic": _arithmetic,
    "constant": _constant,
    "argument": _argument,
    "statement": _statement,
}


@dataclass(frozen=True)
class Spot:
    """Where a module can be changed, and how: a node's place, and the `number`-th change of an operator."""

    group: str
    file: str
    place: tuple[int, int, type[ast.AST]]
    operator: str
    number: int


@dataclass(frozen=True)
class Mutant:
    """A module with one thing changed. `before` and `after` are that thing as text."""

    group: str
    file: str
    line: int
    operator: str
    before: str
    after: str
    source: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.operator}: {self.before}  →  {self.after}"

    @property
    def module(self) -> str:
        """Its name for an import."""
        return self.file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


class _Replaced(ast.NodeTransformer):
    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self._old, self._new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        """Only the one node is another."""
        if node is self._old:
            return ast.copy_location(self._new, node)
        return super().generic_visit(node)


def spots_of(group: str, file: str, text: str) -> Iterator[Spot]:
    """Everything that can be changed in a module, in the order of its lines."""
    for node in _mutable(ast.parse(text)):
        for operator, change in OPERATORS.items():
            for number, _ in enumerate(change(node)):
                yield Spot(group, file, _place(node), operator, number)


def mutant_at(spot: Spot, text: str) -> Mutant:
    """The module with the change made."""
    tree = ast.parse(text)
    node = next(each for each in _mutable(tree) if _place(each) == spot.place)
    new = list(OPERATORS[spot.operator](node))[spot.number]
    before, after = _changed(node, new)
    changed = ast.unparse(ast.fix_missing_locations(_Replaced(node, new).visit(tree)))
    return Mutant(spot.group, spot.file, spot.place[0], spot.operator, before, after, changed)


def _place(node: ast.AST) -> tuple[int, int, type[ast.AST]]:
    return getattr(node, "lineno", 0), getattr(node, "col_offset", 0), type(node)


def _changed(old: ast.AST, new: ast.AST) -> tuple[str, str]:
    """The first line of both; of a call that lacks an argument, the argument."""
    if isinstance(old, ast.Call) and isinstance(new, ast.Call):
        [left] = [each for each in old.keywords if each not in new.keywords]
        return f"{ast.unparse(old.func)}({ast.unparse(left)})", f"{ast.unparse(old.func)}()"
    return ast.unparse(old).split("\n", 1)[0], ast.unparse(new).split("\n", 1)[0]


def _mutable(node: ast.AST) -> Iterator[ast.AST]:
    """What is done in a module, without what is only said of types."""
    for name, value in ast.iter_fields(node):
        if name in {"annotation", "returns", "decorator_list", "type_comment"}:
            continue
        for each in value if isinstance(value, list) else (value,):
            if isinstance(each, ast.AST):
                yield each
                yield from _mutable(each)
