"""What the tests of `bvp serve` share: a workspace and a server of their own, a
client, and a check of answers against the API's description."""
import atexit
import ctypes
import http.client
import json
import math
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import quote, urlencode

REPOSITORY = Path(__file__).resolve().parents[2]
BVP = str(Path(os.environ.get("BVP", REPOSITORY / ".build/release/bvp")).resolve())
DESCRIPTION = REPOSITORY / "Sources/Server/Page/openapi.json"
CHECKPOINT = "diffusion-polya.safetensors"


def bvp(*words, folder=None, status=0):
    """What the command prints."""
    done = subprocess.run(
        [BVP, *map(str, words)], cwd=folder, capture_output=True, timeout=120)
    if done.returncode != status:
        raise AssertionError(
            f"bvp {' '.join(map(str, words))}: status {done.returncode}\n"
            + done.stderr.decode(errors="replace"))
    return done.stdout.decode()


# A workspace

_made = {}


def temporary():
    """An empty folder that is there until the end."""
    folder = Path(tempfile.mkdtemp(prefix="bvp-page-")).resolve()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def workspace():
    """A new folder with one of each: an equation, a dataset, a checkpoint, a run."""
    if "template" not in _made:
        folder = temporary()
        text = bvp("equations", "diffusion", "--yaml")
        (folder / "own.yaml").write_text(re.sub(r"(?m)^name: .*", "name: own", text))
        bvp("generate", "diffusion", "--samples", 40, "--output", "data.safetensors",
            folder=folder)
        shutil.copy(REPOSITORY / "checkpoints" / CHECKPOINT, folder)
        bvp("pretrain", "diffusion", "--preset", "smoke", "--steps", 20, "--precision",
            "f32", "--output", "runs/first", folder=folder)
        _made["template"] = folder
    folder = temporary() / "workspace"
    shutil.copytree(_made["template"], folder)
    return folder


# A server

def follow(last=signal.SIGKILL):
    """Ends a process with the one that began it, however that ends."""
    ctypes.CDLL(None).prctl(1, last)


# What `atexit` is to undo is undone then as well.
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))


class Server:
    """`bvp serve` about a folder, of a new workspace unless one is given."""

    def __init__(self, folder=None, *options):
        self.folder = Path(folder or workspace())
        self.process = subprocess.Popen(
            [BVP, "serve", str(self.folder), "--port", "0", *options], stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
            preexec_fn=follow)
        self.pid = self.process.pid
        self.said = []
        known = threading.Event()
        threading.Thread(target=self._hear, args=(known,), daemon=True).start()
        atexit.register(self.stop)
        known.wait(20)
        found = re.search(r"http://(\S+):(\d+)/#token=(\w+)", "".join(self.said))
        if not found:
            self.stop()
            raise AssertionError(f"the server says no address: {self.said}")
        self.address = found[0]
        self.host, self.port, self.token = found[1], int(found[2]), found[3]
        self.origin = f"http://{self.host}:{self.port}"

    def _hear(self, known):
        for line in self.process.stdout:
            self.said.append(line.decode(errors="replace"))
            if "token=" in self.said[-1]:
                known.set()
        known.set()

    def stop(self, patience=60):
        """Ends it as Ctrl-C does; the status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(patience)
            except subprocess.TimeoutExpired:
                os.killpg(self.pid, signal.SIGKILL)
                self.process.wait()
                raise AssertionError(f"the server does not end within {patience} s")
        return self.process.returncode

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    @property
    def is_alive(self):
        return self.process.poll() is None

    @property
    def memory(self):
        """Resident MiB."""
        try:
            text = Path(f"/proc/{self.pid}/status").read_text()
        except OSError:
            return math.nan
        found = re.search(r"VmRSS:\s+(\d+)", text)
        return int(found[1]) / 1024 if found else math.nan

    @property
    def seconds(self):
        """Of processors' time."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def client(self, **options):
        return Client(self, **options)


# A client

class Answer:
    def __init__(self, status, headers, data):
        self.status, self.headers, self.data = status, headers, data

    @property
    def text(self):
        return self.data.decode()

    @property
    def json(self):
        return json.loads(self.data)

    @property
    def message(self):
        """Of an error: the one line."""
        return self.json["message"]

    @property
    def type(self):
        return (self.headers.get("Content-Type") or "").split(";")[0]

    def __repr__(self):
        return f"{self.status} {self.data[:300]!r}"


