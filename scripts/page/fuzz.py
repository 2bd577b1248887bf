"""Gives `bvp serve` requests that its description allows, ones that it does not,
and what is no request at all; a server must answer all and stay as it was.

    fuzz.py [--count 2000] [--seed 1] [--only INDEX]
"""
import argparse
import json
import random
import socket
import string
import struct
import sys
import threading
import time
from collections import Counter
from urllib.parse import quote, quote_from_bytes

import api

PATIENCE = 15
# MiB that a server may have more than after its first requests.
GROWTH = 256
TEXTS = ("", "\0", "a" * 5000, "é" * 700, "𝔘" * 300, "\u202e\u0000\uffff", "../own.yaml",
         "null", "NaN", "1e999", "-0", "'\"`;$(id)", "%s%n", "<script>", "\r\nA: b", "auto")
NUMBERS = (0, -0.0, -1, 1, 2, 3, 511, 512, 513, 1e308, -1e308, 5e-324, 2 ** 31, 2 ** 53,
           2 ** 53 - 1, 2 ** 63, 2 ** 64, 10 ** 30, 0.5, 1e-300)
VALUES = (None, True, False, [], {}, [[]], {"a": {"b": []}}, "text", *NUMBERS)


# Equations

def formula(draw, names, depth=0):
    """A formula of the equations' language."""
    if depth > 5 or draw.random() < 0.25:
        return draw.choice([
            *names, "x", "pi", "0", "1", "2.5", "1e-3", "1e300", f"{draw.uniform(-9, 9):.3g}"])
    part = [formula(draw, names, depth + 1) for _ in range(3)]
    kind = draw.randrange(9)
    if kind < 3:
        return f"({part[0]} {draw.choice('+-*/^')} {part[1]})"
    if kind < 6:
        names = "abs sqrt exp log sin cos tan tanh sinh cosh erf diff".split()
        return f"{draw.choice(names)}({part[0]})"
    if kind == 6:
        return f"{draw.choice(['min', 'max'])}({part[0]}, {part[1]})"
    if kind == 7:
        return f"where({part[0]} {draw.choice(['<', '<=', '>', '>='])} 0.5, {part[1]}, {part[2]})"
    return f"-{part[0]}"


def equation(draw, shipped):
    """An equation's text that is good, nearly good, or not."""
    kind = draw.randrange(5)
    if kind == 0:
        return draw.choice(shipped)
    if kind == 1:
        K, f, q = (formula(draw, ["a"]) for _ in range(3))
        return (f"name: drawn\ndomain: [0, {draw.choice([1, 2, 1e-9, 1e9])}]\n"
                f"parameters:\n  a: {{uniform: [0.5, 1]}}\n"
                f"coefficients:\n  K: 1 + abs({K})\n  f: {f}\n  q: {q}\n"
                "boundary:\n  left: {dirichlet: 0}\n  right: {neumann: 1}\n")
    if kind == 2:
        n = draw.choice([50, 1000, 20000])
        long = draw.choice([
            "(" * n + "x" + ")" * n, "x+" * n + "x", "-" * n + "x", "x^" * n + "x",
            "sin(" * n + "x" + ")" * n, "diff(" * 30 + "x^9" + ")" * 30, "1" * n])
        return draw.choice(shipped).replace("K: ", f"K: {long} + ", 1)
    lines = draw.choice(shipped).splitlines()
    for _ in range(draw.randint(1, 4)):
        place = draw.randrange(len(lines))
        line = lines[place]
        at = draw.randint(0, len(line))
        lines[place] = draw.choice([
            line[:at] + draw.choice(string.printable) + line[at:], line[:at], line[at:], "",
            line + line, "  " + line, line.replace("1", draw.choice(["1e999", "-1", "nan"])),
            line.replace(":", draw.choice(["", "::", ": &a", ": *a", ": !!float"])),
            draw.choice(lines), "? " + line, "- " + line, "{" + line, "a: |" + line])
    return "\n".join(lines)


# Requests

