"""Chapter 9's live figure, compared with `load_drawing`: the same digit from a photo, and the same message for a bad
photo."""

import base64
import io
import os
import re
from urllib.parse import urlsplit

import numpy as np
import pytest
from PIL import Image

from tensorbook.data import DataError, prepare_images
from tensorbook.drawings import EXAMPLE, MAX_PIXELS, load_drawing, prepare_drawing
from tensorbook.example_photo import make_photo
from tensorbook.handwriting_network import trained_handwriting_network
from tensorbook.weights import trained_network

GREY = """([text, width, height]) => {
  const { findInk, cutOut, small, centred } = module;
  const ink = findInk({ values: Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)), width, height });
  return ink && Array.from(centred(small(cutOut(ink.values, ink.width, ink.places))));
}"""
FILES = """async ({ base, files }) => {
  const { prepare } = await import(`${base}javascripts/live/photo.js`);
  const results = [];
  for (const [name, text] of files) {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const prepared = prepare(new File([bytes], name));
    results.push(await prepared.then(({ digit }) => Array.from(digit), (error) => error.message));
  }
  return results;
}"""
ORIENTATION = 0x0112
PHOTO = make_photo()


def encoded(content):
    return base64.b64encode(content).decode("ascii")


def sheets(random, count, digits):
    """Draw sheets with a digit, as cameras see paper: uneven light, noise, dust, lines, chalk on a board."""
    for _ in range(count):
        height, width = random.integers(30, 160, size=2)
        side = int(random.integers(min(20, height, width), min(height, width)))
        digit = Image.fromarray(digits[random.integers(len(digits))]).resize((side, side), Image.Resampling.BICUBIC)
        top, left = random.integers(0, height - side + 1), random.integers(0, width - side + 1)
        sheet = np.full((height, width), float(random.integers(120, 256)))
        sheet[top : top + side, left : left + side] *= 1 - random.uniform(0.5, 1) * np.asarray(digit) / 255
        rows, columns = np.indices(sheet.shape)
        if random.random() < 0.5:
            sheet *= 1 - random.uniform(0, 0.4) * (rows / height + columns / width) / 2
        if random.random() < 0.6:
            sheet += random.normal(0, random.uniform(0, 12), size=sheet.shape)
        if random.random() < 0.4:
            sheet[random.integers(0, height, size=8), random.integers(0, width, size=8)] = 40
        if random.random() < 0.2:
            sheet[:, random.integers(width)] = 60
        if random.random() < 0.3:
            sheet = 255 - sheet
        yield np.clip(np.rint(sheet), 0, 255).astype(np.uint8)


def test_ink_is_found_cut_scaled_and_centred_as_in_python(quiet_page, address, first_digits):
    drawn = [
        *sheets(np.random.default_rng(0), 100, first_digits[0]),
        np.full((50, 40), 200, np.uint8),
        np.eye(3, dtype=np.uint8) * 255,
    ]
    body = f"""async ({{ base, data }}) => {{
      const module = {{
        ...(await import(`${{base}}javascripts/live/find-ink.js`)),
        ...(await import(`${{base}}javascripts/drawing/preparation.js`)),
      }};
      return data.map({GREY});
    }}"""
    data = [(encoded(sheet.tobytes()), sheet.shape[1], sheet.shape[0]) for sheet in drawn]
    for sheet, found in zip(drawn, quiet_page.evaluate(body, {"base": address, "data": data}), strict=True):
        try:
            expected = prepare_drawing(sheet).astype(int)
        except DataError:
            assert found is None
        else:
            assert np.abs(np.reshape(found, (28, 28)) - expected).max() <= 2


def saved(picture, kind, **options):
    content = io.BytesIO()
    Image.fromarray(picture).save(content, kind, **options)
    return content.getvalue()


def turned(orientation):
    """A large photo, taken with the camera held in one of eight ways; its sides are not multiples of the squares."""
    large = np.asarray(Image.fromarray(PHOTO).resize((601, 843), Image.Resampling.BICUBIC))
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    return saved(large, "JPEG", quality=90, exif=exif)


def see_through(ink):
    """A drawing in one colour on a transparent background."""
    with Image.open(EXAMPLE) as image:
        shade = 255 - np.asarray(image.convert("L"))
    return np.dstack([*[np.full_like(shade, ink)] * 3, shade])


