"""Draw the pictures of the sample newsroom: flat landscapes, the same at every run.

Run it as ``python samples/make_images.py [FOLDER]``; it needs Pillow. Each scene is drawn four times as
large as its larger size and shrunk, which is all the smoothing it gets.
"""

import math
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

from PIL import Image, ImageDraw

SIZES = ((640, 420), (320, 210))
GRAIN = 2  # how much larger a scene is drawn than it is kept
W, H = SIZES[0][0] * GRAIN, SIZES[0][1] * GRAIN

Draw = ImageDraw.ImageDraw
Scene = Callable[[Draw, Random], None]


def bands(draw: Draw, top: int, bottom: int, colours: list[str]) -> None:
    """Paint a stretch of sky or sea in even stripes."""
    step = (bottom - top) / len(colours)
    for row, colour in enumerate(colours):
        draw.rectangle((0, top + row * step, W, top + (row + 1) * step), fill=colour)


def disc(draw: Draw, x: float, y: float, radius: float, colour: str) -> None:
    """Paint a sun, a moon or a lamp."""
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)


def ridge(draw: Draw, random: Random, level: float, height: float, colour: str) -> None:
    """Paint a range of hills from its crest down to the lower edge."""
    waves = [(random.uniform(0.5, 3.2), random.uniform(0, 6.3), random.uniform(0.2, 1)) for _ in range(4)]
    crest = [
        (x, level - height * sum(a * math.sin(f * x / W * 6.3 + p) for f, p, a in waves) / 2)
        for x in range(0, W + 8, 8)
    ]
    draw.polygon([*crest, (W, H), (0, H)], fill=colour)


def ripples(draw: Draw, random: Random, top: int, colour: str, count: int = 26) -> None:
    """Paint the short strokes that make a flat surface look like water."""
    for _ in range(count):
        x, y, length = random.randrange(W), random.randrange(top + 10, H - 10), random.randrange(40, 170)
        draw.rounded_rectangle((x, y, x + length, y + 5), 2, fill=colour)


def boat(draw: Draw, x: int, y: int, size: float, hull: str, sail: str | None = None) -> None:
    """Paint a boat whose waterline is at y; with a sail, or with a cabin."""
    draw.polygon(
        [
            (x, y),
            (x + 120 * size, y),
            (x + 145 * size, y - 32 * size),
            (x - 20 * size, y - 32 * size),
        ],
        fill=hull,
    )
    if sail:
        mast = x + 55 * size
        draw.polygon(
            [(mast, y - 38 * size), (mast, y - 190 * size), (mast + 80 * size, y - 38 * size)], fill=sail
        )
        draw.polygon(
            [
                (mast - 8 * size, y - 38 * size),
                (mast - 8 * size, y - 150 * size),
                (x - 8 * size, y - 38 * size),
            ],
            fill=sail,
        )
    else:
        draw.rectangle((x + 20 * size, y - 66 * size, x + 78 * size, y - 32 * size), fill="#f6efe2")
        draw.rectangle((x + 30 * size, y - 58 * size, x + 66 * size, y - 44 * size), fill="#36566f")


