"""The page of `bvp serve` in headless Chromium: every view, both themes, a narrow
window, the keyboard, the address, forms, and how fast a curve follows a slider.

PAGE_SCREENSHOTS is a folder for pictures of what was seen.
"""
import base64
import json
import os
import shutil
import socket
import statistics
import threading
import time
import unittest
from pathlib import Path

import api

try:
    from selenium import webdriver
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys
    from selenium.webdriver.support.ui import Select, WebDriverWait
except ModuleNotFoundError:
    webdriver = None

VIEWS = ("problem", "solvers", "datasets", "training")
SCREENSHOTS = os.environ.get("PAGE_SCREENSHOTS")
CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
# What must hold of every input: somebody who does not see it is told what it is.
UNLABELLED = """
return [...document.querySelectorAll('input, select, textarea, button, [role=img], a')]
  .filter((one) => one.checkVisibility() && !one.getAttribute('aria-label') && !one.getAttribute('aria-labelledby')
    && !(one.labels && [...one.labels].some((label) => label.textContent.trim()))
    && !one.textContent.trim() && !one.title && !one.querySelector('img[alt]'))
  .map((one) => one.outerHTML.slice(0, 200))"""
WATCH = """
window.seen = [];
addEventListener('securitypolicyviolation', (event) =>
  seen.push(`policy: ${event.violatedDirective} ${event.blockedURI}`));
addEventListener('error', (event) => {
  if (!event.message.startsWith('ResizeObserver loop')) seen.push(`error: ${event.message}`);
});
addEventListener('unhandledrejection', (event) => seen.push(`rejected: ${event.reason}`));
"""


def setUpModule():
    global server, page
    if not (webdriver and CHROMIUM and DRIVER):
        raise unittest.SkipTest("there is no selenium, chromium or chromedriver")
    server = api.Server()
    unittest.addModuleCleanup(server.stop)
    page = browser()
    unittest.addModuleCleanup(page.quit)


def browser():
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for word in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                 "--disable-background-networking", "--disable-component-update",
                 "--no-first-run", "--window-size=1280,900"):
        options.add_argument(word)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    service = webdriver.ChromeService(DRIVER)
    result = webdriver.Chrome(options=options, service=service)
    result.set_page_load_timeout(30)
    result.set_script_timeout(30)
    result.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": WATCH})
    return result


def another_tab():
    """A tab that knows nothing of the one before, which is closed."""
    page.switch_to.new_window("tab")
    new = page.current_window_handle
    for handle in page.window_handles:
        if handle != new:
            page.switch_to.window(handle)
            page.close()
    page.switch_to.window(new)
    page.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": WATCH})


