"""Every operation of `bvp serve` against facts known otherwise, its statuses, and
what it refuses."""
import base64
import csv
import io
import json
import math
import os
import re
import shlex
import shutil
import socket
import struct
import subprocess
import threading
import time
import unittest
from pathlib import Path

import api
from api import bvp

SAMPLE = {"equation": "diffusion", "seed": 3, "index": 2, "nodes": 64}
# −u″ = 1 on [0, 1], u = 0 at both ends: u = x (1 − x) / 2.
PARABOLA = """name: parabola
domain: [0, 1]
coefficients:
  K: 1
  f: 1
boundary:
  left: {dirichlet: 0}
  right: {dirichlet: 0}
"""
# Long enough to be stopped before its end.
LONG = {"verb": "pretrain", "equation": "diffusion", "preset": "smoke", "steps": 400,
        "evaluateEvery": 20}


def setUpModule():
    global server, client, description
    server = api.Server()
    client = server.client()
    description = api.Description()


def tearDownModule():
    client.close()
    server.stop()


def dot(a, b):
    return math.fsum(x * y for x, y in zip(a, b))


def table(text):
    """The columns of a CSV text."""
    header, *rows = csv.reader(io.StringIO(text))
    return {
        name: [float(row[place]) for row in rows] for place, name in enumerate(header)}


def tensor(path, name):
    """The numbers of a tensor of float64, and its shape."""
    data = path.read_bytes()
    length, = struct.unpack("<Q", data[:8])
    entry = json.loads(data[8:8 + length])[name]
    low, high = (8 + length + place for place in entry["data_offsets"])
    return [value for value, in struct.iter_unpack("<d", data[low:high])], entry["shape"]


def npy(path, values, shape):
    """Writes numbers as NumPy does."""
    text = f"{{'descr': '<f8', 'fortran_order': False, 'shape': {tuple(shape)}, }}"
    text = text.ljust(118 - 1) + "\n"
    path.write_bytes(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text.encode()
                     + struct.pack(f"<{len(values)}d", *values))


def eliminated(rows):
    """The solution of a system whose rows end in b."""
    rows = [row[:] for row in rows]
    n = len(rows)
    for k in range(n):
        pivot = max(range(k, n), key=lambda i: abs(rows[i][k]))
        rows[k], rows[pivot] = rows[pivot], rows[k]
        for i in range(k + 1, n):
            factor = rows[i][k] / rows[k][k]
            if factor:
                rows[i] = [a - factor * b for a, b in zip(rows[i], rows[k])]
    x = [0.0] * n
    for k in reversed(range(n)):
        known = sum(a * b for a, b in zip(rows[k][k + 1:n], x[k + 1:]))
        x[k] = (rows[k][n] - known) / rows[k][k]
    return x


def singular_values(rows):
    """By Jacobi's rotations of columns."""
    columns = [list(column) for column in zip(*rows)]
    for _ in range(30):
        rotated = 0.0
        for p in range(len(columns)):
            for q in range(p + 1, len(columns)):
                a, b = columns[p], columns[q]
                alpha, beta = dot(a, a), dot(b, b)
                gamma = dot(a, b)
                if alpha == 0 or beta == 0 or gamma == 0:
                    continue
                rotated = max(rotated, abs(gamma) / math.sqrt(alpha * beta))
                zeta = (beta - alpha) / (2 * gamma)
                t = math.copysign(1, zeta) / (abs(zeta) + math.hypot(1, zeta))
                c = 1 / math.hypot(1, t)
                columns[p] = [c * (x - t * y) for x, y in zip(a, b)]
                columns[q] = [c * (t * x + y) for x, y in zip(a, b)]
        if rotated < 1e-13:
            break
    return [math.sqrt(dot(a, a)) for a in columns]


class Case(unittest.TestCase):
    maxDiff = 2000

    def good(self, method, path, query=None, body=None):
        """An answer that is as described."""
        answer = client.ask(method, path, query, body)
        self.assertEqual(answer.status, 200, answer)
        operation = next(
            one for one in description.operations
            if (one.path, one.method) == (path, method))
        self.assertEqual(description.faults(operation, answer), [])
        return answer

    def get(self, path, /, **query):
        return self.good("GET", path, query)

    def post(self, path, body, /, **query):
        return self.good("POST", path, query, body)

    def refused(self, status, answer):
        allowed = status if isinstance(status, tuple) else (status,)
        self.assertIn(answer.status, allowed, answer)
        self.assertEqual(answer.type, "application/json", answer)
        self.assertTrue(api.is_one_line(answer.message), answer)
        return answer.json

    def near(self, first, second, relative=1e-9):
        self.assertEqual(len(first), len(second))
        scale = max(map(abs, second)) or 1
        worst = max(abs(a - b) for a, b in zip(first, second))
        self.assertLessEqual(worst / scale, relative)

    def ran(self, script, folder=None):
        """What the commands of an answer print in the workspace, at the end."""
        self.assertRegex(script, r"(?m)^bvp ")
        folder = folder or server.folder
        before = set(folder.iterdir())
        done = subprocess.run(
            ["bash", "-euc", f'bvp() {{ {shlex.quote(api.BVP)} "$@"; }}\n{script}'],
            cwd=folder, capture_output=True, timeout=120, text=True)
        for path in set(folder.iterdir()) - before:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        self.assertEqual(done.returncode, 0, f"{script}\n{done.stderr}")
        return done.stdout


class GateTests(Case):
    def test_every_operation_needs_the_token(self):
        for operation in description.operations:
            body = {} if operation.method == "POST" else None
            for token in ("", "wrong", server.token[:-1], server.token + "0", " "):
                with self.subTest(operation.id, token=token):
                    answer = client.ask(
                        operation.method, operation.path, body=body,
                        headers={"Authorization": token and "Bearer " + token})
                    if operation.is_open:
                        self.assertEqual(answer.status, 200)
                    else:
                        self.refused(401, answer)

    def test_other_ways_to_say_the_token(self):
        for given in (server.token, "Basic " + server.token, "bearer", "Bearer"):
            self.refused(401, client.ask(
                "GET", "/api/jobs", headers={"Authorization": given}))
        self.refused(401, client.ask(
            "GET", "/api/jobs", {"token": server.token}, headers={"Authorization": False}))
        basic = base64.b64encode(f":{server.token}".encode()).decode()
        self.refused(401, client.ask(
            "GET", "/api/jobs", headers={"Authorization": "Basic " + basic}))

    def test_nothing_is_kept_by_the_browser_for_others(self):
        """A cookie would go to every server of the host, whatever its port."""
        for path in ("/", f"/?token={server.token}", "/app.js", "/api/jobs"):
            for headers in ({}, {"Authorization": False}):
                answer = client.ask("GET", path, headers=headers)
                self.assertIsNone(answer.headers["Set-Cookie"], path)
                self.assertNotIn(server.token, answer.text + str(answer.headers))
        for name in ("bvp", f"bvp-{server.port}", "token", "Authorization"):
            self.refused(401, client.ask("GET", "/api/jobs", headers={
                "Authorization": False, "Cookie": f"{name}={server.token}"}))

    def test_behind_a_prefix(self):
        """As Open OnDemand and Jupyter pass requests on."""
        for prefix in (f"/node/n1/{server.port}", f"/user/a/proxy/absolute/{server.port}"):
            for path in ("/", "/app.js", "/api/workspace", "/api/openapi.json"):
                there, here = client.get(prefix + path), client.get(path)
                self.assertEqual((there.status, there.type), (200, here.type))
                if there.type == "application/json":
                    self.assertEqual(there.json, here.json)
                else:
                    self.assertEqual(there.data, here.data)
            self.refused(401, client.ask(
                "GET", prefix + "/api/jobs", headers={"Authorization": False}))
            self.refused(404, client.get(prefix + "/api/none"))
        page = client.get("/").text
        for address in re.findall(r'(?:src|href)="([^"]+)"', page):
            self.assertNotRegex(address, "^/|//")

    def test_names_that_a_proxy_has(self):
        with api.Server(None, "--known-as", "hub.example.org") as other:
            own = other.client()
            for host, status in (("hub.example.org", 200), ("HUB.example.org:443", 200),
                                 ("example.org", 403)):
                self.assertEqual(own.ask(
                    "GET", "/api/jobs", headers={"Host": host}).status, status)

    def test_other_origins(self):
        for origin in ("http://example.com", "null", f"ftp://{server.host}:{server.port}",
                       f"http://{server.host}", f"http://localhost:{server.port}",
                       f"http://{server.host}:{server.port}.example.com", ""):
            with self.subTest(origin):
                self.refused(403, client.ask(
                    "GET", "/api/jobs", headers={"Origin": origin}))
        # A proxy may have ended TLS.
        for scheme in ("http", "https"):
            self.assertEqual(client.ask("GET", "/api/jobs", headers={
                "Origin": f"{scheme}://{server.host}:{server.port}"}).status, 200)
        for site, status in (
                ("cross-site", 403), ("same-site", 403), ("same-origin", 200),
                ("none", 200)):
            self.assertEqual(client.ask(
                "GET", "/api/jobs", headers={"Sec-Fetch-Site": site}).status, status)

    def test_other_hosts(self):
        port = server.port
        for host in ("example.com", f"example.com:{port}", f"127.0.0.1.example.com:{port}",
                     f"127.0.0.1.example.com", f"127.0.0.2:{port}", "127.0.0.1:", False):
            for path in ("/", "/app.js", "/api/jobs", "/api/openapi.json",
                         f"/node/n1/{port}/api/jobs"):
                with self.subTest(host, path=path):
                    self.refused((403, 400), client.ask(
                        "GET", path, headers={"Host": host}))
        # Another port is one that ssh forwards; without one it is 80.
        for host in (f"localhost:{port}", f"LOCALHOST:{port}", f"[::1]:{port}", "localhost",
                     "localhost:9090", "127.0.0.1", "[::1]"):
            self.assertEqual(
                client.ask("GET", "/api/jobs", headers={"Host": host}).status, 200)

    def test_headers(self):
        answers = {
            "page": client.get("/"), "script": client.get("/app.js"),
            "json": client.get("/api/workspace"), "missing": client.get("/api/none"),
            "refused": client.ask("GET", "/api/jobs", headers={"Authorization": False}),
            "foreign": client.ask(
                "GET", "/api/jobs", headers={"Origin": "http://example.com"}),
            "csv": client.post("/api/problem", SAMPLE, format="csv"),
            "report": client.get("/api/report", path="runs/first"),
            "file": client.get("/api/dataset/file", path="data.safetensors"),
            "options": client.ask("OPTIONS", "/api/problem", headers={
                "Origin": server.origin, "Access-Control-Request-Method": "POST"}),
        }
        for name, answer in answers.items():
            with self.subTest(name):
                policy = answer.headers["Content-Security-Policy"]
                self.assertIn("default-src 'none'", policy)
                self.assertNotIn("unsafe-eval", policy)
                if name != "report":
                    self.assertNotIn("unsafe", policy)
                self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")
                self.assertEqual(answer.headers["Referrer-Policy"], "no-referrer")
                for header in answer.headers:
                    self.assertFalse(header.lower().startswith("access-control"), header)
                if name not in ("page", "script"):
                    self.assertEqual(answer.headers["Cache-Control"], "no-store")
        self.assertIn("sandbox", answers["report"].headers["Content-Security-Policy"])
        for name in ("csv", "file", "report"):
            self.assertIn("attachment", answers[name].headers["Content-Disposition"])


