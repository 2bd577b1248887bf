"""Event files of TensorBoard from the metrics of runs.

    python -m bvp_workbench.tensorboard RUN...

Each RUN/metrics.csv becomes one event file in RUN/tensorboard, which replaces those
there: lr, train_mse, test_mse and test_relative_mse over the step, at the times of the
evaluations. Then: tensorboard --logdir RUN
"""
import csv
import math
import sys
from pathlib import Path

from .files import FileError

TAGS = ("lr", "train_mse", "test_mse", "test_relative_mse")


def read_metrics(path: Path) -> list[dict[str, float]]:
    """The rows of a metrics.csv, numbers by column."""
    try:
        with open(path, newline="", encoding="utf-8") as file:
            reader = csv.DictReader(file, strict=True)
            columns = reader.fieldnames or []
            for column in ("step", "seconds", *TAGS):
                if column not in columns:
                    raise FileError(str(path), f"has no column '{column}'")
            return [
                {name: float(row[name]) for name in ("step", "seconds", *TAGS)}
                for row in reader]
    except OSError as error:
        raise FileError(str(path), f"cannot be read ({error.strerror})") from None
    except (csv.Error, TypeError, UnicodeDecodeError) as error:
        raise FileError(str(path), f"is damaged ({error})") from None
    except FileError:
        raise
    except ValueError as error:
        raise FileError(str(path), f"holds what is no number ({error})") from None


def write_events(run: Path) -> Path:
    """Writes the events of a run; returns their folder."""
    from tensorboard.compat.proto.event_pb2 import Event
    from tensorboard.compat.proto.summary_pb2 import Summary
    from tensorboard.summary.writer.event_file_writer import EventFileWriter

    metrics = run / "metrics.csv"
    rows = read_metrics(metrics)
    folder = run / "tensorboard"
    for old in folder.glob("events.out.tfevents.*"):
        old.unlink()
    end = metrics.stat().st_mtime
    writer = EventFileWriter(str(folder))
    for row in rows:
        values = [
            Summary.Value(tag=tag, simple_value=row[tag])
            for tag in TAGS if math.isfinite(row[tag])]
        writer.add_event(Event(
            wall_time=end - rows[-1]["seconds"] + row["seconds"],
            step=int(row["step"]), summary=Summary(value=values)))
    writer.close()
    return folder


def main(arguments: list[str]) -> int:
    if not arguments or {"-h", "--help"} & set(arguments):
        print(__doc__.strip(), file=sys.stdout if arguments else sys.stderr)
        return 0 if arguments else 64
    try:
        for run in arguments:
            print(write_events(Path(run)))
    except ModuleNotFoundError as error:
        if error.name is None or not error.name.startswith("tensorboard"):
            raise
        print(
            "bvp_workbench.tensorboard: TensorBoard is not installed: "
            "pip install tensorboard", file=sys.stderr)
        return 1
    except FileError as error:
        print(f"bvp_workbench.tensorboard: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