class Case(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.page = page
        # Histories end at fifty steps.
        another_tab()
        cls.page.get(server.address)
        cls.wait(lambda: cls.draws() > 0, "a curve")

    def setUp(self):
        self.page.get_log("browser")
        self.page.get_log("performance")
        self.width(1280)
        self.show("problem")

    def tearDown(self):
        self.assertEqual(self.page.execute_script("return window.seen"), [])
        severe = [
            one["message"] for one in self.page.get_log("browser")
            if one["level"] == "SEVERE" and not self.isExpected(one["message"])]
        self.assertEqual(severe, [])
        for entry in self.page.get_log("performance"):
            event = json.loads(entry["message"])["message"]
            if event["method"] == "Network.requestWillBeSent":
                url = event["params"]["request"]["url"]
                self.assertTrue(
                    url.startswith((server.origin + "/", "data:", "blob:")), url)

    def isExpected(self, message):
        """Whether an error on the console is what a test wants refused."""
        return False

    # What the tests do

    @classmethod
    def wait(cls, condition, what, seconds=15):
        end = time.monotonic() + seconds
        while True:
            try:
                if result := condition():
                    return result
            except Exception as error:
                if time.monotonic() > end or type(error).__name__ not in (
                        "StaleElementReferenceException", "NoSuchElementException",
                        "ElementNotInteractableException", "JavascriptException"):
                    raise
            if time.monotonic() > end:
                raise AssertionError(f"in vain waited for {what}")
            time.sleep(0.05)

    @classmethod
    def draws(cls):
        return int(cls.page.execute_script(
            "return document.documentElement.dataset.draws ?? 0"))

    @classmethod
    def find(cls, selector):
        return cls.page.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector):
        return self.page.find_elements(By.CSS_SELECTOR, selector)

    def text(self, selector):
        return self.page.execute_script(
            "return document.querySelector(arguments[0])?.textContent ?? ''", selector)

    def line(self, plot):
        """The first curve of a plot."""
        return self.page.execute_script(
            "return [...document.querySelectorAll(arguments[0] + ' path.line')]"
            ".map((one) => one.getAttribute('d')).find(Boolean) ?? ''", plot)

    def width(self, pixels, height=900):
        self.page.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": pixels, "height": height, "deviceScaleFactor": 1, "mobile": False})

    def go(self, fragment):
        self.page.execute_script("location.hash = arguments[0]", fragment)

    def show(self, view, **fields):
        before = self.draws()
        fields = "&".join(f"{name}={value}" for name, value in fields.items())
        if view in ("problem", "solvers") and not fields:
            fields = "equation=diffusion&seed=0&index=0&nodes=64"
        fragment = f"#{view}?{fields}" if fields else f"#{view}"
        self.go("#training" if view != "training" else "#problem")
        self.wait(lambda: not self.find(f"#view-{view}").is_displayed(), "the other view")
        self.go(fragment)
        self.wait(lambda: self.find(f"#view-{view}").is_displayed(), view)
        if view in ("problem", "solvers"):
            self.wait(lambda: self.draws() > before, "a curve")

    def set(self, selector, value, *events):
        """Gives a field a value as a person does."""
        self.page.execute_script(
            "const [field, value, events] = arguments; field.value = value;"
            "for (const name of events) field.dispatchEvent(new Event(name, {bubbles: true}))",
            self.find(selector), value, events or ("input", "change"))

    def settled(self):
        """Waits until nothing is drawn any more."""
        last = -1
        while last != (now := self.draws()):
            last = now
            time.sleep(0.4)

    def downloaded(self, button, name):
        """The text of the file that a button saves."""
        folder = api.temporary()
        self.page.execute_cdp_cmd("Browser.setDownloadBehavior", {
            "behavior": "allow", "downloadPath": str(folder)})
        self.find(button).click()
        return self.wait(
            lambda: (folder / name).exists() and (folder / name).read_text(), name)

    def picture(self, name):
        if not SCREENSHOTS:
            return
        Path(SCREENSHOTS).mkdir(parents=True, exist_ok=True)
        data = self.page.execute_cdp_cmd(
            "Page.captureScreenshot", {"captureBeyondViewport": True})["data"]
        (Path(SCREENSHOTS) / f"{name}.png").write_bytes(base64.b64decode(data))

    def fill(self, form, **values):
        for name, value in values.items():
            field = self.find(f"{form} [name={name}]")
            if field.tag_name == "select":
                Select(field).select_by_value(value)
            else:
                field.clear()
                field.send_keys(str(value))