class StatusTests(Case):
    def test_unknown_paths(self):
        for path in ("/api/", "/api/none", "/api/jobs/1", "/api//jobs", "/API/jobs",
                     "/none", "/index.htm", "//", "/%00", "/api/jobs%00"):
            with self.subTest(path):
                self.refused((404, 400), client.get(path))

    def test_wrong_methods(self):
        there = {}
        for operation in description.operations:
            there.setdefault(operation.path, set()).add(operation.method)
        for path, methods in there.items():
            for method in {"GET", "POST", "PUT", "DELETE", "PATCH"} - methods:
                with self.subTest(path, method=method):
                    self.refused(405, client.ask(
                        method, path, body={} if method != "GET" else None))
        for method in ("POST", "DELETE"):
            self.refused(405, client.ask(method, "/", body={}))

    def test_bodies_that_are_too_large(self):
        for operation in description.operations:
            if operation.method == "POST":
                answer = client.ask(
                    "POST", operation.path,
                    body=b'{"yaml": "' + b" " * (1 << 20) + b'"}')
                self.refused(413, answer)
        exact = b'{"yaml": ""}'.ljust(1 << 20)
        self.refused(400, client.ask("POST", "/api/equation", body=exact))

    def test_bodies_that_are_no_objects(self):
        bodies = (
            b"", b"{", b"[]", b"null", b"1", b'"a"', b"{'a': 1}", b'{"seed": NaN}',
            b'{"seed": Infinity}', b'{"seed": 01}', b'{"a": 1}}', b"\xff\xfe{}",
            b'{"equation": "\xff"}', b"[" * 5000, b'{"a":' * 5000,
            b'{"set":' * 480 + b"{}" + b"}" * 480, b'{"a":[' * 100 + b"]}" * 100,
            "{}".encode("utf-16"), ("[" * 480).encode("utf-16-le"),
            b'{"seed": 1e999}', b'{"seed": ' + b"9" * 5000 + b"}",
            b'{"equation": "\\ud800"}')
        for body in bodies:
            with self.subTest(body[:20]):
                began = time.monotonic()
                self.refused(400, client.ask("POST", "/api/problem", body=body))
                self.assertLess(time.monotonic() - began, 1)

    def test_types_that_a_form_can_send(self):
        for kind in ("text/plain", "application/x-www-form-urlencoded",
                     "multipart/form-data; boundary=a", False):
            self.refused((400, 415), client.ask(
                "POST", "/api/problem", body=json.dumps(SAMPLE).encode(),
                headers={"Content-Type": kind}))

    def test_fields_that_are_wrong(self):
        for change in (
                {"seed": -1}, {"seed": 1.5}, {"seed": 2 ** 53}, {"seed": True},
                {"seed": [1]}, {"index": -1}, {"index": 10 ** 9 + 1}, {"nodes": 2},
                {"nodes": 513}, {"nodes": "many"}, {"nodes": {}}, {"points": 1},
                {"points": 2049}, {"set": []}, {"set": {"alpha": "a"}},
                {"set": {"none": 1}}, {"set": {f"p{i}": 1 for i in range(65)}},
                {"equation": 1}, {"equation": ""}, {"equation": "none"},
                {"equation": "a" * 1025}, {"yaml": PARABOLA}, {"yaml": "a" * 65537},
                {"unknown": 1}, {"alpha": 1}, {"format": "csv", "unknown": 1}):
            with self.subTest(str(change)[:60]):
                self.refused((400, 404), client.post("/api/problem", SAMPLE | change))
        self.refused(400, client.post("/api/problem", SAMPLE, format="xml"))
        self.refused(400, client.ask("POST", "/api/problem?format=csv&format=json",
                                     body=SAMPLE))
        self.refused(400, client.post("/api/problem", {}))
        self.refused(400, client.post("/api/matrix", SAMPLE | {"nodes": "auto"}))
        for query in ({}, {"path": "data.safetensors"},
                      {"path": "data.safetensors", "sample": "a"},
                      {"path": "data.safetensors", "sample": "-1"},
                      {"path": "data.safetensors", "sample": "1.0"},
                      {"path": "data.safetensors", "sample": 0, "points": 1},
                      {"path": "data.safetensors", "sample": 0, "unknown": 1},
                      {"path": ["data.safetensors", "data.safetensors"], "sample": 0}):
            with self.subTest(str(query)):
                self.refused(400, client.ask("GET", "/api/dataset/sample", query))
        self.refused(404, client.get(
            "/api/dataset/sample", path="data.safetensors", sample=40))
        self.refused(404, client.get("/api/job", id=999))
        self.refused(404, client.post("/api/job/stop", {"id": 999}))