class Generator:
    def __init__(self, server, description, seed):
        self.server, self.description, self.seed = server, description, seed
        client = server.client()
        self.shipped = [
            client.get("/api/equation", path=name).json["yaml"]
            for name in ("diffusion", "reaction-diffusion", "family")]
        client.close()

    def request(self, index):
        """The operation, path with query, body and headers of one request."""
        draw = random.Random(f"{self.seed} {index}")
        light = [
            one for one in self.description.operations
            if one.id not in ("generate", "train", "resume", "report")]
        heavy = [one for one in self.description.operations if one not in light]
        operation = draw.choice(heavy if draw.random() < 0.08 else light)
        query = [
            [one["name"], self.value(draw, operation, one["name"], one["schema"])]
            for one in operation.parameters
            if one.get("required") or draw.random() < 0.4]
        body = None
        if operation.body:
            body = self.members(draw, operation, self.description.resolve(operation.body))
        headers = {}
        mutations = 0 if draw.random() < 0.4 else draw.randint(1, 3)
        for _ in range(mutations):
            if body is not None and (not query or draw.random() < 0.8):
                body = self.mutate_body(draw, body)
            else:
                self.mutate_query(draw, query)
        if body is not None:
            body = self.encode(draw, body, mutations > 0)
        if mutations and draw.random() < 0.05:
            headers["Content-Type"] = draw.choice(
                ["text/plain", "application/xml", "", "application/json; charset=utf-7"])
        path = operation.path + ("?" + "&".join(
            f"{quote(name)}={self.quoted(item)}"
            for name, value in query
            for item in (value if isinstance(value, list) else [value])) if query else "")
        return operation, path, body, headers, mutations == 0

    @staticmethod
    def quoted(value):
        if isinstance(value, bytes):
            return quote_from_bytes(value)
        text = value if isinstance(value, str) else json.dumps(value)
        return quote(text.encode("utf-8", "surrogatepass"), safe="")

    def value(self, draw, operation, name, schema):
        """One that is allowed; small where it costs."""
        schema = self.description.resolve(schema)
        known = {
            "equation": ["diffusion", "reaction-diffusion", "own.yaml"],
            "from": ["runs/first/model.safetensors"], "data": ["data.safetensors"],
            "id": [1, 2, 3], "solver": ["lu", "qr", "svd", "tikhonov", api.CHECKPOINT],
            "sample": [0, 7, 39], "name": [f"fuzz-{draw.randrange(10 ** 6)}"],
            "preset": ["smoke"], "samples": [1, 7, 50], "steps": [1, 3, 5],
            "testSamples": [1, 4], "batch": [1, 8], "epochs": [1], "width": [8, 16],
            "depth": [1, 2], "heads": [1, 2], "nodes": [3, 8, 16, 64, 64],
            "draws": [1, 5, 20], "model": ["polya", "algebraformer"],
            "limit": [1, 10, 40, 2000], "evaluateEvery": [1, 5],
        }
        if name == "path":
            place = operation.path.split("/")[2]
            return {
                "equation": draw.choice(["diffusion", "own.yaml", "family"]),
                "dataset": "data.safetensors"}.get(place, (
                    ["runs/first"] if schema.get("type") == "array" else "runs/first"))
        if name == "yaml":
            return equation(draw, self.shipped)
        if name == "nodes" and operation.id in ("problem", "matrix") and draw.random() < 0.2:
            return draw.choice(["auto", 128, 512]) if operation.id == "problem" else 200
        if name == "set":
            return {one: draw.choice([0.3, 0.5, 1, 1e3, -1])
                    for one in ("alpha", "omega", "beta") if draw.random() < 0.4}
        if name in known and not (name == "model" and operation.id != "train"):
            return draw.choice(known[name])
        if "oneOf" in schema:
            return self.value(draw, operation, "", draw.choice(schema["oneOf"]))
        if "enum" in schema:
            return draw.choice(schema["enum"])
        kind = schema.get("type")
        if kind == "object":
            return self.members(draw, operation, schema)
        if kind == "array":
            most = min(schema.get("maxItems", 4), 4)
            items = [self.value(draw, operation, "solver" if name == "solvers" else "",
                                schema["items"]) for _ in range(draw.randint(1, most))]
            return list(dict.fromkeys(items))
        if kind == "boolean":
            return draw.random() < 0.5
        if kind in ("integer", "number"):
            low = schema.get("minimum", schema.get("exclusiveMinimum", 0))
            high = schema.get("maximum", schema.get("exclusiveMaximum", 1))
            if kind == "integer":
                return draw.choice([low, high, draw.randint(low, high)])
            return draw.choice([low + 1e-9, 1e-3, 1e-6, min(high, 0.5)])
        return "text"

    def members(self, draw, operation, schema):
        result = {}
        for name, member in schema.get("properties", {}).items():
            if name in schema.get("required", []) or draw.random() < 0.4:
                result[name] = self.value(draw, operation, name, member)
        if "yaml" in schema.get("properties", {}) and operation.id != "checkEquation":
            result.pop("equation" if draw.random() < 0.5 else "yaml", None)
            if not {"yaml", "equation"} & set(result):
                result["equation"] = "diffusion"
        if operation.id == "train":
            result |= {"preset": "smoke", "steps": 3, "samples": 20, "testSamples": 4}
            if result["verb"] == "finetune":
                result["from"] = "runs/first/model.safetensors"
        return result

    def mutate_body(self, draw, body):
        if not isinstance(body, dict) or not body:
            return draw.choice(VALUES)
        body = json.loads(json.dumps(body))
        name = draw.choice(list(body))
        kind = draw.randrange(8)
        if kind == 0:
            del body[name]
        elif kind == 1:
            body[name] = self.bounded(draw, name, draw.choice(VALUES))
        elif kind == 2:
            body[name] = draw.choice(TEXTS)
        elif kind == 3 and isinstance(body[name], dict):
            body[name] = self.mutate_body(draw, body[name])
        elif kind == 4 and isinstance(body[name], list):
            body[name] = draw.choice([[], body[name] * 20, [body[name]], [None]])
        elif kind == 5:
            body[draw.choice(["unknown", "", "__proto__", name.upper(), "é"])] = 1
        elif kind == 6:
            return draw.choice([[body], {name: body}, body[name]])
        else:
            body[name] = self.bounded(draw, name, draw.choice(NUMBERS))
        return body

    @staticmethod
    def bounded(draw, name, value):
        """Work that is asked for stays small."""
        is_large = isinstance(value, (int, float)) and value is not True and value > 50
        if is_large and name in ("samples", "steps", "epochs", "testSamples", "width",
                                 "depth", "batch", "draws"):
            return draw.choice([0, -1, 10 ** 30])
        return value

    def mutate_query(self, draw, query):
        kind = draw.randrange(5)
        if kind == 0 or not query:
            query.append([draw.choice(["unknown", "format", "path", "", "é"]),
                          draw.choice(TEXTS)])
        elif kind == 1:
            query.append(list(draw.choice(query)))
        elif kind == 2:
            query.pop(draw.randrange(len(query)))
        elif kind == 3:
            draw.choice(query)[1] = draw.choice([*TEXTS, *NUMBERS])
        else:
            draw.choice(query)[1] = draw.randbytes(draw.randint(1, 30))

    @staticmethod
    def encode(draw, body, isMutated):
        text = json.dumps(body, ensure_ascii=draw.random() < 0.5)
        if isMutated and draw.random() < 0.25:
            at = draw.randint(0, len(text))
            text = draw.choice([
                text[:at], text[:at] + draw.choice('{}[],:"\\0') + text[at:],
                text.replace("1", "NaN"), text.replace("0", "Infinity"),
                text.replace("}", ', "seed": 1, "seed": 2}'), text + text,
                "[" * 3000 + text, '{"set":' * 400 + text + "}" * 400, "\ufeff" + text,
                text + " " * 200_000])
        data = text.encode("utf-8", "surrogatepass")
        if isMutated and draw.random() < 0.05:
            at = draw.randint(0, len(data))
            data = data[:at] + draw.randbytes(draw.randint(1, 40)) + data[at:]
        return data


