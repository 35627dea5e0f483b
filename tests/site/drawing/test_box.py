"""A reader using the box: with mouse, finger, keyboard or screen reader, and in different colours."""

import colorsys
import itertools
import math
import os
import re
import sys
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from tensorbook.drawings import load_drawing

ROOT = Path(__file__).parents[3]
WAYS = [
    {"scale": 1, "right": 8, "down": -6},
    {"scale": 0.7, "right": -40, "down": 28},
    {"scale": 0.5, "right": 55, "down": 50},
]
# What the bars show when the pen's event has been handled, and whether anything moves them after that.
FOLLOWED = """() => {
  window.shown = [];
  window.late = 0;
  const fills = Array.from(document.querySelectorAll(".tb-draw__fill"));
  const bars = () => fills.map((fill) => fill.style.transform).join();
  addEventListener("pointermove", (event) => {
    if (event.buttons && shown.length && shown.at(-1) !== bars()) late++;
  }, { capture: true });
  addEventListener("pointermove", (event) => { if (event.buttons) shown.push(bars()); });
  addEventListener("pointerdown", () => shown.push(bars()));
}"""


@pytest.fixture
def predicted(processes):
    """Run ``tensorbook predict`` on a picture; return the class and its probability."""

    def predict(path):
        command = [sys.executable, "-m", "tensorbook", "predict", path]
        environment = {**os.environ, "TENSORBOOK_MNIST": "sample"}
        printed = processes.run(command, check=True, cwd=ROOT, env=environment).stdout
        digit, probability = re.search(r": (\d) \(probability ([\d.]+)", printed).groups()
        return int(digit), float(probability)

    return predict


def test_thirty_drawings_by_pointer_are_recognised(open_box, strokes, every):
    """During the day, every third drawing: each digit in one of the three ways."""
    box = open_box().wait_until_ready()
    drawings = [(way, digit) for way in WAYS for digit in range(10)][:: every(3)]
    said = []
    for way, digit in drawings:
        box.press("Clear")
        box.draw(strokes[digit], **way)
        said.append(int(re.match(r"Prediction: (\d)", box.said)[1]))
    assert said == [digit for _, digit in drawings]
    assert set(said) == set(range(10))


def test_the_bars_follow_the_pen_in_the_same_frame(open_box, strokes):
    """The changes are painted in the same frame as the pen's event. This uses no clock, so it can't fail because of
    load."""
    box = open_box().wait_until_ready()
    box.page.evaluate(FOLLOWED)
    for digit in strokes[2:5]:
        box.press("Clear")
        box.draw(digit, every=2)
    shown, late = box.page.evaluate("[shown, late]")
    assert len(set(shown)) > 30
    assert late == 0


def test_the_bars_move_while_one_draws_and_sum_to_one(open_box, strokes):
    box = open_box().wait_until_ready()
    box.page.evaluate("""() => {
      window.widths = new Set();
      const bars = document.querySelector(".tb-draw__bars");
      const fills = Array.from(bars.querySelectorAll(".tb-draw__fill"));
      const note = () => widths.add(fills.map((fill) => fill.style.transform).join());
      new MutationObserver(note).observe(bars, { subtree: true, attributeFilter: ["style"] });
    }""")
    box.draw(strokes[5], every=1)
    assert box.page.evaluate("widths.size") > 20
    assert sum(float(share.rstrip("%")) for share in box.shares) == pytest.approx(100, abs=0.6)


def test_show_me_draws_the_ten_digits_one_a_press_and_each_is_read(open_box):
    box = open_box().wait_until_ready()
    for digit in [*range(10), 0]:
        box.press("Show me")
        box.page.wait_for_function(
            "digit => document.querySelector('.tb-draw__said').textContent.includes(`Prediction: ${digit} (`)",
            arg=digit,
        )


def stop_the_clock(box):
    """The page's time advances only when a test says so: frames, timers and `performance.now`."""
    box.page.clock.install(time=datetime(2026, 1, 1, tzinfo=UTC))


def test_show_me_draws_as_a_hand_does_where_motion_is_welcome(open_box):
    box = open_box(reduced_motion="no-preference", setup=stop_the_clock, fresh=True).wait_until_ready()
    box.page.clock.pause_at(datetime(2026, 1, 2, tzinfo=UTC))
    box.press("Show me")
    ink = []
    while "Prediction: 0" not in box.said:
        assert len(ink) < 100, "five seconds of the page's time"
        box.page.clock.run_for(50)
        ink.append(np.count_nonzero(box.seen))
    assert len(set(ink)) > 10