class ViewTests(Case):
    def views(self):
        self.show("problem")
        self.wait(lambda: self.line("#plot-u"), "u")
        self.wait(lambda: self.line("#plot-coefficients"), "coefficients")
        self.wait(lambda: self.find("#matrix canvas").is_displayed(), "the matrix")
        yield "problem"
        self.show("solvers")
        for plot in ("#plot-solutions", "#plot-errors", "#plot-noise"):
            self.wait(lambda: self.line(plot), plot, 30)
        self.wait(lambda: self.all("#solver-table tbody tr"), "solvers")
        yield "solvers"
        self.show("datasets", path="data.safetensors", sample=3)
        self.wait(lambda: self.line("#plot-sample"), "the sample")
        self.wait(lambda: self.all("#histograms path.bars"), "histograms")
        yield "datasets"
        self.show("training", run="runs/first")
        self.wait(lambda: self.line("#plot-training"), "the run's curve")
        yield "training"

    def test_views_in_both_themes_and_both_widths(self):
        for width in (1280, 360):
            self.width(width)
            for theme in ("light", "dark"):
                while self.page.execute_script(
                        "return document.documentElement.dataset.theme") != theme:
                    self.find("#theme").click()
                for view in self.views():
                    with self.subTest(view, theme=theme, width=width):
                        if theme == "light":
                            wide = self.page.execute_script(
                                "return [document.documentElement.scrollWidth, innerWidth]")
                            self.assertLessEqual(wide[0], wide[1], "the page is too wide")
                            self.assertEqual(self.page.execute_script(UNLABELLED), [])
                        self.picture(f"{view}-{theme}-{width}")

    def test_themes(self):
        def back():
            return self.page.execute_script("return getComputedStyle(document.body).backgroundColor")
        colours = {}
        for _ in range(3):
            theme = self.page.execute_script("return document.documentElement.dataset.theme")
            colours[theme] = back()
            self.find("#theme").click()
        self.assertEqual(set(colours), {"auto", "light", "dark"})
        self.assertNotEqual(colours["light"], colours["dark"])
        while self.page.execute_script(
                "return document.documentElement.dataset.theme") != "auto":
            self.find("#theme").click()
        for scheme in ("dark", "light"):
            self.page.execute_cdp_cmd("Emulation.setEmulatedMedia", {
                "features": [{"name": "prefers-color-scheme", "value": scheme}]})
            self.assertEqual(back(), colours[scheme])

    def test_facts_and_commands(self):
        self.wait(lambda: "κ" in self.text("#facts"), "facts")
        command = self.wait(lambda: self.text("#problem-command code"), "the command")
        self.assertTrue(command.startswith("bvp solve diffusion"), command)
        for button in self.all(".command .copy"):
            if button.is_displayed():
                button.click()
                self.wait(lambda: "op" in button.text or "elected" in button.text, "a copy")
        self.assertTrue(self.text("#status"))


class LatencyTests(Case):
    """What is measured, alone on the machine if that can be."""

    def test_a_curve_follows_a_slider(self):
        slider = 'input[type=range][data-parameter="alpha"]'
        self.wait(lambda: self.find(slider), "the slider")
        self.settled()
        before = self.line("#plot-u")
        low, high = (float(self.find(slider).get_attribute(name)) for name in ("min", "max"))
        latencies, draws = [], self.draws()
        self.page.execute_script("delete document.documentElement.dataset.latency")
        for move in range(30):
            # Where K stays positive.
            value = 0.2 + 0.6 * move / 30
            self.assertTrue(low <= value <= high)
            self.set(slider, value, "input")
            time.sleep(0.08)
            latency = self.page.execute_script(
                "return document.documentElement.dataset.latency")
            if latency:
                latencies.append(float(latency))
        self.set(slider, value, "change")
        self.settled()
        drawn = self.draws() - draws
        print(f"slider to curve: median {statistics.median(latencies):.0f} ms, at most "
              f"{max(latencies):.0f} ms, {drawn} curves of 30 moves", flush=True)
        self.assertGreaterEqual(len(latencies), 15)
        self.assertLess(statistics.median(latencies), 500)
        self.assertNotEqual(self.line("#plot-u"), before)
        self.assertIn("alpha=0.78", self.page.execute_script("return location.hash"))