class Client:
    """One connection, opened again where it was closed."""

    def __init__(self, server, token=None, timeout=30):
        self.server, self.timeout = server, timeout
        self.token = server.token if token is None else token
        self.connection = None

    def close(self):
        if self.connection:
            self.connection.close()
        self.connection = None

    def ask(self, method, path, query=None, body=None, headers=None):
        """Bodies that are no bytes are sent as JSON; False takes a header away."""
        if query:
            path += "?" + urlencode(query, doseq=True, quote_via=quote)
        given = {"Host": f"{self.server.host}:{self.server.port}"}
        if self.token:
            given["Authorization"] = "Bearer " + self.token
        if body is not None:
            given["Content-Type"] = "application/json"
            if not isinstance(body, bytes):
                body = json.dumps(body).encode()
        given.update(headers or {})
        given = {name: value for name, value in given.items() if value is not False}
        for is_last in (False, True):
            is_new = self.connection is None
            if is_new:
                self.connection = http.client.HTTPConnection(
                    self.server.host, self.server.port, timeout=self.timeout)
            try:
                self.connection.putrequest(
                    method, path, skip_host=True, skip_accept_encoding=True)
                for name, value in given.items():
                    self.connection.putheader(name, value)
                if body is not None:
                    self.connection.putheader("Content-Length", str(len(body)))
                self.connection.endheaders(body)
                response = self.connection.getresponse()
                answer = Answer(response.status, response.headers, response.read())
                if response.will_close:
                    self.close()
                return answer
            except (ConnectionError, http.client.HTTPException):
                self.close()
                if is_new or is_last:
                    raise
            except Exception:
                self.close()
                raise

    def get(self, path, /, **query):
        return self.ask("GET", path, query)

    def post(self, path, body, /, **query):
        return self.ask("POST", path, query, body)

    def job(self, answer, *states, patience=60):
        """Waits until a job that was begun has ended, or is in one of the states."""
        if answer.status != 200:
            raise AssertionError(f"no job: {answer}")
        states = states or ("finished", "stopped", "failed")
        end = time.monotonic() + patience
        while time.monotonic() < end:
            job = self.get("/api/job", id=answer.json["id"]).json
            if job["state"] in states:
                return job
            time.sleep(0.05)
        raise AssertionError(f"the job goes on: {job}")


# The description

class Operation:
    def __init__(self, path, method, given):
        self.path, self.method, self.id = path, method.upper(), given["operationId"]
        self.parameters = given.get("parameters", [])
        self.responses = given["responses"]
        content = given.get("requestBody", {}).get("content", {})
        self.body = content.get("application/json", {}).get("schema")
        self.is_open = given.get("security") == []


class Description:
    def __init__(self):
        self.document = json.loads(DESCRIPTION.read_text())
        self.operations = [
            Operation(path, method, given)
            for path, methods in self.document["paths"].items()
            for method, given in methods.items()]
        self.by_id = {operation.id: operation for operation in self.operations}

    def resolve(self, schema):
        while "$ref" in schema:
            place = self.document
            for part in schema["$ref"].removeprefix("#/").split("/"):
                place = place[part]
            schema = place
        return schema

    def faults(self, operation, answer):
        """What about an answer is not as described."""
        content = operation.responses.get(str(answer.status), {}).get("content", {})
        if answer.type not in content:
            return [f"{answer.status} {answer.type}: is not described"]
        if answer.type != "application/json":
            return []
        try:
            value = json.loads(answer.data, parse_constant=self._refuse)
        except ValueError as error:
            return [f"is no JSON: {error}"]
        return list(self.violations(value, content[answer.type]["schema"]))

    @staticmethod
    def _refuse(name):
        raise ValueError(f"{name} is no number of JSON")

    def violations(self, value, schema, place="$"):
        """How a value differs from a schema."""
        schema = self.resolve(schema)
        kinds = schema.get("type", [])
        kinds = [kinds] if isinstance(kinds, str) else kinds
        if kinds and not any(self._is(value, kind) for kind in kinds):
            yield f"{place}: {value!r:.60} is not {' or '.join(kinds)}"
            return
        if "oneOf" in schema:
            fitting = [
                one for one in schema["oneOf"]
                if not list(self.violations(value, one, place))]
            if len(fitting) != 1:
                yield f"{place}: {value!r:.60} fits {len(fitting)} of oneOf"
        if "enum" in schema and value not in schema["enum"]:
            yield f"{place}: {value!r:.60} is not of {schema['enum']}"
        if isinstance(value, str):
            if len(value) > schema.get("maxLength", math.inf):
                yield f"{place}: is too long"
            if "pattern" in schema and not re.search(schema["pattern"], value):
                yield f"{place}: {value!r:.60} does not match {schema['pattern']}"
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            if (value < schema.get("minimum", -math.inf)
                    or value > schema.get("maximum", math.inf)
                    or value <= schema.get("exclusiveMinimum", -math.inf)
                    or value >= schema.get("exclusiveMaximum", math.inf)):
                yield f"{place}: {value!r} is out of range"
        if isinstance(value, list):
            if not (schema.get("minItems", 0) <= len(value)
                    <= schema.get("maxItems", math.inf)):
                yield f"{place}: has {len(value)} items"
            for index, item in enumerate(value):
                yield from self.violations(
                    item, schema.get("items", {}), f"{place}[{index}]")
        if isinstance(value, dict):
            yield from self._members(value, schema, place)

    def _members(self, value, schema, place):
        known = schema.get("properties", {})
        for name in schema.get("required", []):
            if name not in value:
                yield f"{place}: lacks {name!r}"
        if len(value) > schema.get("maxProperties", math.inf):
            yield f"{place}: has {len(value)} members"
        for name, member in value.items():
            if name in known:
                yield from self.violations(member, known[name], f"{place}.{name}")
            elif "additionalProperties" in schema:
                yield from self.violations(
                    member, schema["additionalProperties"], f"{place}.{name}")
            elif known:
                yield f"{place}: {name!r} is not described"

    @staticmethod
    def _is(value, kind):
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
        return {
            "null": value is None, "boolean": isinstance(value, bool),
            "string": isinstance(value, str), "array": isinstance(value, list),
            "object": isinstance(value, dict), "number": is_number,
            "integer": is_number and float(value).is_integer(),
        }[kind]


def is_one_line(message):
    return isinstance(message, str) and message.strip() != "" and "\n" not in message \
        and "\r" not in message