def test_a_digit_of_show_me_makes_room_for_the_reader_s_own(open_box, strokes):
    box = open_box(reduced_motion="no-preference", setup=stop_the_clock, fresh=True).wait_until_ready()
    box.page.clock.pause_at(datetime(2026, 1, 2, tzinfo=UTC))
    box.press("Show me")
    box.page.clock.run_for(300)
    assert np.count_nonzero(box.seen) > 0
    box.draw(strokes[7])
    assert "Prediction: 7" in box.said
    box.page.clock.run_for(3000)
    assert "Prediction: 7" in box.answer


def test_the_picture_of_the_box_says_what_the_box_says_of_the_same_strokes(open_box):
    box = open_box().wait_until_ready()
    for digit in range(4):
        box.press("Show me")  # the digits come in order, once their strokes have been loaded
        box.page.locator(".tb-draw__answer", has_text=f"Prediction: {digit}").wait_for()
    texts = box.page.locator(".tb-still svg text").all_text_contents()
    assert box.answer in texts
    assert [text for text in texts if text.endswith("%")] == box.shares


def test_the_first_page_shows_a_digit_and_its_answer_before_anybody_draws(open_box, strokes):
    box = open_box("", fresh=True)
    box.page.locator(".tb-draw__answer", has_text="Prediction: 3").wait_for()
    stored = (box.answer, box.shares, box.seen)
    assert np.count_nonzero(box.seen) > 50
    assert not [url for url in box.requests if ".safetensors" in url]
    box.wait_until_ready()
    assert (box.answer, box.shares, box.seen) == stored
    box.draw(strokes[7])
    assert "Prediction: 7" in box.said


def test_the_first_answer_goes_when_the_drawing_does(open_box):
    box = open_box("", setup=lambda box: box.page.route("**/*.safetensors*", lambda route: route.abort()))
    box.page.locator(".tb-draw__answer", has_text="Prediction: 3").wait_for()
    box.press("Clear")
    assert (np.count_nonzero(box.seen), box.answer, set(box.shares)) == (0, "Draw a digit.", {""})


def test_undo_takes_back_a_stroke_and_even_a_clear(open_box, strokes):
    box = open_box().wait_until_ready()
    box.draw(strokes[4][:1])
    one = box.seen
    box.draw(strokes[4][1:])
    both = box.seen
    box.press("Clear")
    assert (np.count_nonzero(box.seen), box.answer, set(box.shares)) == (0, "Draw a digit.", {""})
    box.press("Undo")
    assert box.seen == both
    box.press("Undo")
    assert box.seen == one
    box.press("Undo")
    assert (np.count_nonzero(box.seen), box.said) == (0, "The box is empty.")
    box.press("Undo")
    assert box.said == "There is nothing to undo."


def test_the_terminal_says_the_same_of_the_saved_drawing(open_box, predicted, strokes, tmp_path):
    box = open_box(scheme="dark").wait_until_ready()
    box.press("Save as PNG")
    assert box.said == "" or "nothing to save" in box.answer
    box.draw([*strokes[9], strokes[1][0]], scale=0.8, right=20)  # not too clear, so that the probability is informative
    with box.page.expect_download() as download:
        box.press("Save as PNG")
    assert download.value.suggested_filename == "drawing.png"
    download.value.save_as(tmp_path / "drawing.png")
    assert np.abs(load_drawing(tmp_path / "drawing.png") - np.array(box.seen)).max() <= 1
    digit, probability = predicted(tmp_path / "drawing.png")
    assert box.answer.startswith(f"Prediction: {digit} (")
    assert float(box.shares[digit].rstrip("%")) / 100 == pytest.approx(probability, abs=0.002)