class SliderTests(Case):
    def test_back_undoes_and_forward_does_again(self):
        self.settled()
        curves = [self.line("#plot-u")]
        for index in (5, 6):
            self.set("#index", index, "change")
            self.wait(lambda: self.line("#plot-u") not in curves, "another sample")
            self.settled()
            curves.append(self.line("#plot-u"))
            time.sleep(0.5)
        for k in (1, 0):
            self.page.back()
            self.wait(lambda: self.line("#plot-u") == curves[k], "the sample before")
        self.assertEqual(self.find("#index").get_attribute("value"), "0")
        self.page.forward()
        self.wait(lambda: self.line("#plot-u") == curves[1], "the sample after")

    def test_a_drag_is_one_step_back(self):
        slider = 'input[type=range][data-parameter="alpha"]'
        self.settled()
        before = self.line("#plot-u")
        length = self.page.execute_script("return history.length")
        for move in range(10):
            self.set(slider, 0.3 + 0.03 * move, "input")
            time.sleep(0.03)
        self.set(slider, 0.57, "change")
        self.settled()
        self.assertEqual(self.page.execute_script("return history.length"), length + 1)
        self.page.back()
        self.wait(lambda: self.line("#plot-u") == before, "the curve before")

    def test_the_address_says_all(self):
        self.set("#index", 11, "change")
        self.set('input[type=range][data-parameter="omega"]', 0.3)
        self.wait(lambda: "omega" in self.page.execute_script("return location.hash"), "omega")
        self.settled()
        curve = self.line("#plot-u")
        address = self.page.execute_script("return location.href")
        self.page.switch_to.new_window("tab")
        try:
            self.page.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": WATCH})
            self.width(1280)
            # A tab of its own has the token from where it begins.
            self.page.get(address.replace("#", f"#token={server.token}&"))
            self.wait(lambda: self.line("#plot-u") == curve, "the same curve")
            self.assertEqual(self.find("#index").get_attribute("value"), "11")
        finally:
            self.page.close()
            self.page.switch_to.window(self.page.window_handles[0])

    def test_foreign_addresses_do_no_harm(self):
        for fragment in ("#none", "#problem?equation=none", "#problem?seed=-1&index=abc",
                         "#datasets?path=../etc/passwd&sample=1e99", "#training?run=none",
                         "#solvers?equation=diffusion&solvers=none&level=NaN",
                         "#problem?equation=<img src=x onerror=alert(1)>",
                         "#problem?equation=typed&yaml=!!!!"):
            self.go(fragment)
            time.sleep(0.5)
            self.assertTrue(any(
                self.find(f"#view-{view}").is_displayed() for view in VIEWS), fragment)

    def isExpected(self, message):
        return "404" in message or "400" in message


class KeyboardTests(Case):
    def test_keys_lead_to_views(self):
        for key, view in zip("1234", VIEWS):
            self.find("body").send_keys(key)
            self.wait(lambda: self.find(f"#view-{view}").is_displayed(), view)
            self.assertEqual(self.find(f"#tab-{view}").get_attribute("aria-current"), "page")
        self.find("body").send_keys("1")
        self.wait(lambda: self.find("#view-problem").is_displayed(), "problem")
        # A digit that is typed into a field is a digit.
        self.find("#index").send_keys("2")
        self.assertTrue(self.find("#view-problem").is_displayed())
        self.find("body").send_keys("?")
        self.wait(lambda: self.find("#keys").is_displayed(), "the keys")
        self.page.switch_to.active_element.send_keys(Keys.ESCAPE)
        self.wait(lambda: not self.find("#keys").is_displayed(), "their end")

    def test_brackets_step_through_samples(self):
        self.settled()
        before = self.line("#plot-u")
        self.find("body").send_keys("]")
        self.wait(lambda: self.line("#plot-u") != before, "the next sample")
        self.assertEqual(self.find("#index").get_attribute("value"), "1")
        self.find("body").send_keys("[")
        self.wait(lambda: self.line("#plot-u") == before, "the sample before")

    def test_focus_is_seen_wherever_it_goes(self):
        self.page.execute_cdp_cmd("Emulation.setEmulatedMedia", {
            "features": [{"name": "prefers-reduced-motion", "value": "reduce"}]})
        for view in VIEWS:
            self.show(view)
            self.page.execute_script("document.activeElement?.blur(); scrollTo(0, 0)")
            seen = []
            for _ in range(60):
                self.page.switch_to.active_element.send_keys(Keys.TAB)
                state = self.page.execute_script("""
                    const one = document.activeElement;
                    if (!one || one === document.body) return null;
                    const style = getComputedStyle(one);
                    const box = one.getBoundingClientRect();
                    return {
                      name: one.outerHTML.slice(0, 120),
                      isMarked: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0
                        || style.boxShadow !== 'none',
                      isThere: box.width > 0 && box.height > 0 && box.bottom > 0
                        && box.top < innerHeight,
                    }""")
                if state is None or state["name"] in seen[:1]:
                    break
                seen.append(state["name"])
                self.assertTrue(state["isMarked"], state)
                self.assertTrue(state["isThere"], state)
            self.assertGreater(len(seen), 8, view)

    def test_arrows_move_a_slider(self):
        slider = self.find('input[type=range][data-parameter="alpha"]')
        self.settled()
        before = self.line("#plot-u")
        slider.send_keys(Keys.ARROW_RIGHT)
        self.wait(lambda: self.line("#plot-u") != before, "another curve")
        self.assertIn("alpha=", self.page.execute_script("return location.hash"))