def judge(description, operation, answer, seconds):
    """What is wrong with an answer."""
    faults = []
    if seconds > PATIENCE:
        faults.append(f"took {seconds:.1f} s")
    if answer.status >= 500 and answer.status != 503:
        faults.append(f"status {answer.status}")
    if answer.status == 200:
        faults += description.faults(operation, answer)[:3]
    else:
        try:
            if not api.is_one_line(answer.message):
                faults.append(f"the message is not one line: {answer.message!r:.200}")
        except (ValueError, KeyError, UnicodeDecodeError):
            faults.append(f"the error is not as described: {answer}")
    return faults


def fuzz(server, count, seed, only=None, out=print):
    """Sends requests; what went wrong."""
    description = api.Description()
    generator = Generator(server, description, seed)
    table, faults, lock = {}, [], threading.Lock()
    slowest = [0.0, ""]
    numbers = iter([only] if only is not None else range(count))

    def work():
        client = server.client(timeout=2 * PATIENCE)
        while True:
            with lock:
                index = next(numbers, None)
                if index is None or len(faults) > 50 or not server.is_alive:
                    break
            operation, path, body, headers, is_valid = generator.request(index)
            began = time.monotonic()
            try:
                answer = client.ask(operation.method, path, body=body, headers=headers)
                found = judge(description, operation, answer, time.monotonic() - began)
                status = answer.status
            except Exception as error:
                found = [f"no answer after {time.monotonic() - began:.1f} s: {error!r}"]
                status, answer = "none", None
            with lock:
                took = time.monotonic() - began
                slowest[:] = max(slowest, [took, f"#{index} {operation.id}"])
                table.setdefault(operation.id, Counter())[status] += 1
                faults.extend(f"#{index} {operation.method} {path:.200} "
                              f"{(body or b'')[:600]!r} → {status}: {one}" for one in found)
                if only is not None:
                    out(f"{operation.method} {path}\n{body}\n→ {answer}")
        client.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    statuses = sorted({status for counts in table.values() for status in counts}, key=str)
    out(f"{'':22}" + "".join(f"{status:>6}" for status in statuses))
    for name, counts in table.items():
        out(f"{name:22}" + "".join(f"{counts[status] or '':>6}" for status in statuses))
    out(f"the slowest took {slowest[0]:.2f} s ({slowest[1]})")
    return faults


