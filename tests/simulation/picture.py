"""Picture: the curves of the orders as an SVG, for docs/pictures/questions.svg.

``python -m tests.simulation.picture 1000 docs/pictures/questions.svg`` simulates so many people on
each of the two catalogues, prints the curves and draws them. It takes some twenty minutes.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tests.simulation.orders import STEPS, at_random, curve, fixed, foreseen, planned
from tests.simulation.test_orders import DRAWN, printed, world

ORDERS = {"planned": planned, "form": fixed, "random": at_random, "foreseen": foreseen}
PANELS = {"Sample catalogue": 0, f"{DRAWN} drawn studies": DRAWN}
NAMES = {
    "planned": "in the planner's order",
    "form": "in the order of the form",
    "random": "in a random order",
    "foreseen": "if the answers were known beforehand",
}
WIDTH, HEIGHT = 300, 220
LEFT, TOP, BETWEEN = 50, 52, 70
STYLE = """
  svg { color: #1b1b1b; background: #ffffff; font: 13px system-ui, sans-serif; }
  .line { fill: none; stroke: currentColor; stroke-width: 1.6; }
  .planned { color: #00616d; stroke-width: 3.2; }
  .form { stroke-dasharray: 8 4; }
  .random { stroke-dasharray: 2 4; }
  .foreseen { stroke: currentColor; stroke-width: 1; opacity: .55; }
  .grid { stroke: currentColor; opacity: .18; }
  text { fill: currentColor; }
  .head { font-weight: 600; }
  @media (prefers-color-scheme: dark) {
    svg { color: #f0f0f0; background: #16191c; }
    .planned { color: #6fd3df; }
  }
"""

Curves = Mapping[str, list[float]]


def drawn(panels: Mapping[str, Curves], *, people: int) -> str:
    """The whole picture."""
    width = LEFT + len(panels) * (WIDTH + BETWEEN)
    height = TOP + HEIGHT + 150
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img"'
        ' aria-labelledby="title desc">',
        '<title id="title">How soon the best studies are found</title>',
        f'<desc id="desc">{_told(panels, people)}</desc>',
        f"<style>{STYLE}</style>",
    ]
    for number, (name, curves) in enumerate(panels.items()):
        parts.append(f'<g transform="translate({LEFT + number * (WIDTH + BETWEEN)} {TOP})">')
        parts += _panel(name, curves)
        parts.append("</g>")
    parts += _legend(TOP + HEIGHT + 62)
    return "\n".join([*parts, "</svg>", ""])


def _panel(name: str, curves: Curves) -> Iterator[str]:
    yield f'<text class="head" x="0" y="-30">{name}</text>'
    yield '<text x="0" y="-12">of the five best studies found</text>'
    for percent in (0, 25, 50, 75, 100):
        y = HEIGHT * (1 - percent / 100)
        yield f'<line class="grid" x1="0" x2="{WIDTH}" y1="{y:.0f}" y2="{y:.0f}"/>'
        yield f'<text x="-8" y="{y + 4:.0f}" text-anchor="end">{percent}%</text>'
    for step in range(0, STEPS + 1, 2):
        x = _x(step)
        yield f'<text x="{x:.0f}" y="{HEIGHT + 18}" text-anchor="middle">{step}</text>'
    yield f'<text x="{WIDTH / 2:.0f}" y="{HEIGHT + 38}" text-anchor="middle">answers</text>'
    for order, curve_ in curves.items():
        points = " ".join(f"{_x(n):.1f},{HEIGHT * (1 - s):.1f}" for n, s in enumerate(curve_))
        yield f'<polyline class="line {order}" points="{points}"/>'


def _legend(y: int) -> Iterator[str]:
    for number, (order, name) in enumerate(NAMES.items()):
        here = y + number * 21
        yield f'<line class="line {order}" x1="{LEFT}" x2="{LEFT + 44}" y1="{here}" y2="{here}"/>'
        yield f'<text x="{LEFT + 54}" y="{here + 4}">{name}</text>'


def _x(step: int) -> float:
    return WIDTH * step / STEPS


def _told(panels: Mapping[str, Curves], people: int) -> str:
    """The picture in words."""
    said = [f"The mean of {people} simulated people."]
    for name, curves in panels.items():
        figures = ", ".join(
            f"{curve_[6] * 100:.0f} % {NAMES[order]}" for order, curve_ in curves.items()
        )
        said.append(f"{name}: after six answers {figures}.")
    return " ".join(said)


def simulated(panel: str, people: int) -> Curves:
    """All curves of one catalogue; each is printed once it is known."""
    curves = {}
    for order, choose in ORDERS.items():
        found, count = curve(world(PANELS[panel]), choose, range(people))
        print(f"{panel:18}", printed(order, found), count, flush=True)
        curves[order] = [round(float(share), 4) for share in found]
    return curves


def main(people: int, path: Path) -> None:
    """Simulate, on a processor for each catalogue, print and draw."""
    with ProcessPoolExecutor(len(PANELS)) as pool:
        jobs = {panel: pool.submit(simulated, panel, people) for panel in PANELS}
    panels = {panel: job.result() for panel, job in jobs.items()}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(drawn(panels, people=people), encoding="utf-8")


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
