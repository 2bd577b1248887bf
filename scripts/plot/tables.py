"""The workbench's CSV files as rows, and what is averaged over them."""
import csv
import math


# Beyond it matplotlib's limits and ticks overflow.
LARGEST = 1e200


class Failure(Exception):
    """What went wrong, in a line that names the file."""


def read(path, texts=(), numbers=()):
    """The rows of a CSV file, and its columns in their order.

    The columns `numbers` come as floats, an empty field as NaN.
    """
    try:
        with open(path, newline="", encoding="utf-8-sig") as file:
            table = csv.DictReader(file)
            columns, rows = list(table.fieldnames or []), list(table)
    except OSError as error:
        raise Failure(f"{path}: {error.strerror}")
    except (UnicodeDecodeError, csv.Error):
        raise Failure(f"{path}: not a CSV file")
    if not columns:
        raise Failure(f"{path}: empty")
    require(path, columns, *texts, *numbers)
    if not rows:
        raise Failure(f"{path}: a header, and no rows")
    for place, row in enumerate(rows, 1):
        if None in row or None in row.values():
            raise Failure(f"{path}: row {place} is not as long as the header")
    make_numbers(path, rows, numbers)
    return rows, columns


def require(path, columns, *names):
    for name in names:
        if name not in columns:
            shown = ", ".join(columns[:12]) + (", …" if len(columns) > 12 else "")
            raise Failure(f"{path}: no column '{name}' among {shown}"[:300])


def make_numbers(path, rows, names):
    for place, row in enumerate(rows, 1):
        for name in names:
            try:
                row[name] = float(row[name] or "nan")
            except ValueError:
                raise Failure(f"{path}: row {place}: {name}: "
                              f"'{row[name]}' is no number")
            if LARGEST < abs(row[name]) < math.inf:
                raise Failure(f"{path}: row {place}: {name}: {row[name]:g} is too "
                              f"large for an axis, whose numbers end at {LARGEST:g}")


def are_numbers(rows, name):
    try:
        return all(math.isfinite(float(row[name])) for row in rows)
    except ValueError:
        return False


def group(rows, *names):
    """The rows by their values of some columns, in the order of the file."""
    result = {}
    for row in rows:
        key = tuple(row[name] for name in names)
        result.setdefault(key[0] if len(key) == 1 else key, []).append(row)
    return result


def column(rows, name):
    return [row[name] for row in rows]


def mean(values):
    return sum(values) / len(values)


def geometric(values):
    """The geometric mean of those that are positive, and their deviation, a factor."""
    logs = [math.log(v) for v in values if 0 < v < math.inf]
    if not logs:
        return math.nan, math.nan
    middle = mean(logs)
    spread = math.sqrt(sum((v - middle) ** 2 for v in logs) / max(1, len(logs) - 1))
    # Nearly the largest number; factors beyond it are no different on any axis.
    return math.exp(middle), math.exp(min(spread, 700))


def positive_range(values):
    """The smallest and the largest of those that are positive, NaN without any."""
    kept = [v for v in values if 0 < v < math.inf]
    return (min(kept), max(kept)) if kept else (math.nan, math.nan)