class PathTests(Case):
    """Nothing outside of the workspace is read, named, or made."""

    @classmethod
    def setUpClass(cls):
        cls.outside = api.temporary()
        shutil.copytree(server.folder / "runs/first", cls.outside / "run")
        for name in ("data.safetensors", "own.yaml", api.CHECKPOINT):
            shutil.copy(server.folder / name, cls.outside)
        cls.links = server.folder / "links"
        cls.links.mkdir()
        for name in ("data.safetensors", "own.yaml", api.CHECKPOINT, "run"):
            (cls.links / name).symlink_to(cls.outside / name)
        (cls.links / "folder").symlink_to(cls.outside)
        (cls.links / "loop").symlink_to("loop")
        (cls.links / "hosts.yaml").symlink_to("/etc/passwd")

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.links)

    def paths(self, name):
        up = "../" * 12
        return [
            f"../{self.outside.name}/{name}", f"{up}{self.outside}/{name}".replace("//", "/"),
            str(self.outside / name), f"links/{name}", f"links/folder/{name}",
            f"runs/../../{name}", f"./{name}", f"runs//{name}", f"runs/./{name}", "..",
            "/", "", "./", "~", "links/loop", "links/hosts.yaml", "/etc/passwd",
            "file:///etc/passwd", f"%2e%2e/{name}", f"..%2f{name}", f"{name}\0",
            f"{name}\0.yaml", f"{name}\n", "-h", "--help", "a" * 2000, "é" * 600,
            "\\..\\" + name, str(server.folder / name)]

    def test_in_queries(self):
        for path, name, more in (
                ("/api/equation", "own.yaml", {}),
                ("/api/dataset/sample", "data.safetensors", {"sample": 0}),
                ("/api/dataset/distribution", "data.safetensors", {}),
                ("/api/dataset/file", "data.safetensors", {}),
                ("/api/run", "run", {}),
                ("/api/runs/compare", "run", {}),
                ("/api/report", "run", {})):
            for given in self.paths(name):
                with self.subTest(path, given=given[:60]):
                    answer = client.ask("GET", path, {"path": given} | more)
                    self.refused((404, 400), answer)
                    self.assertNotIn("root:", answer.text)

    def test_raw_queries(self):
        for raw in ("..%2fown.yaml", "%2e%2e%2fown.yaml", "..%252fown.yaml", "%00",
                    "own.yaml%00", "%2fetc%2fpasswd", "%c0%ae%c0%ae%2fown.yaml", "%",
                    "%zz", "own.yaml%0d%0aX-Injected: 1".replace(" ", "%20")):
            with self.subTest(raw):
                answer = client.ask("GET", f"/api/equation?path={raw}")
                self.refused((404, 400), answer)
                self.assertNotIn("X-Injected", answer.headers)

    def test_in_bodies(self):
        for path, body, field, name in (
                ("/api/problem", {}, "equation", "own.yaml"),
                ("/api/matrix", {}, "equation", "own.yaml"),
                ("/api/solve", {"solvers": ["lu"]}, "equation", "own.yaml"),
                ("/api/noise", {"solvers": ["lu"], "levels": [0]}, "equation", "own.yaml"),
                ("/api/datasets", {"samples": 1, "name": "no"}, "equation", "own.yaml"),
                ("/api/runs", LONG | {"name": "no"}, "equation", "own.yaml"),
                ("/api/runs", LONG | {"name": "no", "verb": "finetune"}, "from",
                 api.CHECKPOINT),
                ("/api/runs", LONG | {"name": "no"}, "data", "data.safetensors"),
                ("/api/run/resume", {}, "path", "run")):
            for given in self.paths(name):
                with self.subTest(path, field=field, given=given[:60]):
                    self.refused(
                        (404, 400, 409), client.post(path, body | {field: given}))
        for given in self.paths(api.CHECKPOINT):
            for path, more in (("/api/solve", {}), ("/api/noise", {"levels": [0]})):
                with self.subTest(path, solver=given[:60]):
                    self.refused((404, 400), client.post(
                        path, SAMPLE | {"solvers": [given]} | more))
        self.assertFalse((server.folder / "runs/no").exists())
        self.assertFalse((server.folder / "datasets/no.safetensors").exists())

    def test_names_of_what_is_made(self):
        for name in ("", ".", "..", "../no", "a/b", "/no", ".hidden", "-h", "a b",
                     "a\0", "a\n", "ä", "a" * 101, "%2e%2e", "a;b", "$(a)"):
            with self.subTest(name):
                self.refused(400, client.post(
                    "/api/datasets", {"equation": "diffusion", "samples": 1, "name": name}))
                self.refused(400, client.post("/api/runs", LONG | {"name": name}))
                self.refused(400, client.post(
                    "/api/equations", {"name": name, "yaml": PARABOLA}))

    def test_lists_pass_over_links(self):
        listed = client.get("/api/datasets").json + client.get("/api/runs").json
        listed += client.get("/api/workspace").json["equations"]
        for one in listed:
            self.assertNotIn("links/", one["path"])
        for one in client.get("/api/solvers").json:
            self.assertNotIn("links/", one["name"])

    def test_folders_that_lead_out(self):
        folder = api.workspace()
        for name in ("datasets", "equations"):
            (folder / name).symlink_to(self.outside)
        with api.Server(folder) as other:
            self.refused((404, 400), other.client().post(
                "/api/datasets", {"equation": "diffusion", "samples": 1, "name": "out"}))
            self.refused((404, 400), other.client().post(
                "/api/equations", {"name": "out", "yaml": PARABOLA}))
        self.assertEqual(list(self.outside.glob("out.*")), [])