class EditorTests(Case):
    def isExpected(self, message):
        # The server refuses what the editor holds for a while.
        return "/api/equation" in message and "400" in message

    def test_an_error_points_at_its_line(self):
        Select(self.find("#equation")).select_by_value("typed")
        editor = self.wait(
            lambda: self.find("#editor").is_displayed() and self.find("#editor"), "the editor")
        self.wait(lambda: "coefficients" in editor.get_attribute("value"), "the text")
        text = editor.get_attribute("value")
        line = next(
            number for number, one in enumerate(text.split("\n"), 1)
            if one.strip().startswith("K:"))
        self.settled()
        curve = self.line("#plot-u")
        wrong = text.replace("alpha * cos", "alpa * cos")
        self.set("#editor", wrong, "input")
        self.wait(lambda: self.find("#editor-error").is_displayed(), "the error")
        self.assertIn("alpa", self.text("#editor-error"))
        self.assertIn(f"line {line}", self.text("#editor-error"))
        marked = self.page.execute_script(
            "return [...document.querySelectorAll('#gutter > *')]"
            ".findIndex((one) => one.classList.contains('is-wrong')) + 1")
        self.assertEqual(marked, line)
        self.picture("editor-error")
        self.find("#editor-jump").click()
        start = self.page.execute_script(
            "return document.querySelector('#editor').selectionStart")
        self.assertEqual(wrong[:start].count("\n") + 1, line)
        self.assertEqual(wrong[start:start + 4], "alpa")
        self.set("#editor", text.replace("domain: [0, 7.5]", "domain: [0, 3]"), "input")
        self.wait(lambda: not self.find("#editor-error").is_displayed(), "the error's end")
        self.wait(lambda: self.line("#plot-u") != curve, "the curve of the new text")
        # The address has the text.
        self.settled()
        curve = self.line("#plot-u")
        self.page.refresh()
        self.wait(lambda: self.line("#plot-u") == curve, "the same after a reload")


class SolverTests(Case):
    def test_noise(self):
        self.show("solvers")
        self.wait(lambda: self.line("#plot-noise"), "noise curves", 30)
        self.settled()
        before = self.text("#solver-table tbody")
        self.set("#noise-level", 50)
        self.wait(lambda: self.text("#solver-table tbody") != before, "other errors")
        self.settled()
        before = self.line("#plot-errors")
        self.find("#draw-again").click()
        self.wait(lambda: self.line("#plot-errors") != before, "another draw")
        self.assertIn("draw=1", self.page.execute_script("return location.hash"))

    def test_it_opens_where_no_network_has_learned(self):
        self.page.get("about:blank")
        self.page.get(server.address)
        self.wait(lambda: self.draws() > 0, "a curve")
        self.assertIn("seed=201", self.page.execute_script("return location.hash"))
        model = "runs/first/model.safetensors"
        for seed, isTrained in ((201, False), (0, True)):
            self.show("solvers", equation="diffusion", seed=seed, index=3, nodes=64,
                      solvers=f"lu,{model}")
            self.wait(lambda: "first" in self.text("#solver-table tbody"), "the network")
            self.assertEqual("trained on this sample" in self.text(
                "#solvers-warnings"), isTrained)
            self.picture(f"solvers-seed-{seed}")

    def test_networks_of_one_name_have_two(self):
        for part in ("one", "two"):
            (server.folder / part).mkdir()
            shutil.copy(server.folder / api.CHECKPOINT, server.folder / part)
        self.addCleanup(lambda: [shutil.rmtree(server.folder / part) for part in ("one", "two")])
        names = [f"{part}/{api.CHECKPOINT}" for part in ("one", "two")]
        self.show("solvers", equation="diffusion", seed=201, index=0, nodes=64,
                  solvers=",".join(["lu", *names]))
        self.wait(lambda: self.line("#plot-noise"), "noise curves", 30)
        for selector in ("#solver-table tbody th", "#plot-solutions .entry",
                         "#plot-noise .entry"):
            self.wait(lambda: len(set(names) & {
                one.text.strip() for one in self.all(selector)}) == 2, selector)

    def test_solvers_are_chosen(self):
        self.show("solvers")
        self.wait(lambda: self.all("#solver-table tbody tr"), "solvers")
        rows = len(self.all("#solver-table tbody tr"))
        self.wait(lambda: self.find('[data-solver="qr"]'), "qr").click()
        self.wait(lambda: len(self.all("#solver-table tbody tr")) == rows + 1, "qr's row")
        Select(self.find("#iterate")).select_by_value("gmres")
        self.wait(lambda: self.find("#plot-history").is_displayed(), "the history")
        self.assertIn("--iterate gmres", self.wait(
            lambda: self.text("#solvers-command code"), "the command"))


