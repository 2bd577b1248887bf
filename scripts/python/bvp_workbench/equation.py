"""What a dataset's systems need of an equation file: its boundary conditions.

Of YAML read are mappings in block and flow style and plain, quoted, literal and folded
scalars.
"""
import ast
import math
import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

FUNCTIONS: dict[str, Callable[..., Any]] = {
    "abs": np.abs, "sqrt": np.sqrt, "exp": np.exp, "log": np.log, "sin": np.sin,
    "cos": np.cos, "tan": np.tan, "sinh": np.sinh, "cosh": np.cosh,
    "tanh": np.tanh, "erf": np.vectorize(math.erf, otypes=[float]),
    "min": np.minimum, "max": np.maximum,
    "where": lambda condition, a, b: np.where(condition != 0, a, b),
}
OPERATIONS: dict[type[ast.AST], Callable[..., Any]] = {
    ast.Add: np.add, ast.Sub: np.subtract, ast.Mult: np.multiply,
    ast.Div: np.divide, ast.Pow: np.power, ast.Lt: np.less,
    ast.LtE: np.less_equal, ast.Gt: np.greater, ast.GtE: np.greater_equal,
    ast.UAdd: np.positive, ast.USub: np.negative,
}


def boundary_conditions(
    equation: str, parameters: Mapping[str, Array]
) -> tuple[Array, Array]:
    """The conditions of samples at the left and at the right end.

    ``parameters`` has the values of each parameter, [samples]. Returned are alpha,
    beta, gamma and the weight of the integral, of alpha u + beta u' = gamma or
    of the integral of u = gamma: [samples, 4] for each end.
    Raises ``ValueError`` for text that is not understood.
    """
    count = len(next(iter(parameters.values()), np.empty(1)))

    def condition(ends: dict[str, Any], end: str) -> Array:
        (kind, value), = ends[end].items()
        texts = {
            "dirichlet": lambda: ("1", "0", value, "0"),
            "neumann": lambda: ("0", "1", value, "0"),
            "robin": lambda: (
                value["alpha"], value["beta"], value["gamma"], "0"),
            "integral": lambda: ("0", "0", value, "1"),
        }[kind]()
        return np.stack(
            [np.broadcast_to(evaluate(text, parameters), count) for text in texts], 1)

    try:
        ends = _section(equation, "boundary")
        return condition(ends, "left"), condition(ends, "right")
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ValueError(
            f"the boundary conditions are not understood ({error})") from None


def equation_name(equation: str) -> str:
    """The equation's name, empty if it is not found."""
    match = re.search(r"^name\s*:\s*(.*)$", equation, re.MULTILINE)
    return _flow(_without_comment(match.group(1))) if match else ""


def coefficient_names(equation: str) -> list[str]:
    """The names of the coefficients that the equation has.

    Raises ``ValueError`` for text that is not understood.
    """
    try:
        return list(_section(equation, "coefficients"))
    except (AttributeError, ValueError) as error:
        raise ValueError(f"the coefficients are not understood ({error})") from None


# Formulas

def evaluate(text: str, variables: Mapping[str, Array]) -> Array:
    """The value of a formula of the variables, pi and numbers.

    ``indicator`` needs an ``x`` among the variables.
    """
    values = {_python_name(name): value for name, value in variables.items()}
    values[_python_name("pi")] = np.asarray(np.pi)
    functions = {_python_name(name): f for name, f in FUNCTIONS.items()}
    if "x" in variables:
        x = variables["x"]
        functions[_python_name("indicator")] = (
            lambda low, high: np.where((low <= x) & (x <= high), 1.0, 0.0))

    def value(node: ast.AST) -> Any:
        # Long sums lean to the left; they take no stack.
        spine = []
        while isinstance(node, ast.BinOp):
            spine.append(node)
            node = node.left
        result = operand(node)
        for step in reversed(spine):
            result = OPERATIONS[type(step.op)](result, value(step.right))
        return result

    def operand(node: ast.AST) -> Any:
        match node:
            case ast.Constant(value=int() | float() as number):
                return np.float64(number)
            case ast.Name(id=name):
                return values[name]
            case ast.UnaryOp(op=operation, operand=a):
                return OPERATIONS[type(operation)](value(a))
            case ast.Compare(left=a, ops=[operation], comparators=[b]):
                return OPERATIONS[type(operation)](value(a), value(b)) * 1.0
            case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
                return functions[name](*map(value, arguments))
        raise ValueError(f"'{text}' is no formula")

    try:
        tree = ast.parse(_as_python(text), mode="eval")
    except (SyntaxError, RecursionError):
        raise ValueError(f"'{text}' is no formula") from None
    with np.errstate(all="ignore"):
        try:
            return np.asarray(value(tree.body), dtype=np.float64)
        except KeyError as error:
            name = bytes.fromhex(error.args[0].removeprefix("n_")).decode()
            raise ValueError(f"'{text}' has the unknown name '{name}'") from None