class WorkspaceTests(Case):
    def test_description(self):
        served = self.get("/api/openapi.json")
        self.assertEqual(served.json, description.document)

    def test_workspace(self):
        answer = self.get("/api/workspace").json
        self.assertEqual(answer["version"], bvp("--version").split()[-1])
        self.assertEqual(Path(answer["folder"]), server.folder)
        shipped = [one["path"] for one in answer["equations"] if one["isShipped"]]
        for name in shipped:
            bvp("equations", name, "--yaml")
        self.assertIn("diffusion", shipped)
        own = {one["path"]: one for one in answer["equations"] if not one["isShipped"]}
        self.assertEqual(own["own.yaml"]["name"], "own")
        self.assertNotIn("problem", own["own.yaml"])

    def test_what_no_list_has_is_named_with_why(self):
        folder = api.workspace()
        deep = folder.joinpath(*"abcdefghi")
        deep.mkdir(parents=True)
        shutil.copy(folder / "data.safetensors", deep)
        (folder / "notes.yaml").write_text("a: 1\n")
        (folder / "noise.safetensors").write_bytes(os.urandom(1000))
        (folder / "link").symlink_to(folder / "runs")
        (folder / "out.yaml").symlink_to("/etc/passwd")
        bvp("predict", api.CHECKPOINT, "--data", "data.safetensors", "--output",
            "said.safetensors", folder=folder)
        begun = folder / "runs/begun"
        begun.mkdir()
        shutil.copy(folder / "runs/first/recipe.yaml", begun)
        closed = folder / "closed"
        closed.mkdir()
        with api.Server(folder) as other:
            answer = other.client().get("/api/unlisted")
            operation = description.by_id["unlisted"]
            self.assertEqual(description.faults(operation, answer), [])
            reasons = {one["path"]: one["reason"] for one in answer.json}
        for path, word in (
                ("a/b/c/d/e/f/g/h/i", "deep"), ("notes.yaml", "no equation"),
                ("noise.safetensors", "header"), ("link", "symbolic link"),
                ("out.yaml", "out of the workspace"), ("said.safetensors", "a prediction"),
                ("runs/begun/recipe.yaml", "neither metrics nor a state")):
            self.assertIn(word, reasons.pop(path))
        # All else is in some list, or part of a run.
        self.assertEqual(reasons, {})

    def test_runs_are_no_equations(self):
        own = self.get("/api/workspace").json["equations"]
        self.assertNotIn("runs/first/recipe.yaml", [one["path"] for one in own])

    def test_damaged_files_are_listed_with_what_is_wrong(self):
        folder = api.workspace()
        (folder / "broken.yaml").write_text(PARABOLA.replace("K: 1", "K: 1 +"))
        data = (folder / "data.safetensors").read_bytes()
        (folder / "short.safetensors").write_bytes(data[:-9])
        (folder / "noise.safetensors").write_bytes(os.urandom(1000))
        network = (folder / api.CHECKPOINT).read_bytes()
        (folder / "half.safetensors").write_bytes(network[:len(network) // 2])
        shutil.copytree(folder / "runs/first", folder / "runs/broken")
        (folder / "runs/broken/recipe.yaml").write_text("format: bvp-recipe/2\nseed: [")
        shutil.copytree(folder / "runs/first", folder / "runs/torn")
        metrics = folder / "runs/torn/metrics.csv"
        metrics.write_text(metrics.read_text()[:-20])
        with api.Server(folder) as other:
            own = other.client()
            equations = {
                one["path"]: one for one in own.get("/api/workspace").json["equations"]}
            self.assertIn("coefficients.K", equations["broken.yaml"]["problem"])
            for path in ("/api/datasets", "/api/solvers"):
                for one in own.get(path).json:
                    name = one.get("path", one.get("name"))
                    if name in ("short.safetensors", "half.safetensors"):
                        self.assertTrue(api.is_one_line(one["problem"]), one)
            runs = {one["path"]: one for one in own.get("/api/runs").json}
            self.assertEqual(runs["runs/broken"]["state"], "broken")
            self.assertTrue(api.is_one_line(runs["runs/broken"]["problem"]))
            for path in ("runs/broken", "runs/torn"):
                for where in ("/api/run", "/api/runs/compare", "/api/report"):
                    answer = own.get(where, path=path)
                    if answer.status != 200:
                        self.refused((400, 404), answer)
            for name in ("short.safetensors", "noise.safetensors", "half.safetensors"):
                self.refused(400, own.get("/api/dataset/sample", path=name, sample=0))
            for answer in (own.get("/api/datasets"), own.get("/api/solvers"),
                           own.get("/api/runs"), own.get("/api/workspace")):
                self.assertEqual(answer.status, 200)
            self.assertEqual(own.get("/api/run", path="runs/first").status, 200)


class EquationTests(Case):
    def test_by_name_and_path(self):
        for path, isShipped in (("diffusion", True), ("own.yaml", False)):
            answer = self.get("/api/equation", path=path).json
            self.assertEqual(answer["isShipped"], isShipped)
            self.assertEqual(answer["path"], path)
            self.assertEqual(answer["domain"], [0, 7.5])
            self.assertEqual(
                [one["name"] for one in answer["parameters"]], ["alpha", "omega", "beta"])
            law = answer["parameters"][0]["law"]
            self.assertEqual((law["kind"], law["low"], law["high"]), ("uniform", 0.25, 0.75))
            self.assertFalse(answer["isNonlinear"])
            self.assertFalse(answer["hasJumps"])
            self.assertEqual(answer["coefficientNames"], ["K", "f"])
        self.assertEqual(
            answer["yaml"], (server.folder / "own.yaml").read_text())

    def test_every_shipped_equation(self):
        for one in self.get("/api/workspace").json["equations"]:
            if one["isShipped"]:
                path = one["path"]
                answer = self.get("/api/equation", path=path).json
                typed = self.post("/api/equation", {"yaml": answer["yaml"]}).json
                self.assertEqual(
                    typed | {"path": path, "isShipped": True}, answer)
                self.post("/api/problem", {"equation": path})

    def test_a_text_is_kept(self):
        text = PARABOLA + "# with a comment, as it was typed: −u″\n"
        answer = self.post("/api/equations", {"name": "kept", "yaml": text}).json
        path = server.folder / "equations/kept.yaml"
        self.assertEqual(answer["path"], "equations/kept.yaml")
        self.assertEqual(path.read_text(), text)
        self.assertIn(answer["path"], [
            one["path"] for one in self.get("/api/workspace").json["equations"]])
        self.post("/api/problem", {"equation": answer["path"]})
        self.refused(409, client.post(
            "/api/equations", {"name": "kept", "yaml": PARABOLA}))
        self.assertEqual(path.read_text(), text)
        error = self.refused(400, client.post(
            "/api/equations", {"name": "bad", "yaml": text.replace("f: 1", "f: g")}))
        self.assertEqual(error["line"], 5)
        self.assertFalse(path.with_name("bad.yaml").exists())

    def test_laws(self):
        text = PARABOLA.replace("coefficients:", """parameters:
  a: {normal: [1, 0.1]}
  b: {log-uniform: [0.01, 1]}
  c: {choice: [1, 2, 4]}
  d: 3
coefficients:""")
        laws = {
            one["name"]: one["law"]
            for one in self.post("/api/equation", {"yaml": text}).json["parameters"]}
        self.assertEqual(
            [laws[name]["kind"] for name in "abcd"],
            ["normal", "log-uniform", "choice", "number"])
        self.near([laws["a"]["low"], laws["a"]["high"]], [0.7, 1.3])
        self.assertEqual((laws["b"]["low"], laws["b"]["high"]), (0.01, 1))
        self.assertEqual(laws["c"]["values"], [1, 2, 4])
        self.assertEqual((laws["d"]["low"], laws["d"]["high"]), (3, 3))

    def test_errors_have_a_place(self):
        for change, line, column in (
                (("K: 1", "K: 1 + sin("), 4, 14), (("K: 1", "K: 1 + gamma"), 4, 10),
                (("f: 1", "f: (1"), 5, None), (("f: 1", "f: 1 + * x"), 5, 10),
                (("  K: 1", "  K: 1\n  K: 2"), 4, None),
                (("domain: [0, 1]", "domain: [1, 0]"), 2, None),
                (("domain: [0, 1]", "domian: [0, 1]"), 2, None),
                (("left: {dirichlet: 0}", "left: {dirichlet: a}"), 7, None),
                (("left: {dirichlet: 0}", "left: [dirichlet: 0"), None, None)):
            with self.subTest(change[1]):
                error = self.refused(
                    400, client.post("/api/equation", {"yaml": PARABOLA.replace(*change)}))
                self.assertIn("line", error)
                if line:
                    self.assertEqual(error["line"], line, error)
                if column:
                    self.assertEqual(error["column"], column, error)
                again = self.refused(
                    400, client.post("/api/problem", {"yaml": PARABOLA.replace(*change)}))
                self.assertEqual(again.get("line"), error["line"])
        self.refused(400, client.post("/api/equation", {"yaml": ""}))

    def test_texts_that_are_meant_ill(self):
        bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
            f"{b}: &{b} [{','.join('*' + a for _ in range(9))}]\n"
            for a, b in zip("abcdefgh", "bcdefghi"))
        for text in (bomb, "[" * 60000, "{a: " * 15000, "- " * 30000, "\0", "\ufeff", "&a *a",
                     "a: &a {b: *a}", "!!python/object:os.system x", "\t" * 1000,
                     PARABOLA.replace("K: 1", "K: " + "(" * 30000),
                     PARABOLA.replace("K: 1", "K: " + "1+" * 30000 + "1"),
                     PARABOLA.replace("K: 1", "K: " + "-" * 60000 + "1"),
                     PARABOLA.replace("K: 1", "K: " + "9" * 60000)):
            began = time.monotonic()
            self.refused(400, client.post("/api/equation", {"yaml": text}))
            self.assertLess(time.monotonic() - began, 5)


class ProblemTests(Case):
    def test_table_is_that_of_the_command(self):
        for nodes in (16, 64, "auto"):
            for equation in ("diffusion", "own.yaml", "family"):
                body = SAMPLE | {"nodes": nodes, "equation": equation, "points": 33}
                answer = self.post("/api/problem", body, format="csv")
                self.assertEqual(answer.text, bvp(
                    "solve", equation, "--seed", 3, "--index", 2, "--nodes", nodes,
                    "--points", 33, folder=server.folder))

    def test_json_is_the_table(self):
        body = SAMPLE | {"set": {"alpha": 0.4}}
        answer = self.post("/api/problem", body).json
        columns = table(self.post("/api/problem", body, format="csv").text)
        self.assertEqual(answer["x"], columns.pop("x"))
        self.assertEqual(len(answer["x"]), 256)
        self.assertEqual(
            {one["name"]: one["values"] for one in answer["functions"]}, columns)
        self.assertEqual(self.ran(answer["command"]),
                         self.post("/api/problem", body, format="csv").text)
        self.assertEqual(
            {one["name"]: one["value"] for one in answer["parameters"]}["alpha"], 0.4)

    def test_known_solution(self):
        for nodes in (3, 8, 64, 512, "auto"):
            answer = self.post(
                "/api/problem", {"yaml": PARABOLA, "nodes": nodes, "points": 11}).json
            x = [k / 10 for k in range(11)]
            self.near(answer["x"], x)
            u = next(one["values"] for one in answer["functions"] if one["name"] == "u")
            self.near(u, [t * (1 - t) / 2 for t in x], 1e-8)
        # (1 − T₂(2x − 1)) / 16: the series of x (1 − x) / 2.
        answer = self.post("/api/problem", {"yaml": PARABOLA, "nodes": 16}).json
        series = next(
            one["values"] for one in answer["coefficients"] if one["name"] == "u")
        self.near(series, [1 / 16, 0, 1 / 16] + 13 * [0])

    def test_set_is_what_would_be_drawn(self):
        drawn = self.post("/api/problem", SAMPLE).json
        chosen = {one["name"]: one["value"] for one in drawn["parameters"]}
        again = self.post("/api/problem", SAMPLE | {"set": chosen}).json
        self.assertEqual(again["functions"], drawn["functions"])
        other = self.post("/api/problem", SAMPLE | {"index": 3}).json
        self.assertNotEqual(other["functions"], drawn["functions"])

    def test_jumps_and_nonlinear_equations(self):
        folder = api.REPOSITORY / "equations/tests"
        for name, isNonlinear in (
                ("jump-in-diffusivity", False), ("jump-in-u", False), ("bratu", True),
                ("troesch", True)):
            text = (folder / f"{name}.yaml").read_text()
            about = self.post("/api/equation", {"yaml": text}).json
            self.assertEqual(about["isNonlinear"], isNonlinear)
            self.assertEqual(about["hasJumps"], name == "jump-in-u")
            for nodes in ("auto",) if name == "jump-in-u" else ("auto", 64):
                body = {"yaml": text, "nodes": nodes, "points": 33}
                answer = self.post("/api/problem", body).json
                if nodes == "auto":
                    self.assertEqual(answer["pieces"] > 1, name != "bratu")
                    self.assertLess(answer["error"] or 0, 1e-8)
                text_of_command = self.ran(answer["command"])
                self.assertEqual(
                    text_of_command, self.post("/api/problem", body, format="csv").text)
                values = table(text_of_command)
                for one in answer["functions"]:
                    self.near(values[one["name"]], one["values"])

    def test_typed_is_the_file(self):
        text = (server.folder / "own.yaml").read_text()
        own = {"seed": 5, "index": 7}
        self.assertEqual(
            self.post("/api/problem", own | {"yaml": text}, format="csv").data,
            self.post("/api/problem", own | {"equation": "own.yaml"}, format="csv").data)

    def test_a_file_that_changes(self):
        path = server.folder / "changing.yaml"
        for f in (1, 3):
            path.write_text(PARABOLA.replace("f: 1", f"f: {f}"))
            answer = self.post(
                "/api/problem", {"equation": "changing.yaml", "points": 3}).json
            self.near(answer["functions"][-1]["values"], [0, f / 8, 0])
        path.unlink()

    def test_commands_give_what_is_seen(self):
        text = (server.folder / "own.yaml").read_text()
        for body in (SAMPLE, SAMPLE | {"set": {"alpha": 0.4, "beta": 0.1}},
                     {"yaml": text, "index": 5}, {"yaml": PARABOLA, "nodes": 16},
                     {"yaml": text, "set": {"omega": 0.3}, "nodes": "auto"}):
            with self.subTest(str(body)[:60]):
                answer = self.post("/api/problem", body | {"points": 17}).json
                self.assertEqual(
                    self.ran(answer["command"]),
                    self.post("/api/problem", body | {"points": 17}, format="csv").text)

    def test_unsolvable(self):
        for change in (("K: 1", "K: -1"), ("K: 1", "K: x - 0.5"), ("K: 1", "K: 0"),
                       ("f: 1", "f: exp(1000 * exp(x))"), ("f: 1", "f: sqrt(-x - 1)")):
            for nodes in (16, "auto"):
                with self.subTest(change[1], nodes=nodes):
                    self.refused(400, client.post(
                        "/api/problem",
                        {"yaml": PARABOLA.replace(*change), "nodes": nodes}))

    def test_hard_ones_do_not_take_for_ever(self):
        with api.Server() as other:
            for f in ("1 / x", "sin(1 / (x + 1e-9))", "abs(x - 0.3)^0.1"):
                with self.subTest(f):
                    answer = other.client(timeout=10).post("/api/problem", {
                        "yaml": PARABOLA.replace("f: 1", "f: " + f), "nodes": "auto"})
                    self.assertIn(answer.status, (200, 400, 503), answer)


class MatrixTests(Case):
    def system(self, body):
        lines = self.post("/api/matrix", body, format="csv").text.splitlines()
        self.assertEqual(lines[0].split(",")[-1], "b")
        return [[float(value) for value in line.split(",")] for line in lines[1:]]

    def test_its_solution_is_u(self):
        x = eliminated(self.system(SAMPLE))
        u = table(bvp("solve", "diffusion", "--seed", 3, "--index", 2, "--nodes", 64))["u"]
        # Rows go from the right end to the left.
        self.near(x[::-1], u, 1e-7)

    def test_json_is_the_table(self):
        rows = self.system(SAMPLE)
        answer = self.post("/api/matrix", SAMPLE).json
        self.assertEqual((answer["n"], answer["step"]), (64, 1))
        self.assertEqual(answer["rows"], [row[:-1] for row in rows])

    def test_a_large_one_is_thinned(self):
        body = SAMPLE | {"nodes": 300}
        rows = self.system(body)
        answer = self.post("/api/matrix", body).json
        step = answer["step"]
        self.assertEqual((answer["n"], len(answer["rows"])), (300, -(-300 // step)))
        for i, j in ((0, 0), (3, 50), (len(answer["rows"]) - 1, 7)):
            block = [
                value for row in rows[i * step:(i + 1) * step]
                for value in row[j * step:min(300, (j + 1) * step)]]
            self.assertEqual(abs(answer["rows"][i][j]), max(map(abs, block)))

    def test_its_command_makes_it(self):
        text = (server.folder / "own.yaml").read_text()
        for body in (SAMPLE, SAMPLE | {"index": 0}, SAMPLE | {"set": {"alpha": 0.4}},
                     {"yaml": text, "index": 5, "nodes": 20},
                     {"yaml": text, "set": {"omega": 0.3}, "nodes": 20}):
            with self.subTest(str(body)[:60]):
                answer = self.post("/api/matrix", body).json
                path = shlex.split(answer["command"].splitlines()[-1])[-1]
                # The script of `ran` takes away what it makes.
                folder = api.temporary()
                shutil.copy(server.folder / "own.yaml", folder)
                self.ran(answer["command"] + f"\ncp {path} {folder}/made")
                A, shape = tensor(folder / "made", "A")
                n = answer["n"]
                self.assertEqual(shape, [1, n, n])
                rows = self.system(body)
                self.near(A, [value for row in rows for value in row[:-1]], 1e-12)

    def test_condition(self):
        body = SAMPLE | {"nodes": 16}
        sizes = singular_values([row[:-1] for row in self.system(body)])
        answer = self.post("/api/matrix", body).json
        self.near([answer["condition"]], [max(sizes) / min(sizes)], 1e-6)
        self.assertEqual(answer["condition"], self.post("/api/problem", body).json["condition"])


class SolverTests(Case):
    def test_which_there_are(self):
        solvers = {one["name"]: one for one in self.get("/api/solvers").json}
        self.assertLessEqual({"lu", "qr", "svd", "tikhonov"}, set(solvers))
        network = solvers[api.CHECKPOINT]
        self.assertEqual(network["kind"], "network")
        self.assertEqual((network["nodes"], network["model"]), (64, "polya"))
        self.assertEqual(network["equation"], "diffusion")
        self.assertIn("runs/first/model.safetensors", solvers)
        self.assertEqual(solvers["lu"]["kind"], "classical")

    def test_solutions_are_those_of_the_command(self):
        names = ["lu", "qr", "svd", api.CHECKPOINT]
        answer = self.post("/api/solve", SAMPLE | {"solvers": names}).json
        self.assertEqual([one["solver"] for one in answer["solutions"]], names)
        for one, command in zip(answer["solutions"], answer["command"].splitlines()):
            self.near(one["u"], table(self.ran(command))["u"], 1e-6)
            size = dot(answer["u"], answer["u"])
            off = math.fsum((a - b) ** 2 for a, b in zip(one["u"], answer["u"]))
            self.assertAlmostEqual(one["error"], off / size, delta=1e-9 * off / size + 1e-30)
            most = max(abs(a - b) for a, b in zip(one["u"], answer["u"]))
            largest = max(map(abs, answer["u"]))
            self.assertAlmostEqual(one["maximumError"], most / largest, delta=1e-12)
        self.assertLess(answer["solutions"][0]["error"], 1e-20)
        self.assertLess(answer["solutions"][3]["error"], 1e-2)
        columns = table(self.post(
            "/api/solve", SAMPLE | {"solvers": names}, format="csv").text)
        self.near(columns["x"], answer["x"])
        self.near(columns["u_svd"], answer["solutions"][2]["u"])

    def test_noise(self):
        def solve(level, **noise):
            return self.post("/api/solve", SAMPLE | {
                "solvers": ["lu", "tikhonov"], "noise": {"level": level} | noise}).json
        clean, noisy = solve(0), solve(1e-3, seed=1)
        self.assertLess(clean["solutions"][0]["error"], 1e-20)
        self.assertEqual(clean["u"], noisy["u"])
        self.assertGreater(noisy["solutions"][0]["error"], 1e-12)
        again = solve(1e-3, seed=1)
        for one, two in zip(noisy["solutions"], again["solutions"]):
            self.assertEqual(one["u"], two["u"])
        self.assertNotEqual(
            noisy["solutions"][0]["u"], solve(1e-3, seed=2)["solutions"][0]["u"])
        for noise in ({"law": "uniform"}, {"law": "laplace"}, {"law": "outliers"},
                      {"target": "b"}, {"target": "both"}, {"model": "absolute"},
                      {"model": "rms"}):
            self.assertGreater(solve(1e-3, **noise)["solutions"][0]["error"], 0)
        for wrong in ({"level": -1}, {"level": 1e31}, {"level": 1e-31}, {"level": "a"},
                      {"level": 2, "law": "outliers"}, {"level": 1, "law": "cauchy"},
                      {"level": 1, "unknown": 1}, {"level": 1, "seed": -1}, []):
            self.refused(400, client.post(
                "/api/solve", SAMPLE | {"solvers": ["lu"], "noise": wrong}))

    def test_commands_of_noisy_systems_give_the_errors(self):
        text = (server.folder / "own.yaml").read_text()
        names = ["lu", "tikhonov", "projection", api.CHECKPOINT]
        for body in (SAMPLE, SAMPLE | {"set": {"alpha": 0.4}},
                     {"yaml": text, "index": 5, "set": {"omega": 0.3}}):
            for noise in ({"level": 1e-3, "seed": 7},
                          {"level": 0.01, "model": "rms", "target": "both"}):
                with self.subTest(str(body)[:60], noise=noise):
                    answer = self.post("/api/solve", body | {
                        "solvers": names, "noise": noise}).json
                    rows = list(csv.DictReader(io.StringIO(self.ran(answer["command"]))))
                    for one in answer["solutions"]:
                        row, = (row for row in rows
                                if row["solver"] == Path(one["solver"]).stem)
                        self.near([float(row["median"])], [one["error"]], 1e-5)
                        self.assertEqual(float(row["level"]), noise["level"])

    def test_networks_that_were_trained_on_the_sample_say_so(self):
        model = "runs/first/model.safetensors"
        for seed, isTrained in ((0, True), (201, False)):
            for noise in ({}, {"noise": {"level": 1e-3}}):
                body = SAMPLE | {"seed": seed, "solvers": ["lu", model]}
                answer = self.post("/api/solve", body | noise).json
                one = answer["solutions"][1]
                self.assertEqual(one["isTrained"], isTrained)
                self.assertEqual(any(
                    "first was trained on this sample" in text
                    for text in answer["warnings"]), isTrained)
                self.ran(answer["command"])
            curves = self.post("/api/noise", body | {
                "levels": [1e-3], "draws": 3, "noise": {}}).json
            self.assertEqual("failure" in curves["curves"][1], isTrained)
            self.assertEqual(f"# {model} is left out" in curves["command"], isTrained)
            rows = list(csv.DictReader(io.StringIO(self.ran(curves["command"]))))
            self.assertEqual(len(rows), 1 if isTrained else 2)
        # Of other parameters it is another sample.
        answer = self.post("/api/solve", SAMPLE | {
            "seed": 0, "set": {"alpha": 0.4}, "solvers": [model]}).json
        self.assertFalse(answer["solutions"][0]["isTrained"])

    def test_networks_of_one_name_are_told_apart(self):
        names = ["lu"]
        for part in ("one", "two"):
            (server.folder / part).mkdir()
            shutil.copy(server.folder / api.CHECKPOINT, server.folder / part / "lu.safetensors")
            shutil.copy(server.folder / api.CHECKPOINT, server.folder / part)
            names += [f"{part}/lu.safetensors", f"{part}/{api.CHECKPOINT}"]
        self.addCleanup(lambda: [shutil.rmtree(server.folder / part) for part in ("one", "two")])
        text = self.post("/api/solve", SAMPLE | {"solvers": names}, format="csv").text
        columns = text.splitlines()[0].split(",")
        self.assertEqual(len(columns), len(set(columns)))
        self.assertEqual(sum(name.startswith("u_") for name in columns), 5)
        text = self.post("/api/noise", SAMPLE | {
            "solvers": names, "levels": [1e-3], "draws": 2}, format="csv").text
        solvers = [row["solver"] for row in csv.DictReader(io.StringIO(text))]
        self.assertEqual(len(set(solvers)), 5, solvers)

    def test_curves_come_one_by_one(self):
        names = ["lu", "svd", api.CHECKPOINT]
        body = SAMPLE | {"solvers": names, "levels": [1e-4, 1e-2], "draws": 5}
        whole = self.post("/api/noise", body).json
        for place, name in enumerate(names):
            one = self.post("/api/noise", body | {"only": name}).json
            self.assertEqual(one["curves"], [whole["curves"][place]])
            self.assertEqual(one["command"], whole["command"])
        self.refused(400, client.post("/api/noise", body | {"only": "qr"}))

    def test_noise_of_b_is_as_large_as_stated(self):
        # lu's answer to a noisy b, times A, is the noisy b.
        rows = [
            [float(value) for value in line.split(",")]
            for line in self.post("/api/matrix", SAMPLE, format="csv").text.splitlines()[1:]]
        answer = self.post("/api/solve", SAMPLE | {
            "solvers": ["lu"], "noise": {"level": 1e-2, "target": "b"}}).json
        u = answer["solutions"][0]["u"][::-1]
        ratios = [
            dot(row[:-1], u) / row[-1] - 1 for row in rows if row[-1] != 0]
        deviation = math.sqrt(math.fsum(one * one for one in ratios) / len(ratios))
        self.assertTrue(0.006 < deviation < 0.014, deviation)

    def test_iterations(self):
        for method in ("gmres", "richardson"):
            answer = self.post("/api/solve", SAMPLE | {
                "solvers": ["lu", api.CHECKPOINT], "iterate": method,
                "tolerance": 1e-8}).json
            one = answer["solutions"][1]
            self.assertEqual(one["history"][0] > one["history"][-1], True)
            if one["isConverged"]:
                self.assertLessEqual(one["history"][-1], 1e-8)
                self.assertLess(one["error"], 1e-8)
            self.near(one["u"], table(
                self.ran(answer["command"].splitlines()[1]))["u"], 1e-5)

    def test_solvers_that_fail(self):
        answer = self.post("/api/solve", SAMPLE | {
            "nodes": 32, "solvers": [
                "lu", "runs/first/model.safetensors", "data.safetensors", "own.yaml"]})
        good, *failed = answer.json["solutions"]
        self.assertNotIn("failure", good)
        for one in failed:
            self.assertTrue(api.is_one_line(one["failure"]), one)
        for solvers in ([], ["none"], ["lu", "lu"], "lu", [1], ["lu"] * 13,
                        [f"s{i}" for i in range(13)], None):
            self.refused((400, 404), client.post(
                "/api/solve", SAMPLE | {"solvers": solvers}))

    def test_noise_curves(self):
        levels = [0, 1e-8, 1e-4, 1e-2]
        body = SAMPLE | {"solvers": ["lu", "tikhonov", api.CHECKPOINT], "levels": levels,
                         "draws": 20, "noise": {"seed": 4}}
        answer = self.post("/api/noise", body).json
        self.assertEqual((answer["levels"], answer["draws"]), (levels, 20))
        for curve in answer["curves"]:
            for low, middle, high in zip(curve["p10"], curve["median"], curve["p90"]):
                self.assertTrue(low <= middle <= high)
        lu = answer["curves"][0]["median"]
        self.assertLess(lu[0], 1e-20)
        self.assertEqual(lu, sorted(lu))
        self.assertLess(answer["curves"][2]["median"][0], 1e-2)
        printed = self.ran(answer["command"])
        rows = list(csv.DictReader(io.StringIO(printed)))
        for curve in answer["curves"]:
            name = Path(curve["solver"]).stem
            medians = [float(row["median"]) for row in rows if row["solver"] == name]
            self.near(medians, curve["median"], 1e-6)
        lines = self.post("/api/noise", body, format="csv").text.splitlines()
        self.assertEqual(len(lines), 1 + 3 * len(levels))
        for wrong in ({"levels": []}, {"levels": [-1]}, {"levels": [0] * 17},
                      {"levels": 1}, {"draws": 0}, {"draws": 201}):
            self.refused(400, client.post("/api/noise", body | wrong))


class DatasetTests(Case):
    def test_which_there_are(self):
        one = next(
            one for one in self.get("/api/datasets").json
            if one["path"] == "data.safetensors")
        file = server.folder / "data.safetensors"
        self.assertEqual(
            (one["equation"], one["samples"], one["nodes"], one["seed"], one["first"]),
            ("diffusion", 40, 64, 0, 0))
        self.assertEqual(one["kind"], "dataset")
        self.assertEqual(one["bytes"], file.stat().st_size)
        self.assertAlmostEqual(one["modified"], file.stat().st_mtime, places=3)

    def test_samples_are_those_of_the_command(self):
        for sample in (0, 39):
            where = {"path": "data.safetensors", "sample": sample, "points": 33}
            text = self.get("/api/dataset/sample", **where, format="csv").text
            answer = self.get("/api/dataset/sample", **where).json
            self.assertEqual(text, self.ran(answer["command"]))
            columns = table(text)
            self.assertEqual(answer["x"], columns["x"])
            for one in answer["functions"]:
                self.assertEqual(one["values"], columns[one["name"]])
            drawn = self.post("/api/problem", {
                "equation": "diffusion", "index": sample, "points": 33}).json
            self.assertEqual(
                [round(one["value"], 5) for one in drawn["parameters"]],
                [round(one["value"], 5) for one in answer["parameters"]])
            self.near(answer["functions"][-1]["values"], drawn["functions"][-1]["values"],
                      1e-5)
            self.near([answer["condition"]], [drawn["condition"]], 1e-3)

    def test_large_systems_are_not_decomposed(self):
        bvp("generate", "diffusion", "--samples", 1, "--nodes", 1025, "--output",
            "large.safetensors", folder=server.folder)
        self.addCleanup((server.folder / "large.safetensors").unlink)
        answer = self.get("/api/dataset/sample", path="large.safetensors", sample=0).json
        self.assertIsNone(answer.get("condition"))
        self.assertIn("1024", " ".join(answer["warnings"]))
        self.assertLess(answer["residual"], 1e-10)
        spread = self.get("/api/dataset/distribution", path="large.safetensors").json
        self.assertEqual(spread["condition"], [None])
        self.assertIn("1024", " ".join(spread["warnings"]))

    def test_imported_systems_are_listed_where_they_serve(self):
        """A x = b of the dataset's systems, as NumPy's files."""
        bvp("generate", "diffusion", "--samples", 12, "--seed", 5, "--nodes", 12,
            "--with-systems", "--output", "made.safetensors", folder=server.folder)
        for name in ("A", "b"):
            values, shape = tensor(server.folder / "made.safetensors", name)
            npy(server.folder / f"{name}.npy", values, shape)
        npy(server.folder / "B.npy", [-value for value in values], shape)
        bvp("import", "--A", "A.npy", "--b", "b.npy", "--output", "mine.safetensors",
            folder=server.folder)
        (server.folder / "made.safetensors").unlink()
        one = next(one for one in self.get("/api/datasets").json
                   if one["path"] == "mine.safetensors")
        self.assertEqual((one["kind"], one["samples"], one["nodes"]), ("systems", 12, 12))
        self.assertNotIn("equation", one)
        self.refused(400, client.get("/api/dataset/sample", path="mine.safetensors", sample=0))
        self.assertEqual(
            self.get("/api/dataset/file", path="mine.safetensors").data,
            (server.folder / "mine.safetensors").read_bytes())
        shutil.copy(server.folder / "B.npy", server.folder / "b.npy")
        bvp("import", "--A", "A.npy", "--b", "b.npy", "--output", "other.safetensors",
            folder=server.folder)
        form = {"verb": "pretrain", "preset": "smoke", "steps": 4, "testSamples": 4,
                "name": "imported"}
        self.refused(400, client.post("/api/runs", form))
        job = client.job(client.post("/api/runs", form | {
            "data": "mine.safetensors", "testData": "other.safetensors"}))
        self.assertEqual(job["state"], "finished", job)
        for name in ("A.npy", "b.npy", "B.npy", "other.safetensors"):
            (server.folder / name).unlink()

    def test_distribution(self):
        answer = self.get("/api/dataset/distribution", path="data.safetensors").json
        columns = table(bvp("export", "data.safetensors", "--parameters",
                            folder=server.folder))
        self.assertEqual(answer["count"], 40)
        for one in answer["parameters"]:
            self.near(one["values"], columns[one["name"]])
            law = one["law"]
            self.assertTrue(all(law["low"] <= v <= law["high"] for v in one["values"]))
        self.assertEqual(len(answer["condition"]), 40)
        single = self.get("/api/dataset/sample", path="data.safetensors", sample=7).json
        self.near([answer["condition"][7]], [single["condition"]])
        self.ran(answer["command"])
        few = self.get("/api/dataset/distribution", path="data.safetensors", limit=3)
        self.assertEqual(len(few.json["condition"]), 3)
        text = self.get("/api/dataset/distribution", path="data.safetensors",
                        format="csv").text
        self.near(table(text)["alpha"], columns["alpha"])

    def test_files(self):
        own = (server.folder / "data.safetensors").read_bytes()
        self.assertEqual(
            self.get("/api/dataset/file", path="data.safetensors").data, own)
        text = self.get("/api/dataset/file", path="data.safetensors", format="csv",
                        first=5, count=3).text
        self.assertEqual(text, bvp("export", "data.safetensors", "--first", 5, "--count",
                                   3, folder=server.folder))
        self.refused(400, client.get("/api/dataset/file", path=api.CHECKPOINT))
        self.refused(400, client.get("/api/dataset/file", path="own.yaml"))
        self.refused((400, 404), client.get("/api/dataset/file", path="runs"))

    def test_generation(self):
        for name, form, words in (
                ("plain", {}, []), ("mine", {"equation": "own.yaml"}, []),
                ("more", {"labels": "resolved", "withSystems": True},
                 ["--labels", "resolved", "--with-systems"])):
            form = {"equation": "diffusion", "samples": 25, "seed": 9, "nodes": 32,
                    "name": name} | form
            job = client.job(self.post("/api/datasets", form))
            self.assertEqual(job["state"], "finished", job)
            self.assertEqual((job["done"], job["total"]), (25, 25))
            path = f"datasets/{name}.safetensors"
            self.assertEqual(job["path"], path)
            bvp("generate", form["equation"], "--samples", 25, "--seed", 9, "--nodes", 32,
                *words, "--output", "other.safetensors", folder=server.folder)
            other = server.folder / "other.safetensors"
            self.assertEqual((server.folder / path).read_bytes(), other.read_bytes())
            other.unlink()
            self.assertIn(path, [one["path"] for one in self.get("/api/datasets").json])
            self.refused(409, client.post("/api/datasets", form))

    def test_a_generation_that_is_stopped(self):
        answer = self.post("/api/datasets", {
            "equation": "diffusion", "samples": 5_000_000, "name": "stopped"})
        self.assertEqual(answer.json["state"], "running")
        self.refused(409, client.post("/api/datasets", {
            "equation": "diffusion", "samples": 1, "name": "stopped"}))
        time.sleep(0.3)
        stop = self.post("/api/job/stop", {"id": answer.json["id"]})
        self.assertIn(stop.json["state"], ("stopping", "stopped"))
        self.assertEqual(client.job(answer)["state"], "stopped")
        self.assertFalse((server.folder / "datasets/stopped.safetensors").exists())
        again = self.post("/api/job/stop", {"id": answer.json["id"]})
        self.assertEqual(again.json["state"], "stopped")

    def test_a_generation_that_fails(self):
        (server.folder / "bad.yaml").write_text(PARABOLA.replace("K: 1", "K: x - 0.5"))
        job = client.job(client.post(
            "/api/datasets", {"equation": "bad.yaml", "samples": 1, "name": "bad"}))
        self.assertEqual(job["state"], "failed")
        self.assertTrue(api.is_one_line(job["message"]), job)
        (server.folder / "bad.yaml").unlink()


class TrainingTests(Case):
    def trained(self, name, words):
        """The bytes of the network that the command trains."""
        precision = re.search(
            r"products: (\w+)", (server.folder / f"runs/{name}/recipe.yaml").read_text())
        folder = api.temporary()
        bvp(*words, "--precision", precision[1], "--output", folder / "run",
            folder=server.folder)
        return (folder / "run/model.safetensors").read_bytes()

    def model(self, name):
        return (server.folder / f"runs/{name}/model.safetensors").read_bytes()

    WORDS = ["pretrain", "diffusion", "--preset", "smoke", "--steps", 400,
             "--evaluate-every", 20]

    def test_a_run(self):
        folder = server.folder / "runs/first"
        answer = self.get("/api/run", path="runs/first").json
        text = (folder / "metrics.csv").read_text()
        self.assertEqual(self.get("/api/run", path="runs/first", format="csv").text, text)
        columns = table(text)
        self.assertEqual(answer["columns"], list(columns))
        self.assertEqual([list(row) for row in zip(*columns.values())], answer["rows"])
        self.assertEqual(answer["recipe"], (folder / "recipe.yaml").read_text())
        self.assertEqual(
            answer["command"], (folder / "metrics.csv.command").read_text().strip())
        run = answer["run"]
        self.assertEqual(
            (run["state"], run["verb"], run["step"], run["totalSteps"], run["testMSE"]),
            ("finished", "pretrain", 20, 20, columns["test_mse"][-1]))
        listed = next(
            one for one in self.get("/api/runs").json if one["path"] == "runs/first")
        self.assertEqual(listed, run)

    def test_stopped_and_resumed_it_ends_in_the_same(self):
        form = LONG | {"name": "stopped"}
        begun = self.post("/api/runs", form)
        self.refused(409, client.post("/api/runs", form))
        while client.job(begun, "running")["done"] < 640:
            time.sleep(0.02)
        run = next(one for one in self.get("/api/runs").json
                   if one["path"] == "runs/stopped")
        self.assertEqual((run["state"], run["job"]), ("running", begun.json["id"]))
        live = self.get("/api/run", path="runs/stopped").json
        self.assertGreater(live["samplesPerSecond"] or 1, 0)
        self.refused(409, client.post("/api/run/resume", {"path": "runs/stopped"}))
        self.post("/api/job/stop", {"id": begun.json["id"]})
        self.assertEqual(client.job(begun)["state"], "stopped")
        run = self.get("/api/run", path="runs/stopped").json["run"]
        self.assertEqual(run["state"], "stopped")
        self.assertLess(run["step"], 400)
        resumed = client.job(self.post("/api/run/resume", {"path": "runs/stopped"}))
        self.assertEqual(resumed["state"], "finished", resumed)
        self.assertEqual(self.model("stopped"), self.trained("stopped", self.WORDS))
        # Extended, it goes on to more steps.
        more = client.job(
            self.post("/api/run/resume", {"path": "runs/stopped", "steps": 420}))
        self.assertEqual(more["state"], "finished", more)
        run = self.get("/api/run", path="runs/stopped").json["run"]
        self.assertEqual((run["step"], run["totalSteps"], run["state"]),
                         (420, 420, "finished"))
        # Its commands make it again.
        script = self.get("/api/run", path="runs/stopped").json["command"]
        self.assertEqual(len(script.splitlines()), 2, script)
        precision = re.search(r"products: (\w+)", (
            server.folder / "runs/stopped/recipe.yaml").read_text())
        first, more = script.splitlines()
        folder = api.temporary()
        self.ran(f"{first} --precision {precision[1]}\n{more}\ncp -r runs {folder}",
                 folder=api.temporary())
        self.assertEqual(self.model("stopped"),
                         (folder / "runs/stopped/model.safetensors").read_bytes())

    def test_the_forms_fields(self):
        form = {
            "verb": "pretrain", "equation": "diffusion", "name": "form", "preset": "smoke",
            "model": "polya", "samples": 48, "nodes": 32, "epochs": 2, "batch": 8,
            "learningRate": 0.001, "seed": 5, "optimizer": "adamw", "testSamples": 16}
        begun = self.post("/api/runs", form)
        self.assertEqual(client.job(begun)["state"], "finished")
        self.assertEqual(self.model("form"), self.trained("form", [
            "pretrain", "diffusion", "--preset", "smoke", "--model", "polya", "--samples",
            48, "--nodes", 32, "--epochs", 2, "--batch", 8, "--learning-rate", 0.001,
            "--seed", 5, "--optimizer", "adamw", "--test-samples", 16]))
        recipe = self.get("/api/run", path="runs/form").json["recipe"]
        for line in ("nodes: 32", "batch: 8", "kind: adamw", "seed: 5"):
            self.assertIn(line, recipe)

    def test_fine_tuning(self):
        form = {"verb": "finetune", "equation": "own.yaml", "name": "tuned",
                "from": "runs/first/model.safetensors", "data": "data.safetensors",
                "steps": 5}
        job = client.job(self.post("/api/runs", form))
        if job["state"] != "finished":
            # The dataset is of another equation's name; without it, it must do.
            self.assertIn("data.safetensors", job["message"])
            form = {key: form[key] for key in ("verb", "equation", "from", "steps")}
            form |= {"name": "tuned-2", "samples": 32}
            job = client.job(self.post("/api/runs", form))
        self.assertEqual(job["state"], "finished", job)
        run = self.get("/api/run", path=job["path"]).json["run"]
        self.assertEqual((run["verb"], run["step"]), ("finetune", 5))

    def test_forms_that_are_wrong(self):
        for change in ({"verb": "newton"}, {"verb": None}, {"preset": "huge"},
                       {"model": "mlp"}, {"steps": 0}, {"steps": 1.5}, {"steps": "a"},
                       {"batch": 0}, {"learningRate": 0}, {"learningRate": -1},
                       {"learningRate": "x"}, {"nodes": 1000}, {"online": 1},
                       {"optimizer": "sgd"}, {"unknown": 1}, {"seed": -1},
                       {"equation": "none"}, {"data": "none"}, {"from": "none"}):
            with self.subTest(change):
                self.refused((400, 404), client.post(
                    "/api/runs", LONG | {"name": "wrong"} | change))
        self.assertFalse((server.folder / "runs/wrong").exists())
        self.refused(409, client.post("/api/runs", LONG | {"name": "first"}))
        for path, status in (("runs/none", 404), ("runs", 404), ("own.yaml", 404)):
            self.refused(status, client.get("/api/run", path=path))
            self.refused((400, 404), client.post("/api/run/resume", {"path": path}))

    def test_what_the_command_refuses_is_said(self):
        job = client.job(client.post("/api/runs", LONG | {
            "name": "refused", "width": 7, "heads": 3}))
        self.assertEqual(job["state"], "failed")
        self.assertTrue(api.is_one_line(job["message"]), job)

    def test_comparison(self):
        folder = server.folder / "runs"
        bvp("pretrain", "diffusion", "--preset", "smoke", "--steps", 10, "--seed", 4,
            "--precision", "f32", "--output", folder / "second")
        paths = ["runs/first", "runs/second"]
        answer = self.get("/api/runs/compare", path=paths).json
        text = self.get("/api/runs/compare", path=paths, format="csv").text
        self.assertEqual(self.ran(answer["command"]), text)
        self.assertEqual(len(answer["rows"]), 2)
        self.assertEqual(len(answer["header"]), len(answer["numeric"]))
        self.assertIn("seed", answer["header"])
        for path, curve in zip(paths, answer["curves"]):
            columns = table((server.folder / path / "metrics.csv").read_text())
            self.assertEqual(curve["steps"], columns["step"])
            self.assertEqual(curve["testMSE"], columns["test_mse"])
            self.assertEqual(curve["trainMSE"], columns["train_mse"])
        report = self.get("/api/report", path=paths)
        self.assertEqual(report.type, "text/html")
        for word in ("first", "second", "<svg"):
            self.assertIn(word, report.text)
        self.assertNotIn("<script", report.text)
        for where in ("/api/runs/compare", "/api/report"):
            self.refused(400, client.get(where))
            self.refused((400, 404), client.get(where, path=["runs/first"] * 2))
            self.refused((400, 404), client.get(where, path=[f"r{i}" for i in range(17)]))
        shutil.rmtree(folder / "second")

    def test_too_many_jobs(self):
        begun = []
        with api.Server() as other:
            own = other.client()
            for k in range(12):
                answer = own.post("/api/datasets", {
                    "equation": "diffusion", "samples": 5_000_000, "name": f"d{k}"})
                if answer.status != 200:
                    break
                begun.append(answer)
            self.refused(503, answer)
            self.assertGreater(len(begun), 1)
            for one in begun:
                own.post("/api/job/stop", {"id": one.json["id"]})
            for one in begun:
                self.assertEqual(own.job(one)["state"], "stopped")
            self.assertEqual(len(own.get("/api/jobs").json), len(begun))


class LifeTests(Case):
    def test_interrupted_it_saves_trainings(self):
        other = api.Server()
        own = other.client()
        begun = own.post("/api/runs", LONG | {"name": "long"})
        own.post("/api/datasets", {
            "equation": "diffusion", "samples": 5_000_000, "name": "never"})
        while own.job(begun, "running")["done"] < 320:
            time.sleep(0.02)
        self.assertIn(other.stop(), (0, 130))
        self.assertFalse((other.folder / "datasets/never.safetensors").exists())
        left = subprocess.run(
            ["pgrep", "-f", str(other.folder)], capture_output=True, text=True).stdout
        self.assertEqual(left, "")
        with api.Server(other.folder) as again:
            own = again.client()
            run = own.get("/api/run", path="runs/long").json["run"]
            self.assertEqual(run["state"], "stopped")
            job = own.job(own.post("/api/run/resume", {"path": "runs/long"}))
            self.assertEqual(job["state"], "finished", job)
        recipe = (other.folder / "runs/long/recipe.yaml").read_text()
        bvp(*TrainingTests.WORDS, "--precision", re.search(r"products: (\w+)", recipe)[1],
            "--output", other.folder / "other")
        self.assertEqual((other.folder / "runs/long/model.safetensors").read_bytes(),
                         (other.folder / "other/model.safetensors").read_bytes())

    def test_killed_it_leaves_nobody_behind(self):
        other = api.Server()
        own = other.client()
        begun = own.post("/api/runs", LONG | {"name": "orphan", "steps": 100_000})
        while own.job(begun, "running")["done"] < 320:
            time.sleep(0.02)
        children = Path(f"/proc/{other.pid}/task").glob("*/children")
        pids = {int(pid) for file in children for pid in file.read_text().split()}
        self.assertTrue(pids)
        other.process.kill()
        other.process.wait()
        end = time.monotonic() + 20
        while any(Path(f"/proc/{pid}").exists() for pid in pids):
            self.assertLess(time.monotonic(), end, "the training goes on")
            time.sleep(0.1)
        with api.Server(other.folder) as again:
            run = again.client().get("/api/run", path="runs/orphan").json["run"]
            self.assertEqual(run["state"], "stopped")
            self.assertGreater(run["step"], 0)

    def test_a_token_is_of_one_server(self):
        with api.Server() as other:
            self.assertNotEqual(other.token, server.token)
            self.refused(401, api.Client(other, token=server.token).get("/api/jobs"))
            self.assertGreaterEqual(len(other.token), 32)

    def test_a_port_that_is_taken(self):
        done = subprocess.run(
            [api.BVP, "serve", str(server.folder), "--port", str(server.port)],
            capture_output=True, text=True, timeout=20)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn(str(server.port), done.stderr)
        self.assertTrue(api.is_one_line(done.stderr.strip()), done.stderr)
        done = subprocess.run(
            [api.BVP, "serve", str(server.folder / "none")], capture_output=True,
            text=True, timeout=20)
        self.assertNotEqual(done.returncode, 0)
        self.assertTrue(api.is_one_line(done.stderr.strip()), done.stderr)

    HEAVY = {"nodes": 512, "solvers": ["projection"], "draws": 200,
             "noise": {"level": 1e-3}, "levels": [10.0 ** -k for k in range(1, 9)]}

    def test_long_work_does_not_hold_up_the_rest(self):
        other = api.Server()
        self.addCleanup(other.process.kill)
        heavy = SAMPLE | self.HEAVY
        one = {name: heavy[name] for name in heavy if name not in ("draws", "levels")}

        def work(path, body):
            try:
                other.client(timeout=60).post(path, body)
            except OSError:
                pass
        for _ in range(os.cpu_count() + 2):
            for task in (("/api/noise", heavy), ("/api/solve", one)):
                threading.Thread(target=work, args=task, daemon=True).start()
        time.sleep(1)
        for k in range(3):
            own = other.client(timeout=5)
            self.assertEqual(own.get("/api/jobs").status, 200)
            self.assertEqual(own.get("/app.js").status, 200)
            self.assertEqual(own.post("/api/problem", SAMPLE).status, 200)
            self.assertEqual(own.post("/api/solve", SAMPLE | {
                "solvers": ["lu", api.CHECKPOINT]}).status, 200)
            self.assertEqual(own.post(
                "/api/equations", {"name": f"kept-{k}", "yaml": PARABOLA}).status, 200)
            self.assertEqual(own.post("/api/datasets", {
                "equation": "diffusion", "samples": 3, "name": f"d{k}"}).status, 200)
        self.assertIn(other.stop(patience=10), (0, 130))

    def test_work_ends_with_its_client(self):
        with api.Server() as other:
            def helpers():
                children = Path(f"/proc/{other.pid}/task").glob("*/children")
                return {pid for file in children for pid in file.read_text().split()}
            body = json.dumps(SAMPLE | self.HEAVY).encode()
            head = (f"POST /api/noise HTTP/1.1\r\nHost: localhost\r\n"
                    f"Authorization: Bearer {other.token}\r\n"
                    f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n")
            for isReset in (False, True):
                own = socket.create_connection((other.host, other.port))
                own.sendall(head.encode() + body)
                end = time.monotonic() + 10
                while not helpers():
                    self.assertLess(time.monotonic(), end, "nobody is at work")
                    time.sleep(0.01)
                time.sleep(0.3)
                if isReset:
                    own.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                   struct.pack("ii", 1, 0))
                own.close()
                left = time.monotonic()
                while helpers():
                    self.assertLess(time.monotonic() - left, 2, "the work goes on")
                    time.sleep(0.01)
                print(f"noise at 512 nodes ended {1e3 * (time.monotonic() - left):.0f} ms after its client")

    def test_many_at_once_get_the_same(self):
        expected = client.post("/api/problem", SAMPLE, format="csv").data
        wrong = []

        def work():
            own = server.client()
            for _ in range(5):
                if own.post("/api/problem", SAMPLE, format="csv").data != expected:
                    wrong.append(1)
            own.close()
        threads = [threading.Thread(target=work) for _ in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(wrong, [])


if __name__ == "__main__":
    unittest.main()