class ListTests(Case):
    def test_what_is_not_listed_is_said(self):
        (server.folder / "notes.yaml").write_text("a: 1\n")
        self.addCleanup((server.folder / "notes.yaml").unlink)
        for view in ("datasets", "training", "solvers"):
            self.show(view)
            self.wait(lambda: self.find(f"#{view}-unlisted").is_displayed(), view)
            self.find(f"#{view}-unlisted summary").click()
            self.assertIn("notes.yaml: is no equation", self.text(f"#{view}-unlisted"))
        self.picture("unlisted")

    def test_files_are_saved(self):
        self.show("datasets", path="data.safetensors", sample=1)
        self.wait(lambda: self.line("#plot-sample"), "the sample")
        text = self.downloaded("#dataset-csv", "data.csv")
        self.assertEqual(text, server.client().get(
            "/api/dataset/file", path="data.safetensors", format="csv", count=1000).text)


class MakingTests(Case):
    def test_a_dataset(self):
        self.show("datasets")
        if not self.find("#generate-form").is_displayed():
            self.find("#generate summary").click()
        self.fill("#generate-form", equation="diffusion", samples=30, seed=4, name="made")
        self.find("#generate-form button[type=submit]").click()
        path = "datasets/made.safetensors"
        link = self.wait(lambda: next(
            (one for one in self.all("#dataset-list a") if one.text == path), None),
            "the dataset", 30)
        self.assertTrue((server.folder / path).exists())
        link.click()
        self.wait(lambda: self.line("#plot-sample"), "its sample")
        curve = self.line("#plot-sample")
        self.set("#dataset-sample", 7, "change")
        self.wait(lambda: self.line("#plot-sample") != curve, "another sample")
        # A name that is taken is refused where it was given.
        if not self.find("#generate-form").is_displayed():
            self.find("#generate summary").click()
        self.find("#generate-form button[type=submit]").click()
        self.wait(lambda: self.find("#generate-error").is_displayed(), "the refusal")
        self.assertIn(path, self.text("#generate-error"))

    def isExpected(self, message):
        return "409" in message

    def test_a_training(self):
        self.show("training")
        if not self.find("#train-form").is_displayed():
            self.find("#train summary").click()
        self.wait(lambda: self.all("#train-form [name=data] option"), "the form")
        self.fill("#train-form", verb="pretrain", equation="diffusion", name="made",
                  preset="smoke", steps=20000)
        self.find("#train-form button[type=submit]").click()
        box = self.wait(lambda: self.find('#run-list [data-run="runs/made"]'), "the run", 30)
        box.click()
        stop = self.find("#run-stop")
        self.wait(stop.is_displayed, "its stop button")
        self.wait(lambda: self.line("#plot-training"), "its curve", 30)
        live = self.line("#plot-training")
        self.wait(lambda: self.line("#plot-training") != live, "its curve to go on", 30)
        self.picture("training-live")
        self.find("#run-stop").click()
        self.wait(lambda: self.find("#run-resume").is_displayed(), "its resume button", 30)
        step = self.text("#run-facts")
        self.find("#run-resume").click()
        self.wait(lambda: self.find("#run-stop").is_displayed(), "its stop button", 30)
        self.wait(lambda: self.text("#run-facts") != step, "its steps to go on", 30)
        self.find("#run-stop").click()
        self.wait(lambda: self.find("#run-resume").is_displayed(), "the end", 30)
        # Beside another.
        self.find('#run-list [data-run="runs/first"]').click()
        self.wait(lambda: len(self.all("#comparison tbody tr")) == 2, "the comparison")
        self.picture("training-compared")
        # Its report is saved as a file, as links cannot carry the token.
        self.assertIn("<svg", self.downloaded("#report", "report.html"))