def photos():
    with Image.open(EXAMPLE) as image:
        drawing = np.asarray(image.convert("L"))
    return {
        "photo.png": saved(PHOTO, "PNG"),
        "photo.jpg": saved(PHOTO, "JPEG", quality=85),
        "photo.webp": saved(PHOTO, "WEBP", lossless=True),
        "photo.bmp": saved(PHOTO, "BMP"),
        "grey.jpg": saved(drawing, "JPEG"),
        "shadow.png": saved(make_photo(shade=0.5), "PNG"),
        "black-and-white.png": saved(drawing > 128, "PNG"),
        "black-on-nothing.png": saved(see_through(0), "PNG"),
        "white-on-nothing.png": saved(see_through(255), "PNG"),
        **{f"turned-{number}.jpg": turned(number) for number in range(1, 9)},
        "blank.png": saved(np.full((90, 70, 3), 200, np.uint8), "PNG"),
        "words.png": b"a three",
        "nothing.jpg": b"",
    }


def test_files_are_read_as_load_drawing_reads_them_and_refused_in_its_words(quiet_page, address, tmp_path):
    files = photos()
    data = [(name, encoded(content)) for name, content in files.items()]
    answers = quiet_page.evaluate(FILES, {"base": address, "files": data})
    refused = {}
    for (name, content), found in zip(files.items(), answers, strict=True):
        (tmp_path / name).write_bytes(content)
        if isinstance(found, str):
            refused[name] = found
        else:
            assert np.abs(np.reshape(found, (28, 28)) - load_drawing(tmp_path / name).astype(int)).max() <= 2, name
    assert set(refused) == {"blank.png", "words.png", "nothing.jpg"}
    for name, message in refused.items():
        with pytest.raises(DataError) as caught:
            load_drawing(tmp_path / name)
        assert message == str(caught.value).replace(f"{tmp_path / name}", name)


def test_as_many_pixels_are_too_many_as_in_python_and_the_message_is_the_same(quiet_page, address, tmp_path):
    """Only the sizes matter here, so the browser is told them, and Python reads no more of the file either."""
    width, height = MAX_PIXELS // 5000, 5001
    assert MAX_PIXELS < width * height < MAX_PIXELS + 2 * width
    message = quiet_page.evaluate(
        """async ([base, width, height]) => {
          const { readPhoto } = await import(`${base}javascripts/live/read-photo.js`);
          const real = globalThis.createImageBitmap;
          globalThis.createImageBitmap = async () => ({ width, height });
          try {
            return await readPhoto(new File([], "huge.png")).then(() => "", (error) => error.message);
          } finally {
            globalThis.createImageBitmap = real;
          }
        }""",
        [address, width, height],
    )
    (tmp_path / "huge.png").write_bytes(saved(np.zeros((height, width), bool), "PNG"))
    with pytest.raises(DataError) as caught:
        load_drawing(tmp_path / "huge.png")
    assert message == str(caught.value).replace(f"{tmp_path}{os.sep}", "")


def test_the_example_is_the_photo_of_the_chapter():
    with Image.open("docs/assets/photo.jpg") as image:
        assert np.abs(np.asarray(image).astype(int) - PHOTO).mean() < 3