def towers(draw: Draw, random: Random, base: int, colours: list[str], window: str | None = None) -> None:
    """Paint a row of houses along a line, with lit windows if a colour is given."""
    x = -20
    while x < W:
        width, height = random.randrange(60, 130), random.randrange(90, 330)
        draw.rectangle((x, base - height, x + width, base), fill=random.choice(colours))
        lit = [
            (x + 14 + 26 * i, base - height + 18 + 34 * j)
            for i in range((width - 20) // 26)
            for j in range((height - 24) // 34)
        ]
        for left, top in lit if window else ():
            if random.random() < 0.45:
                draw.rectangle((left, top, left + 11, top + 16), fill=window)
        x += width + random.randrange(4, 18)


def harbour(draw: Draw, random: Random) -> None:
    """Paint an anchorage in the morning."""
    bands(draw, 0, 490, ["#f9d9b0", "#f8cfa2", "#f4c195", "#efb48c"])
    disc(draw, 930, 260, 84, "#fff1cf")
    ridge(draw, random, 430, 90, "#8e9fb0")
    ridge(draw, random, 480, 50, "#6d8498")
    bands(draw, 480, H, ["#5d8aa0", "#4f7d95", "#437189", "#39657d"])
    ripples(draw, random, 500, "#86b0bf")
    boat(draw, 220, 640, 1.5, "#b5483c", "#fbf4e6")
    boat(draw, 690, 580, 1.0, "#2f4558", "#f2dfc0")
    boat(draw, 960, 720, 1.4, "#d99a3d")


def breakwater(draw: Draw, random: Random) -> None:
    """Paint a long wall with blocks, and weather behind it."""
    bands(draw, 0, 430, ["#b9c8d2", "#c4d1d8", "#d0dade", "#dce3e3"])
    bands(draw, 430, H, ["#6c8f9e", "#5b8191", "#4c7385", "#3f6678"])
    ripples(draw, random, 440, "#a6c2cb", 34)
    draw.polygon([(0, 560), (930, 452), (1010, 452), (1010, 482), (0, 690)], fill="#8b8a83")
    draw.polygon([(0, 560), (930, 452), (1010, 452), (0, 590)], fill="#aaa89e")
    for i in range(30):
        x = i * 33
        disc(
            draw,
            x,
            690 - i * 6.9 + random.randrange(-6, 6),
            46 - i,
            random.choice(["#6f6e69", "#7a7973", "#62625e"]),
        )
    draw.polygon([(940, 452), (955, 290), (985, 290), (1000, 452)], fill="#c4473a")
    draw.rectangle((948, 350, 992, 385), fill="#f7f2e6")
    draw.rectangle((952, 262, 988, 292), fill="#f3d06b")


def lighthouse(draw: Draw, random: Random) -> None:
    """Paint a lamp over the sea at dusk."""
    bands(draw, 0, 560, ["#2b3a5c", "#3c4a6e", "#5b5f83", "#86759a", "#b98ca0", "#e0a798"])
    draw.polygon([(470, 250), (W, 60), (W, 330)], fill="#8f83a3")
    bands(draw, 560, H, ["#34506c", "#2c4660", "#253c54"])
    ripples(draw, random, 570, "#5f7d97")
    draw.polygon([(0, 640), (180, 560), (460, 540), (640, 620), (760, H), (0, H)], fill="#1e2c3a")
    draw.polygon([(395, 560), (420, 290), (480, 290), (505, 560)], fill="#f4ede0")
    for top in (350, 450):
        draw.polygon(
            [
                (414 - (top - 350) / 12, top),
                (486 + (top - 350) / 12, top),
                (490 + (top - 350) / 12, top + 45),
                (410 - (top - 350) / 12, top + 45),
            ],
            fill="#b9453b",
        )
    draw.rectangle((408, 272, 492, 292), fill="#1e2c3a")
    draw.rectangle((424, 220, 476, 272), fill="#ffe29a")
    draw.polygon([(414, 222), (450, 176), (486, 222)], fill="#b9453b")


def ferry(draw: Draw, random: Random) -> None:
    """Paint a ferry under way."""
    bands(draw, 0, 500, ["#a9d3e4", "#bbdde8", "#cde6ea", "#e0efea"])
    for x, y in ((180, 130), (250, 115), (320, 135), (860, 190), (930, 172), (1000, 192)):
        disc(draw, x, y, 46, "#f6fafa")
    ridge(draw, random, 480, 70, "#7fa898")
    bands(draw, 500, H, ["#3f8fa8", "#378299", "#2f758b", "#28687d"])
    ripples(draw, random, 640, "#8cc3d1", 24)
    draw.polygon([(230, 540), (1090, 540), (1020, 650), (290, 650)], fill="#1f4a66")
    draw.rectangle((245, 525, 1075, 548), fill="#e8b23f")
    draw.rectangle((300, 440, 990, 526), fill="#fbf7ee")
    draw.rectangle((400, 370, 860, 440), fill="#f1ebdd")
    for x in range(330, 960, 62):
        draw.rounded_rectangle((x, 464, x + 38, 496), 8, fill="#4d7f97")
    for x in range(430, 830, 62):
        draw.rectangle((x, 390, x + 40, 416), fill="#4d7f97")
    draw.rectangle((560, 290, 640, 370), fill="#c8503f")
    draw.rectangle((560, 308, 640, 328), fill="#fbf7ee")


def skyline(draw: Draw, random: Random) -> None:
    """Paint a town by the water at night."""
    bands(draw, 0, 600, ["#141d33", "#1a2540", "#22304f", "#2d3d5f", "#3b4d70"])
    disc(draw, 1010, 150, 60, "#f3ecd2")
    disc(draw, 985, 138, 52, "#1a2540")
    towers(draw, random, 600, ["#2a3654", "#313f60"], None)
    towers(draw, random, 620, ["#18223a", "#1d2942"], "#f2c869")
    bands(draw, 620, H, ["#10192b", "#131e33"])
    ripples(draw, random, 630, "#c59f55", 16)


def terraces(draw: Draw, random: Random) -> None:
    """Paint tea fields on a slope."""
    bands(draw, 0, 450, ["#e7f0ea", "#dcebe3", "#d2e6dc"])
    ridge(draw, random, 300, 90, "#a9c7b6")
    ridge(draw, random, 360, 70, "#86b094")
    for row, colour in enumerate(["#6f9f6a", "#5f925c", "#548650", "#4a7a47", "#406e3f", "#376337"]):
        level = 400 + row * 72
        curve = [(x, level + 42 * math.sin(x / 260 + row * 0.55)) for x in range(0, W + 10, 10)]
        draw.polygon([*curve, (W, H), (0, H)], fill=colour)
        for x in range(20 + row * 11, W, 64):
            disc(draw, x, level + 40 + 42 * math.sin(x / 260 + row * 0.55), 17, "#7db36a")
    disc(draw, 250, 150, 62, "#fbf3d6")


def bridge(draw: Draw, random: Random) -> None:
    """Paint a hanging bridge across a river."""
    bands(draw, 0, 590, ["#f0e3d6", "#eedbcb", "#eacfbd", "#e4c1af"])
    ridge(draw, random, 470, 110, "#b59a9a")
    ridge(draw, random, 540, 50, "#8f7b84")
    bands(draw, 580, H, ["#7f97a3", "#718b98", "#64808d"])
    ripples(draw, random, 600, "#a9bcc3")
    for x in (330, 930):
        draw.rectangle((x, 190, x + 34, 660), fill="#7c2f2b")
    cable = [(x, 200 + 230 * (1 - ((x - 647) / 300) ** 2)) for x in range(347, 948, 12)]
    draw.line(cable, fill="#7c2f2b", width=9)
    draw.line([(0, 470), (347, 200)], fill="#7c2f2b", width=9)
    draw.line([(947, 200), (W, 470)], fill="#7c2f2b", width=9)
    for x, y in cable[::3]:
        draw.line([(x, y), (x, 500)], fill="#9a5751", width=4)
    draw.rectangle((0, 495, W, 522), fill="#5e2522")


def pitch(draw: Draw, random: Random) -> None:
    """Paint a football ground before the match."""
    bands(draw, 0, 300, ["#cfe3ee", "#dbeaf0", "#e8f1f1"])
    draw.rectangle((0, 230, W, 330), fill="#5d6b7a")
    for x in range(10, W, 26):
        for y in (250, 276, 302):
            disc(draw, x + (y % 4) * 5, y, 9, random.choice(["#d5604c", "#f0d9a8", "#3d4a58", "#e9e4d8"]))
    bands(draw, 330, H, ["#5c9a4e", "#529046", "#5c9a4e", "#529046", "#5c9a4e", "#529046"])
    draw.line([(640, 340), (640, H)], fill="#eef4e8", width=7)
    draw.ellipse((430, 480, 850, 690), outline="#eef4e8", width=7)
    draw.line([(0, 346), (W, 346)], fill="#eef4e8", width=7)
    for left in (70, 1090):
        draw.rectangle((left, 390, left + 120, 398), fill="#ffffff")
        draw.rectangle((left, 390, left + 8, 480), fill="#ffffff")
        draw.rectangle((left + 112, 390, left + 120, 480), fill="#ffffff")
    disc(draw, 640, 590, 20, "#fdfdf8")


def star(draw: Draw, x: float, y: float, size: float, turn: float, colour: str) -> None:
    """Paint a starfish."""
    points = []
    for i in range(10):
        angle, radius = turn + i * math.pi / 5, size if i % 2 == 0 else size * 0.42
        points.append((x + radius * math.cos(angle), y + radius * math.sin(angle)))
    draw.polygon(points, fill=colour)


def tidepool(draw: Draw, random: Random) -> None:
    """Paint what stays between the rocks at low tide."""
    draw.rectangle((0, 0, W, H), fill="#6b6f6a")
    for _ in range(60):
        disc(
            draw,
            random.randrange(W),
            random.randrange(H),
            random.randrange(30, 90),
            random.choice(["#767a74", "#5f635f", "#82867e"]),
        )
    draw.ellipse((150, 120, 1140, 740), fill="#2f7f86")
    draw.ellipse((190, 150, 1100, 700), fill="#3a929a")
    draw.ellipse((260, 200, 1030, 640), fill="#48a5ab")
    star(draw, 520, 400, 120, 0.3, "#e58a4a")
    star(draw, 790, 520, 86, 1.0, "#f0b35b")
    star(draw, 760, 290, 60, 0.1, "#d96f6f")
    for _ in range(40):
        disc(
            draw, random.randrange(280, 1010), random.randrange(230, 620), random.randrange(5, 12), "#bfe3dd"
        )


def books(draw: Draw, random: Random) -> None:
    """Paint shelves and a lamp."""
    draw.rectangle((0, 0, W, H), fill="#efe3cf")
    colours = ["#a3443a", "#2f5d62", "#d0953c", "#3c4a6b", "#75814a", "#8a5a78", "#5b4636"]
    for shelf in (260, 520, 780):
        x = 40
        while x < 900:
            width, height = random.randrange(24, 58), random.randrange(130, 205)
            draw.rectangle((x, shelf - height, x + width, shelf), fill=random.choice(colours))
            draw.rectangle((x + 6, shelf - height + 24, x + width - 6, shelf - height + 36), fill="#efe3cf")
            x += width + 4
        draw.rectangle((20, shelf, 930, shelf + 18), fill="#7b5636")
    draw.polygon([(1020, 250), (1190, 250), (1150, 150), (1060, 150)], fill="#d9a441")
    draw.rectangle((1098, 250, 1112, 760), fill="#4a3728")
    draw.ellipse((1030, 750, 1180, 786), fill="#4a3728")


def clock(draw: Draw, random: Random) -> None:
    """Paint a clock maker's wall."""
    draw.rectangle((0, 0, W, H), fill="#37474a")
    for x, y, radius in (
        (330, 400, 230),
        (800, 250, 140),
        (1060, 500, 110),
        (720, 620, 120),
        (1080, 180, 70),
    ):
        disc(draw, x, y, radius, "#b5894a")
        disc(draw, x, y, radius * 0.88, "#f7f0df")
        for hour in range(12):
            angle = hour * math.pi / 6
            disc(
                draw,
                x + 0.74 * radius * math.cos(angle),
                y + 0.74 * radius * math.sin(angle),
                radius * 0.04,
                "#37474a",
            )
        for reach, thick in ((0.45, 12), (0.66, 7)):
            angle = random.uniform(0, 6.28)
            draw.line(
                [(x, y), (x + reach * radius * math.cos(angle), y + reach * radius * math.sin(angle))],
                fill="#7c2f2b",
                width=thick,
            )
        disc(draw, x, y, radius * 0.06, "#7c2f2b")


def marsh(draw: Draw, random: Random) -> None:
    """Paint reeds, a creek and some birds."""
    bands(draw, 0, 400, ["#d7dfe6", "#e0e4e3", "#ebe8dc", "#f3e7cd"])
    bands(draw, 400, H, ["#b3b78a", "#a3a97b", "#93996c", "#83895f"])
    creek = [(560, 400), (640, 400), (760, 520), (560, 640), (900, H), (240, H), (380, 640), (640, 520)]
    draw.polygon(creek, fill="#8fb0bd")
    for _ in range(170):
        x, y = random.randrange(W), random.randrange(430, H)
        if not 300 < x < 860:
            draw.line(
                [(x, y), (x + random.randrange(-18, 18), y - random.randrange(40, 110))],
                fill=random.choice(["#6d7349", "#7d8353", "#c2a96a"]),
                width=6,
            )
    for x, y in ((300, 150), (390, 190), (470, 140), (820, 110), (900, 150)):
        draw.arc((x, y, x + 50, y + 34), 200, 340, fill="#4c5560", width=6)
        draw.arc((x + 44, y, x + 94, y + 34), 200, 340, fill="#4c5560", width=6)


def code(draw: Draw, random: Random) -> None:
    """Paint the square of dots that asks for a telephone; it says nothing."""
    draw.rectangle((0, 0, W, H), fill="#ffffff")
    cell, left, top = 28, (W - 25 * 28) // 2, (H - 25 * 28) // 2
    for i in range(25):
        for j in range(25):
            if random.random() < 0.5:
                draw.rectangle(
                    (left + i * cell, top + j * cell, left + (i + 1) * cell - 1, top + (j + 1) * cell - 1),
                    fill="#222222",
                )
    for i, j in ((0, 0), (18, 0), (0, 18)):
        for inset, colour in ((0, "#222222"), (1, "#ffffff"), (2, "#222222")):
            draw.rectangle(
                (
                    left + (i + inset) * cell,
                    top + (j + inset) * cell,
                    left + (i + 7 - inset) * cell,
                    top + (j + 7 - inset) * cell,
                ),
                fill=colour,
            )


SCENES: dict[str, Scene] = {
    "harbour.jpg": harbour,
    "breakwater.jpg": breakwater,
    "lighthouse.jpg": lighthouse,
    "ferry.jpg": ferry,
    "skyline.jpg": skyline,
    "terraces.jpg": terraces,
    "bridge.jpg": bridge,
    "pitch.jpg": pitch,
    "tidepool.jpg": tidepool,
    "marsh.jpg": marsh,
    "books.png": books,
    "clock.png": clock,
    "code.png": code,
}


def paint(name: str) -> Image.Image:
    """Return one scene, at its full drawing size."""
    canvas = Image.new("RGB", (W, H))
    SCENES[name](ImageDraw.Draw(canvas), Random(name))
    return canvas


def files() -> Iterator[tuple[str, Image.Image]]:
    """Yield every picture with the path it is kept under: its width in pixels, then its name."""
    for name in SCENES:
        scene = paint(name)
        for size in SIZES:
            yield f"{size[0]}/{name}", scene.resize(size, Image.Resampling.LANCZOS)


def save(picture: Image.Image, path: Path) -> None:
    """Write a picture small: JPEG as it is, PNG with few colours."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".png":
        picture.quantize(32, dither=Image.Dither.NONE).save(path, optimize=True)
    else:
        picture.save(path, quality=74, optimize=True, progressive=True)


def main(folder: Path) -> None:
    """Write all pictures below the folder."""
    for name, picture in files():
        save(picture, folder / name)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "images")