class TokenTests(unittest.TestCase):
    def setUp(self):
        another_tab()

    def isDrawn(self):
        WebDriverWait(page, 10).until(lambda page: page.execute_script(
            "return document.documentElement.dataset.draws"))

    def test_without_the_token_it_says_what_to_do(self):
        page.get(server.origin)
        form = WebDriverWait(page, 10).until(
            lambda page: page.find_element(By.ID, "needs-token"))
        WebDriverWait(page, 10).until(lambda page: form.is_displayed())
        self.assertIn("bvp serve", form.text)
        field = page.find_element(By.ID, "token-value")
        field.send_keys("nonsense", Keys.ENTER)
        self.assertEqual(field.get_attribute("aria-invalid"), "true")
        field.clear()
        field.send_keys(server.address, Keys.ENTER)
        self.isDrawn()

    def test_the_token_leaves_the_address(self):
        page.get(server.address)
        self.isDrawn()
        self.assertNotIn(server.token, page.current_url)
        self.assertNotIn(server.token, page.execute_script("return document.cookie"))
        self.assertEqual(page.get_cookies(), [])
        self.assertNotIn(server.token, page.execute_script(
            "return JSON.stringify(localStorage)"))
        page.refresh()
        self.isDrawn()
        # An address with the token and a view, opened where the page is open.
        page.get(f"{server.origin}/#token={server.token}&datasets?path=data.safetensors")
        WebDriverWait(page, 10).until(
            lambda page: page.find_element(By.ID, "view-datasets").is_displayed())
        self.assertNotIn(server.token, page.current_url)
        page.back()
        self.assertNotIn(server.token, page.current_url)

    def test_another_server_of_the_host_hears_nothing(self):
        """The browser that has the token visits one that listens at another port."""
        heard = []
        listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)

        def listen():
            while True:
                try:
                    own, _ = listener.accept()
                except OSError:
                    return
                with own:
                    own.settimeout(2)
                    try:
                        heard.append(own.recv(65536))
                        own.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n"
                                    b"Connection: close\r\n\r\nhi")
                    except OSError:
                        pass
        threading.Thread(target=listen, daemon=True).start()
        page.get(server.address)
        self.isDrawn()
        page.get(f"http://127.0.0.1:{listener.getsockname()[1]}/")
        self.assertTrue(any(b"GET / " in one for one in heard), heard)
        for one in heard:
            self.assertNotIn(server.token.encode(), one)
            self.assertNotIn(b"cookie", one.lower())


class PrefixTests(unittest.TestCase):
    """The page where a proxy has it under a path, at another port."""

    def test_behind_a_proxy(self):
        another_tab()
        gate = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(gate.close)

        def pump(source, target):
            try:
                while data := source.recv(65536):
                    target.sendall(data)
                target.shutdown(socket.SHUT_WR)
            except OSError:
                pass

        def forward():
            while True:
                try:
                    own, _ = gate.accept()
                except OSError:
                    return
                other = socket.create_connection((server.host, server.port))
                for pair in ((own, other), (other, own)):
                    threading.Thread(target=pump, args=pair, daemon=True).start()
        threading.Thread(target=forward, daemon=True).start()
        port = gate.getsockname()[1]
        for path in ("/", f"/node/here/{server.port}/"):
            page.get("about:blank")
            page.get(f"http://localhost:{port}{path}#token={server.token}")
            WebDriverWait(page, 15).until(lambda page: page.execute_script(
                "return document.documentElement.dataset.draws"))
            self.assertTrue(page.current_url.startswith(
                f"http://localhost:{port}{path}#problem"), page.current_url)
            page.execute_script("location.hash = '#training'")
            WebDriverWait(page, 10).until(lambda page: page.find_elements(
                By.CSS_SELECTOR, "#run-list tr"))


if __name__ == "__main__":
    unittest.main()