# What is no request

class Abuse:
    """Sockets that do what no client should."""

    def __init__(self, server, seed):
        self.server, self.draw = server, random.Random(f"abuse {seed}")
        self.open = []
        self.head = (f"Host: {server.host}:{server.port}\r\n"
                     f"Authorization: Bearer {server.token}\r\n").encode()

    def connect(self):
        return socket.create_connection((self.server.host, self.server.port), timeout=10)

    @staticmethod
    def vanish(own):
        own.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        own.close()

    def send(self, data, patience=0.1):
        """What a server says to some bytes, or b'' if nothing soon."""
        own = self.connect()
        own.settimeout(patience)
        said = b""
        try:
            own.sendall(data)
            while part := own.recv(1 << 16):
                said += part
        except OSError:
            pass
        own.close()
        return said

    def get(self, path="/api/jobs", more=b""):
        return b"GET " + path.encode() + b" HTTP/1.1\r\n" + self.head + more + b"\r\n"

    def post(self, body=b'{"equation": "diffusion"}', more=b"", length=None):
        length = len(body) if length is None else length
        return (b"POST /api/problem HTTP/1.1\r\nContent-Type: application/json\r\n"
                + self.head + more + f"Content-Length: {length}\r\n\r\n".encode() + body)

    def left_open(self):
        whole = self.post()
        for end in (1, 10, 40, len(whole) - 30, len(whole) - 1):
            own = self.connect()
            own.sendall(whole[:end])
            self.open.append(own)

    def dripping(self):
        whole = self.get()
        own = self.connect()
        for byte in whole[:30]:
            own.sendall(bytes([byte]))
            time.sleep(0.02)
        own.sendall(whole[30:])
        said = own.recv(100)
        own.close()
        assert said.startswith(b"HTTP/1.1 200"), said

    def vanished(self):
        for data in (self.post()[:-5], self.get()[:-1], b"", self.post(length=10 ** 6)):
            own = self.connect()
            own.sendall(data)
            self.vanish(own)
        for _ in range(5):
            own = self.connect()
            own.sendall(self.post(b'{"equation": "diffusion", "points": 2048}'))
            own.recv(1)
            self.vanish(own)
            own = self.connect()
            own.sendall(self.get("/api/dataset/file?path=data.safetensors"))
            self.vanish(own)

    def pipelined(self):
        said = self.send(self.get() * 20, patience=2)
        assert said.count(b"HTTP/1.1 200") == 20, (said.count(b"HTTP/1.1 200"), said[:200])

    def unread(self):
        # Answers that nobody reads fill the buffers.
        own = self.connect()
        own.settimeout(1)
        try:
            for _ in range(200):
                own.sendall(self.get("/api/openapi.json"))
        except OSError:
            pass
        self.open.append(own)

    def absurd(self):
        mebibyte = 1_000_000
        chunked = b"Transfer-Encoding: chunked\r\n"
        begin = (b"POST /api/problem HTTP/1.1\r\nContent-Type: application/json\r\n" + self.head)
        cases = [
            b"\r\n" * 1000, b"\0" * 1000, b"\xff" * 1000, b"\x16\x03\x01\x02\x00\x01\x00\x01",
            b"GET\r\n\r\n", b"GET /\r\n\r\n", b"GET / HTTP/0.9\r\n\r\n", b"get / http/1.1\r\n\r\n",
            b"GET / HTTP/9.9\r\n" + self.head + b"\r\n", b"GET  /  HTTP/1.1\r\n\r\n",
            b"A" * mebibyte, b"GET /" + b"a" * mebibyte + b" HTTP/1.1\r\n" + self.head + b"\r\n",
            b"A" * mebibyte + b" / HTTP/1.1\r\n\r\n", b"GET / HTTP/1.1\n" + self.head + b"\n",
            self.get(more=b"A: " + b"a" * mebibyte + b"\r\n"),
            self.get(more=b"A" * mebibyte + b": a\r\n"),
            self.get(more=b"".join(b"A%d: b\r\n" % k for k in range(50_000))),
            self.get(more=b"A: b\r\n" * 50_000), self.get(more=b"no colon\r\n"),
            self.get(more=b": empty\r\n"), self.get(more=b"A: \0\r\n"), self.get(more=b"A:\xff\r\n"),
            self.get(more=b" folded: a\r\n"), self.get(more=b"Host: other\r\n"),
            self.get(more=b"Expect: 100-continue\r\n"),
            self.get(more=b"Connection: Upgrade\r\nUpgrade: websocket\r\n"
                          b"Sec-WebSocket-Key: a\r\nSec-WebSocket-Version: 13\r\n"),
            self.get(more=b"Range: bytes=5-2\r\n"), self.get(more=b"Range: bytes=0-\r\n"),
            self.get("*"), self.get("jobs"), self.get("http://example.com/api/jobs"),
            self.get("/api/jobs#a"), self.get("/api/jobs?" + "&" * 10_000),
            self.get("/?" + "a=b&" * 10_000), self.get("//[::1"), self.get("/%"), self.get("/\xe9"),
            self.get("/api/equation?path=" + "%41" * 100_000),
            self.get("/api/dataset/file?path=data.safetensors", b"Range: bytes=1-5\r\n"),
            self.get("/api/dataset/file?path=data.safetensors", b"Range: bytes=99999999999-\r\n"),
            self.get("/api/dataset/file?path=data.safetensors", b"Range: bytes=-1,-1\r\n"),
        ] + [
            begin + b"Content-Length: " + length + b"\r\n\r\n{}"
            for length in (b"-1", b"99999999999999999999", b"9223372036854775807", b"1e3", b"",
                           b"0x10", b"2, 2", b"+2", b" 2 ", b"\xd9\xa2")
        ] + [
            begin + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} ",
            begin + b"Content-Length: 2\r\n" + chunked + b"\r\n2\r\n{}\r\n0\r\n\r\n",
            begin + b"Transfer-Encoding: gzip, chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        ] + [
            begin + chunked + b"\r\n" + chunks
            for chunks in (b"2\r\n{}\r\n0\r\n\r\n", b"-1\r\n{}", b"ffffffffffffffff\r\n{}",
                           b"7fffffffffffffff\r\n{}", b"fffffffffffffffff\r\n{}", b"zz\r\n{}",
                           b"\r\n", b"2;a=b\r\n{}\r\n0\r\n\r\n", b"2\r\n{}X\r\n0\r\n\r\n",
                           b"1\r\n \r\n" * 50_000 + b"0\r\n\r\n", b"0" * 10_000 + b"\r\n\r\n",
                           b"100001\r\n" + b" " * 0x100001 + b"\r\n0\r\n\r\n",
                           b"2\r\n{}\r\n0\r\nTrailer: a\r\n\r\n")
        ] + [self.draw.randbytes(self.draw.randint(1, 3000)) for _ in range(10)]
        whole = self.post()
        for _ in range(10):
            at = self.draw.randrange(len(whole))
            cases.append(whole[:at] + self.draw.randbytes(1) + whole[at + 1:])
        for data in cases:
            said = self.send(data)
            status = said[9:12]
            assert not status.startswith(b"5") or status in (b"501", b"503", b"505"), (
                data[:200], said[:200])
            yield data

    def all(self, out=print):
        """Does everything; what went wrong."""
        faults = []

        def check(what):
            began = time.monotonic()
            try:
                client = self.server.client(timeout=PATIENCE)
                assert client.get("/api/jobs").status == 200
                client.close()
            except Exception as error:
                faults.append(f"after {what}: no answer: {error!r}")
            took = time.monotonic() - began
            if took > 5:
                faults.append(f"after {what}: an answer took {took:.1f} s")

        count = 0
        for act in (self.left_open, self.dripping, self.vanished, self.pipelined, self.unread):
            try:
                act()
            except (AssertionError, OSError) as error:
                faults.append(f"{act.__name__}: {error!r:.500}")
            check(act.__name__)
            count += 1
        try:
            for data in self.absurd():
                count += 1
                check(repr(data[:150]))
                if faults:
                    break
        except AssertionError as error:
            faults.append(f"absurd: {error!r:.500}")
        for own in self.open:
            own.close()
        out(f"{count} abuses of sockets")
        return faults