def test_by_keyboard_alone_a_digit_is_drawn_undone_and_drawn_again(open_box):
    box = open_box("2-network/#draw-one-yourself")
    press = box.page.keyboard.press
    box.page.locator(".tb-draw__canvas").wait_for()  # it is built when it is one screen away
    for _ in range(20):
        press("Tab")
        if box.page.evaluate("document.activeElement.classList.contains('tb-draw__canvas')"):
            break
    box.page.locator(".tb-draw--ready").wait_for()
    before = box.page.evaluate("scrollY")

    def one():
        for _ in range(9):
            press("ArrowUp")
        press("Space")
        for _ in range(18):
            press("ArrowDown")
        press("Space")

    one()
    assert "Prediction: 1" in box.said
    press("Backspace")
    assert box.said == "The box is empty."
    for _ in range(9):
        press("ArrowUp")
    one()
    assert "Prediction: 1" in box.said
    press("Delete")
    assert np.count_nonzero(box.seen) == 0
    assert box.page.evaluate("scrollY") == before
    names = []
    for _ in range(4):
        press("Tab")
        names.append(box.page.evaluate("document.activeElement.textContent"))
    assert names == ["Show me", "Undo", "Clear", "Save as PNG"]


def test_two_arrows_together_draw_at_a_slant(open_box):
    box = open_box().wait_until_ready()
    box.page.locator(".tb-draw__canvas").focus()
    keyboard = box.page.keyboard
    keyboard.press("Space")
    keyboard.down("ArrowRight")
    for _ in range(8):
        keyboard.press("ArrowDown")
    keyboard.up("ArrowRight")
    keyboard.press("Space")
    rows, columns = np.nonzero(np.array(box.seen) > 128)
    assert np.corrcoef(rows, columns)[0, 1] > 0.9


def test_those_who_listen_hear_the_result_once_the_pen_rests_and_not_before(open_box, strokes):
    box = open_box().wait_until_ready()
    box.page.evaluate("""() => {
      window.heard = [];
      const said = document.querySelector(".tb-draw__said");
      new MutationObserver(() => heard.push(said.textContent)).observe(said, { childList: true });
    }""")
    box.draw(strokes[3])
    heard = box.page.evaluate("heard")
    assert len(heard) == 1
    assert re.fullmatch(r"Prediction: 3 \((only )?[\d.]+%\)\..*", heard[0])
    assert box.page.locator(".tb-draw__said").get_attribute("role") == "status"


def test_a_finger_draws_and_the_page_stays(open_box, strokes):
    box = open_box(width=360, height=640, has_touch=True, is_mobile=True)
    box.page.locator(".tb-draw__canvas").evaluate("canvas => canvas.scrollIntoView({ block: 'center' })")
    before = box.page.evaluate("scrollY")
    edges = box.page.locator(".tb-draw__canvas").bounding_box()
    send = box.context.new_cdp_session(box.page).send
    for x, y in strokes[1][0]:
        point = {"x": edges["x"] + x * edges["width"] / 280, "y": edges["y"] + y * edges["height"] / 280}
        kind = "touchStart" if [x, y] == strokes[1][0][0] else "touchMove"
        send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})
    send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    box.page.locator(".tb-draw--ready").wait_for()
    assert "Prediction: 1" in box.answer
    assert box.page.evaluate("scrollY") == before


def test_axe_finds_nothing_in_the_box(open_box, strokes, axe):
    box = open_box()
    for state in ("empty", "answered"):
        if state == "answered":
            box.wait_until_ready().draw(strokes[2])
        for width, scheme in itertools.product((360, 1280), ("light", "dark")):
            box.page.set_viewport_size({"width": width, "height": 800})
            box.page.emulate_media(color_scheme=scheme)
            found = axe.run(box.page, context=".tb-draw", options={"resultTypes": ["violations"]}).response
            assert found["violations"] == [], (state, width, scheme)
            assert box.page.evaluate("document.documentElement.scrollWidth") <= width


def test_with_high_contrast_ink_bars_and_pictures_are_still_seen(open_box, strokes):
    box = open_box(forced_colors="active").wait_until_ready()
    box.draw(strokes[2])
    track, fill = (
        box.page.locator(f".tb-draw__bar--best .tb-draw__{part}").evaluate("e => getComputedStyle(e).backgroundColor")
        for part in ("track", "fill")
    )
    paper, ink = box.page.locator(".tb-draw__canvas").evaluate(
        "e => [getComputedStyle(e.parentElement).backgroundColor, getComputedStyle(e).color]"
    )
    assert math.dist(numbers(track), numbers(fill)) > 60
    assert math.dist(numbers(paper), numbers(ink)) > 200


def numbers(colour):
    return [float(number) for number in re.findall(r"[\d.]+", colour)[:3]]