def _python_name(name: str) -> str:
    """A name that is none of Python's words, and that Python does not normalise."""
    return "n_" + name.encode().hex()


def _as_python(text: str) -> str:
    """A formula in Python's spelling, on one line."""
    def word(match: re.Match[str]) -> str:
        number, name = match.groups()
        # Python has no number 007.
        return repr(float(number)) if number else _python_name(name)

    text = re.sub(
        r"((?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)|([^\W\d]\w*)", word, text)
    return "(" + " ".join(text.replace("^", "**").split()) + ")"


# YAML

def _section(equation: str, key: str) -> dict[str, Any]:
    """The mapping under a key of the whole."""
    lines = [_without_comment(line) for line in equation.splitlines()]
    starts = [k for k, line in enumerate(lines) if re.match(rf"{key}\s*:", line)]
    if len(starts) != 1:
        raise ValueError(f"there is no key '{key}' at the start of a line")
    own = [lines[starts[0]]]
    for line in lines[starts[0] + 1:]:
        if line.strip() and not line[0].isspace():
            break
        own.append(line)
    return _mapping([line for line in own if line.strip()])[key]


def _without_comment(line: str) -> str:
    match = re.match(r"""(?:"[^"]*"|'[^']*'|(?<=\S)#|[^#])*""", line)
    return match.group() if match else line


def _mapping(lines: list[str]) -> dict[str, Any]:
    """A block mapping, from its lines."""
    if not lines:
        raise ValueError("the mapping under a key is empty")
    indent = len(lines[0]) - len(lines[0].lstrip())
    result: dict[str, Any] = {}
    while lines:
        match = re.match(r"\s*([\w\"'-]+)\s*:(?:\s+(.*))?$", lines[0])
        if not match or len(lines[0]) - len(lines[0].lstrip()) != indent:
            raise ValueError(f"'{lines[0].strip()}' is not understood")
        key, text = match.group(1).strip("\"'"), (match.group(2) or "").strip()
        end = 1
        while end < len(lines) and len(lines[end]) - len(lines[end].lstrip()) > indent:
            end += 1
        inner, lines = lines[1:end], lines[end:]
        # A formula means the same however its lines are joined.
        is_block = re.fullmatch(r"[|>][-+0-9]*", text)
        result[key] = (
            " ".join(map(str.strip, inner)) if is_block
            else _flow(" ".join([text, *map(str.strip, inner)])) if text
            else _mapping(inner))
    return result


def _flow(text: str) -> Any:
    """A flow mapping or a scalar."""
    text = text.strip()
    if not text.startswith("{"):
        quoted = re.fullmatch(r"\"([^\"\\]*)\"|'([^']*)'", text)
        return (quoted.group(1) or quoted.group(2) or "") if quoted else text
    depth, quote, parts = 0, "", [""]
    for character in text:
        if quote:
            quote = "" if character == quote else quote
        elif character in "\"'":
            quote = character
        depth += {"{": 1, "}": -1}.get(character, 0) if not quote else 0
        if character == "," and depth == 1 and not quote:
            parts.append("")
        elif not (character == "{" and depth == 1) and depth:
            parts[-1] += character
    pairs = [part.split(":", 1) for part in parts if part.strip()]
    return {key.strip(" \"'"): _flow(value) for key, value in pairs}