def test_a_photo_is_prepared_and_answered_and_nothing_leaves_the_page(open_figure, address, tmp_path, first_digits):
    figure = open_figure("9-your-own-digits/", "photo", accept_downloads=False)
    sent = []
    figure.page.on("request", lambda request: sent.append((request.method, request.url)))
    figure.panel.get_by_role("button", name="Use the chapter's photo").press("Enter")
    figure.panel.get_by_text("Chapter 2's network says 3").wait_for()
    figure.panel.get_by_text("The handwriting network says 3, ").wait_for()
    sizes = figure.panel.locator("canvas").evaluate_all("all => all.map(({ width, height }) => [height, width])")
    assert sizes[:3] == [[160, 120]] * 3
    assert (max(sizes[4]), sizes[5]) == (20, [28, 28])

    sheet = np.kron(255 - first_digits[0][3], np.ones((6, 6), np.uint8))
    (tmp_path / "drawn.png").write_bytes(saved(sheet, "PNG"))
    figure.panel.get_by_label("A photo of one digit").set_input_files(tmp_path / "drawn.png")
    digit = load_drawing(tmp_path / "drawn.png")
    probabilities = trained_network().predict(prepare_images(digit[np.newaxis]))[0]
    figure.panel.get_by_text(f"Chapter 2's network says {probabilities.argmax()}, ").wait_for()
    second = trained_handwriting_network().predict(digit[np.newaxis])[0]
    figure.panel.get_by_text(f"The handwriting network says {second.argmax()}, ").wait_for()
    shown = [float(text[:-1]) for text in figure.panel.locator("svg text").all_text_contents() if text.endswith("%")]
    assert shown == pytest.approx((100 * np.concatenate([probabilities, second])).tolist(), abs=0.06)

    (tmp_path / "words.png").write_text("a three")
    figure.panel.get_by_label("A photo of one digit").set_input_files(tmp_path / "words.png")
    figure.panel.get_by_text("words.png is not a picture in a format that can be read").wait_for()
    assert figure.wrong
    widths = figure.panel.locator("canvas").evaluate_all("all => all.map(({ width }) => width)")
    assert widths == [1] * 6, "nothing is left of the photo before"
    assert "%" not in "".join(figure.panel.locator("svg text").all_text_contents())
    figure.panel.evaluate("""panel => {
      const dropped = new DataTransfer();
      dropped.items.add(new File(["words"], "dropped.txt"));
      panel.dispatchEvent(new DragEvent("drop", { dataTransfer: dropped, bubbles: true, cancelable: true }));
    }""")
    figure.panel.get_by_text("dropped.txt is not a picture in a format that can be read").wait_for()
    assert {method for method, _ in sent} == {"GET"}
    asked = {urlsplit(url).netloc for _, url in sent if not url.startswith(("data:", "blob:"))}
    assert asked == {urlsplit(address).netloc}


def test_the_smaller_network_answers_before_the_larger_one_is_there(open_figure):
    """On a slow connection, the larger file takes four times as long."""
    figure = open_figure("9-your-own-digits/", "photo")
    waiting = []
    figure.page.route("**/weights.safetensors*", lambda route: waiting.append(route))
    figure.panel.get_by_role("button", name="Use the chapter's photo").click()
    answer = "The handwriting network says 3, "
    figure.panel.get_by_text(re.compile(f"{answer}.* Loading chapter 2's network: 0%.")).wait_for()
    assert not figure.wrong
    shares = [text for text in figure.panel.locator("svg text").all_text_contents() if text.endswith("%")]
    assert len(shares) == 10, "one column is filled"
    [larger] = waiting
    larger.continue_()
    figure.panel.get_by_text(re.compile(f"Chapter 2's network says 3, .* {answer}[^L]*$")).wait_for()


def test_where_a_network_cannot_be_fetched_the_steps_are_shown_and_it_is_told(open_figure):
    figure = open_figure("9-your-own-digits/", "photo")
    example = figure.panel.get_by_role("button", name="Use the chapter's photo")
    again = figure.panel.get_by_role("button", name="Try again")
    assert not again.is_visible()
    figure.page.route("**/*.safetensors*", lambda route: route.abort())
    example.click()
    once = re.compile("^The network's weights could not be loaded: the connection is down or was interrupted.$")
    figure.panel.get_by_text(once).and_(figure.panel.locator(".tb-live__result")).wait_for()
    assert figure.panel.locator("canvas").last.evaluate("canvas => canvas.width") == 28
    figure.page.unroute("**/*.safetensors*")
    figure.page.route("**/handwriting-network.safetensors*", lambda route: route.abort())
    again.press("Enter")
    figure.panel.get_by_text(
        re.compile("Chapter 2's network says 3, .* The network's weights could not be loaded")
    ).wait_for()
    assert figure.wrong
    figure.page.unroute("**/handwriting-network.safetensors*")
    again.press("Enter")  # the photo need not be chosen again
    figure.panel.get_by_text("The handwriting network says 3").wait_for()
    assert not figure.wrong
    assert not again.is_visible()
    assert figure.panel.get_by_label("A photo of one digit").evaluate("input => input === document.activeElement")
