"""Safetensors files of the workbench, opened with errors that name the file."""
import math
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from safetensors import SafetensorError, safe_open

DATASET, SYSTEMS, CHECKPOINT = "bvp-dataset/1", "bvp-systems/1", "bvp-checkpoint/1"
NOUNS = {DATASET: "a dataset", SYSTEMS: "a file of systems", CHECKPOINT: "a checkpoint"}


class FileError(ValueError):
    """A file that cannot be used; the message names it and says why."""

    def __init__(self, path: str, reason: str):
        super().__init__(path, reason)
        self.path = path
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"


class Metadata:
    """The metadata of a file, read by type; every error names file and key."""

    def __init__(self, path: str, values: dict[str, str]):
        self.path = path
        self.values = values

    def text(self, key: str) -> str:
        if key not in self.values:
            raise FileError(self.path, f"metadata have no '{key}'")
        return self.values[key]

    def choice(self, key: str, known: list[str]) -> str:
        value = self.text(key)
        if value not in known:
            raise FileError(
                self.path,
                f"unknown {key} '{value}'; known are {', '.join(known)}")
        return value

    def integer(self, key: str, low: int, high: int) -> int:
        value = self.text(key)
        if not value.isascii() or not value.removeprefix("-").isdecimal():
            raise FileError(
                self.path, f"'{key}' is '{value}', expected a whole number")
        if not low <= int(value) <= high:
            raise FileError(
                self.path,
                f"'{key}' is {value}, must lie between {low} and {high}")
        return int(value)

    def gains(self, key: str, count: int) -> list[float]:
        """``count`` positive numbers, separated by commas."""
        try:
            values = [float(part) for part in self.text(key).split(",")]
        except ValueError:
            values = []
        if len(values) != count or not all(
            0 < value < math.inf for value in values
        ):
            raise FileError(
                self.path,
                f"'{key}' is '{self.text(key)}', expected {count} positive "
                + ("number" if count == 1 else "numbers"))
        return values

    def flag(self, key: str) -> bool:
        """``true`` or ``false``; false if it is missing."""
        value = self.values.get(key, "false")
        if value not in ("true", "false"):
            raise FileError(
                self.path, f"'{key}' is '{value}', expected true or false")
        return value == "true"


def open_tensors(
    path: str | os.PathLike[str], *formats: str, framework: str = "np"
) -> tuple[Any, Metadata]:
    """Maps a file of one of the formats into memory.

    Returns safetensors' handle, which reads tensors when they are asked for, and
    the metadata. Raises ``FileError`` if it is missing, damaged or of another
    format.
    """
    path = os.fspath(path)
    if not os.path.isfile(path):
        exists = os.path.exists(path)
        raise FileError(path, "is no file" if exists else "there is no such file")
    try:
        handle = safe_open(path, framework=framework)
    except (OSError, SafetensorError) as error:
        raise FileError(path, f"is damaged or no safetensors file ({error})") from None
    metadata = Metadata(path, handle.metadata() or {})
    found = metadata.values.get("format")
    if found not in formats:
        nouns = " or ".join(NOUNS[name] for name in formats)
        expected = " or ".join(f"'{name}'" for name in formats)
        raise FileError(
            path, f"is not {nouns}: 'format' is {found!r}, expected {expected}")
    return handle, metadata


@contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[str]:
    """The path of a new file that takes the place of ``path`` in one stroke.

    Raises ``FileError`` if it cannot be written.
    """
    target = os.path.realpath(path)
    temporary = f"{target}.{os.getpid()}.tmp"
    try:
        yield temporary
        os.replace(temporary, target)
    except (OSError, SafetensorError) as error:
        raise FileError(os.fspath(path), f"cannot be written ({error})") from None
    finally:
        if os.path.exists(temporary):
            os.remove(temporary)


def digest(path: str | os.PathLike[str]) -> str:
    """What ``bvp`` tells files apart by: FNV-1a of the size, the first mebibyte and
    the last 64 KiB, in hexadecimal digits."""
    size = os.path.getsize(path)
    with open(path, "rb") as file:
        head = file.read(1 << 20)
        file.seek(max(size - (1 << 16), 0))
        tail = file.read()
    value = 0xCBF29CE484222325
    for byte in size.to_bytes(8, "little") + head + tail:
        value = (value ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return f"{value:x}"