SEEN = """() => {
  const colour = (element) => getComputedStyle(element).color.match(/\\d+/g).slice(0, 3).map(Number);
  // Each colour, and how many pixels have it.
  const read = (selector) => {
    const counts = new Map();
    for (const canvas of document.querySelectorAll(selector)) {
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      for (let i = 0; i < data.length; i += 4) {
        if (data[i + 3] <= 127) continue; // hardly visible
        const colour = data.subarray(i, i + 3).join();
        counts.set(colour, (counts.get(colour) ?? 0) + 1);
      }
    }
    return Array.from(counts, ([colour, count]) => [...colour.split(",").map(Number), count]);
  };
  return {
    named: [".tb-draw__wanted", ".tb-draw__unwanted"].map((word) => colour(document.querySelector(word))),
    units: read(".tb-draw__units canvas"),
    ink: read(".tb-draw__canvas"),
  };
}"""


def hue(colour):
    return 360 * colorsys.rgb_to_hsv(*(part / 255 for part in colour))[0]


def test_what_is_drawn_has_the_colours_that_the_caption_names_in_both_schemes(open_box, strokes):
    box = open_box().wait_until_ready()
    box.draw(strokes[0])
    answer, light = box.answer, box.page.evaluate(SEEN)
    box.page.get_by_role("button", name="Dark scheme").click()
    box.page.wait_for_function("document.body.dataset.mdColorScheme === 'slate'")
    dark = box.page.evaluate(SEEN)
    for seen in (light, dark):
        (blue, orange), units = seen["named"], np.array(seen["units"])
        counts = units[:, 3]
        assert 210 < hue(blue) < 260
        assert 10 < hue(orange) < 40
        near = [np.abs(units[:, :3] - colour).max(axis=1) <= 3 for colour in (blue, orange)]  # opacity rounds them
        assert min(counts[near[0]].sum(), counts[near[1]].sum()) > 50
        assert np.all(near[0] | near[1]), "no pixel has a third colour"
    light_red, dark_red = (
        np.average([pixel[0] for pixel in seen["ink"]], weights=[pixel[3] for pixel in seen["ink"]])
        for seen in (light, dark)
    )
    assert light_red < 60
    assert dark_red > 200
    assert box.answer == answer


SECOND = ".tb-draw__second"


def test_both_networks_are_asked_only_once_the_reader_wants_it(open_box, strokes):
    box = open_box().wait_until_ready()
    both = box.page.get_by_role("button", name="Ask both", exact=True)
    assert both.get_attribute("aria-pressed") == "false"
    assert not box.page.locator(SECOND).is_visible()
    assert not [url for url in box.requests if "handwriting-network.safetensors" in url]
    box.draw(strokes[4])
    both.focus()
    box.page.keyboard.press("Enter")
    box.page.locator(".tb-draw__verdict").filter(has_text="Prediction: 4 (").wait_for()
    assert both.get_attribute("aria-pressed") == "true"
    assert "Prediction: 4" in box.answer
    assert re.fullmatch(r"Prediction: 4 \(.*\)\. .*Handwriting network: 4 \(.*\)\.", box.said)
    shares = box.page.locator(f"{SECOND} .tb-draw__share").all_inner_texts()
    assert sum(float(share.rstrip("%")) for share in shares) == pytest.approx(100, abs=0.6)
    assert len([url for url in box.requests if "handwriting-network.safetensors" in url]) == 1
    box.press("Clear")
    assert box.page.locator(".tb-draw__verdict").text_content() == ""
    assert set(box.page.locator(f"{SECOND} .tb-draw__share").all_inner_texts()) == {""}
    both.click()
    assert not box.page.locator(SECOND).is_visible()
    box.draw(strokes[2])
    assert "Handwriting network" not in box.said


def test_the_second_network_says_when_it_is_not_sure(open_box):
    box = open_box().wait_until_ready()
    box.press("Ask both")
    box.page.locator(f"{SECOND} .tb-draw__verdict").wait_for()
    box.draw([[[60, 60], [220, 220]], [[220, 60], [60, 220]]], every=1)  # a cross is not a digit
    box.page.locator(".tb-draw__verdict").filter(has_text=re.compile("Prediction|Not sure")).wait_for()
    shares = box.page.locator(f"{SECOND} .tb-draw__share").all_inner_texts()
    largest = max(float(share.rstrip("%")) for share in shares)
    said = box.page.locator(".tb-draw__verdict").inner_text()
    assert said.startswith("Prediction: " if largest > 90 else "Not sure: ")
