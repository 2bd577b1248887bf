"""Takes the README's pictures of the page: every view, in both themes.

    .build/page-env/bin/python scripts/page/pictures.py figures/page

The workspace has the checkpoints that ship, a dataset of 1,000 samples and two small
trainings. BVP is the command (.build/release/bvp)."""
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import api
import test_browser

REPOSITORY = Path(__file__).resolve().parents[2]
VIEWS = {
    "problem": "#problem?equation=reaction-diffusion&seed=201&index=3&nodes=64",
    "solvers": "#solvers?equation=diffusion&seed=201&index=3&nodes=64&level=0.001"
               "&solvers=lu,tikhonov,checkpoints/diffusion.safetensors,"
               "checkpoints/diffusion-noise.safetensors",
    "datasets": "#datasets?path=datasets/test.safetensors&sample=3",
    "training": "#training?run=runs/wide&run=runs/narrow",
}


def workspace(folder):
    """What there is to see."""
    (folder / "checkpoints").mkdir()
    for path in (REPOSITORY / "checkpoints").glob("*diffusion*.safetensors"):
        (folder / "checkpoints" / path.name).write_bytes(path.read_bytes())
    (folder / "datasets").mkdir()

    def bvp(*arguments):
        subprocess.run(
            [api.BVP, *arguments, "--quiet"], cwd=folder, check=True,
            stdout=subprocess.DEVNULL)

    bvp("generate", "diffusion", "--samples", "1000", "--seed", "201",
        "--output", "datasets/test.safetensors")
    for name, width in [("narrow", "16"), ("wide", "48")]:
        bvp("pretrain", "diffusion", "--online", "--steps", "400", "--width", width,
            "--depth", "3", "--heads", "2", "--evaluate-every", "20",
            "--output", f"runs/{name}")


def main(output):
    output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "experiments"
        folder.mkdir()
        workspace(folder)
        with api.Server(folder) as server:
            page = test_browser.browser()
            page.set_window_size(1280, 1180)
            page.get(server.address)
            for theme in ["light", "dark"]:
                page.execute_script(
                    "localStorage.setItem('bvp-theme', arguments[0])", theme)
                for view, fragment in VIEWS.items():
                    page.get("about:blank")
                    page.get(f"{server.origin}/{fragment}")
                    time.sleep(12 if view == "solvers" else 4)
                    page.save_screenshot(str(output / f"{view}-{theme}.png"))
            page.quit()


main(Path(sys.argv[1] if len(sys.argv) > 1 else REPOSITORY / "figures/page"))