def run(server, count, seed, only=None, out=print):
    """Both, and how the server is afterwards; what went wrong."""
    client = server.client()
    for _ in range(20):
        for nodes in (64, 512, "auto"):
            client.post("/api/problem", {"equation": "diffusion", "nodes": nodes})
    client.post("/api/solve", {"equation": "diffusion", "solvers": ["svd", api.CHECKPOINT]})
    before = server.memory
    faults = fuzz(server, count, seed, only, out)
    if only is None and server.is_alive:
        faults += Abuse(server, seed).all(out)
    if not server.is_alive:
        said = "".join(server.said)[-2000:].replace(server.token, "…")
        faults.append(f"the server is gone, status {server.process.returncode}: {said}")
        return faults
    after = server.memory
    out(f"memory: {before:.0f} MiB, then {after:.0f} MiB")
    if after > before + GROWTH:
        faults.append(f"the server's memory grew from {before:.0f} to {after:.0f} MiB")
    try:
        assert client.get("/api/workspace").status == 200
    except Exception as error:
        faults.append(f"no answer at the end: {error!r}")
    return faults


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, help="this request alone, and its answer")
    options = parser.parse_args()
    began = time.monotonic()
    with api.Server() as server:
        faults = run(server, options.count, options.seed, options.only)
    for fault in faults:
        print(fault, file=sys.stderr)
    print(f"fuzz: {len(faults)} faults in {time.monotonic() - began:.0f} s")
    sys.exit(bool(faults))
