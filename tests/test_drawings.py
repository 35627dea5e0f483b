"""A drawing becomes like MNIST's digits: 20 × 20, centred by mass in 28 × 28, light ink on dark."""

import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from tensorbook import drawings
from tensorbook.data import DataError, Split, load_sample, prepare_images
from tensorbook.drawings import load_drawing, prepare_drawing
from tensorbook.weights import trained_network


def stroke(height=120, width=80, ground=255, ink=0):
    page = np.full((height, width), ground, dtype=np.uint8)
    page[height // 6 : -height // 6, width // 2 - 5 : width // 2 + 5] = ink
    page[-height // 4 : -height // 6, width // 4 : -width // 4] = ink
    return page


def centre_of_mass(digit):
    rows, columns = np.indices(digit.shape) + 0.5
    mass = digit / digit.sum()
    return float((rows * mass).sum()), float((columns * mass).sum())


def test_the_ink_is_scaled_into_twenty_by_twenty_keeping_its_proportions():
    digit = prepare_drawing(stroke())
    rows, columns = np.flatnonzero(digit.any(axis=1)), np.flatnonzero(digit.any(axis=0))
    height, width = rows[-1] - rows[0] + 1, columns[-1] - columns[0] + 1
    assert (digit.shape, digit.dtype) == ((28, 28), np.uint8)
    assert height == 20
    assert width == pytest.approx(20 * 40 / 80, abs=1)
    assert digit.max() == 255


def test_the_centre_of_mass_lies_where_it_lies_in_mnist_s_own_digits():
    images = load_sample().train.images.astype(float)
    mnist = np.mean([centre_of_mass(image) for image in images[::20]], axis=0)
    assert centre_of_mass(prepare_drawing(stroke()).astype(float)) == pytest.approx(mnist, abs=0.55)


def test_dark_on_light_and_light_on_dark_give_the_same():
    assert np.array_equal(prepare_drawing(stroke()), prepare_drawing(stroke(ground=0, ink=255)))


def test_the_size_and_the_place_of_the_drawing_do_not_matter():
    large = np.kron(stroke(), np.ones((4, 4), dtype=np.uint8))
    moved = np.pad(stroke(), ((50, 10), (200, 0)), constant_values=255)
    assert np.abs(prepare_drawing(large).astype(int) - prepare_drawing(stroke())).max() <= 40
    assert np.array_equal(prepare_drawing(moved), prepare_drawing(stroke()))


def test_a_digit_of_mnist_comes_out_nearly_as_it_went_in():
    images = load_sample().test.images[::5]
    out = np.stack([prepare_drawing(np.pad(image, 9)) for image in images])
    assert np.median(np.abs(out.astype(int) - images).mean(axis=(1, 2))) < 1


def test_the_recorded_network_reads_mnist_s_digits_as_well_after_preparation_as_before(every):
    test = Split(*(array[:: every(4)] for array in load_sample().test))
    network = trained_network()
    prepared = np.stack(
        [prepare_drawing(np.pad(np.kron(image, np.ones((9, 9), np.uint8)), 30)) for image in test.images]
    )
    accuracies = [
        np.mean(network.predict(prepare_images(images)).argmax(axis=1) == test.labels)
        for images in (test.images, prepared)
    ]
    assert accuracies[0] - accuracies[1] < 0.01


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16"])
def test_pictures_of_every_kind_are_read(tmp_path, mode):
    path = tmp_path / "seven.tif"
    image = Image.fromarray(stroke())
    image = Image.fromarray(stroke().astype(np.uint16) * 257) if mode == "I;16" else image.convert(mode)
    image.save(path)
    assert np.abs(load_drawing(path).astype(int) - prepare_drawing(stroke())).mean() < 2


def test_what_is_transparent_is_paper(tmp_path):
    picture = np.zeros((*stroke().shape, 4), dtype=np.uint8)
    picture[..., 3] = 255 - stroke()
    Image.fromarray(picture).save(tmp_path / "drawing.png")
    assert np.array_equal(load_drawing(tmp_path / "drawing.png"), prepare_drawing(stroke()))


@pytest.mark.parametrize("value", [0, 128, 255])
def test_a_blank_picture_is_refused(value):
    with pytest.raises(DataError, match=r"needs ink that stands out .* picture of shape \(40, 30\) is blank"):
        prepare_drawing(np.full((40, 30), value, dtype=np.uint8))


def test_a_file_that_is_no_picture_is_refused(tmp_path):
    path = tmp_path / "words.png"
    path.write_text("not a picture")
    with pytest.raises(DataError, match=r"words\.png is not a picture in a format that can be read"):
        load_drawing(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(DataError, match=r"nowhere\.png can't be read as a picture \(No such file or directory\)"):
        load_drawing(tmp_path / "nowhere.png")


def test_a_truncated_picture_is_refused(tmp_path):
    path = tmp_path / "half.png"
    Image.fromarray(np.random.default_rng(0).integers(0, 256, (60, 60), dtype=np.uint8)).save(path)
    path.write_bytes(path.read_bytes()[:1500])
    with pytest.raises(DataError, match=r"half\.png can't be read as a picture \(.*truncated.*\)\.$"):
        load_drawing(path)


@pytest.mark.parametrize(
    ("width", "height", "has"),
    [
        (8200, 8000, "has 8200 × 8000 pixels"),
        (9500, 9500, "has 9500 × 9500 pixels"),  # Pillow warns about it
        (20_000, 20_000, "has too many pixels"),  # Pillow refuses it
    ],
)
def test_a_picture_too_large_is_refused_before_it_is_decoded(tmp_path, width, height, has):
    path = tmp_path / "huge.png"
    path.write_bytes(png(width, height, b""))
    with pytest.raises(DataError, match=rf"huge\.png {has}; a drawing can have at most 65,000,000: scale it down\.$"):
        load_drawing(path)


def png(width, height, pixels):
    """Write a greyscale PNG file whose header may promise more pixels than there are."""
    chunks = (
        (b"IHDR", struct.pack(">2I5B", width, height, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(pixels)),
        (b"IEND", b""),
    )
    parts = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def test_as_many_pixels_as_there_may_be_are_read(tmp_path, monkeypatch):
    path = tmp_path / "largest.png"
    Image.fromarray(stroke()).save(path)
    monkeypatch.setattr(drawings, "MAX_PIXELS", stroke().size)
    load_drawing(path)
    monkeypatch.setattr(drawings, "MAX_PIXELS", stroke().size - 1)
    with pytest.raises(DataError, match="has 80 × 120 pixels"):
        load_drawing(path)


@pytest.mark.parametrize("strip", [1, 80, 81, 160, 1000, 5000])
def test_a_picture_is_the_same_in_strips_of_any_size(tmp_path, monkeypatch, strip):
    path = tmp_path / "colours.png"
    colours = np.random.default_rng(0).integers(0, 20, (*stroke().shape, 4), dtype=np.uint8)
    colours[..., 3] = 255 - np.clip(stroke(), 3, 252) + colours[..., 3] // 8  # dark ink through which some paper shows
    Image.fromarray(colours).save(path)
    whole = load_drawing(path)
    monkeypatch.setattr(drawings, "STRIP", strip)
    assert np.array_equal(load_drawing(path), whole)


@pytest.mark.parametrize(("strip", "rows"), [(1000, 12), (960, 12), (959, 11), (79, 1)])
def test_a_strip_has_as_many_rows_as_may_be_and_at_least_one(tmp_path, monkeypatch, strip, rows):
    path, sizes, lay = tmp_path / "drawing.png", [], Image.alpha_composite
    Image.fromarray(stroke()).save(path)
    monkeypatch.setattr(drawings, "STRIP", strip)
    monkeypatch.setattr(Image, "alpha_composite", lambda ground, image: sizes.append(image.size) or lay(ground, image))
    load_drawing(path)
    assert sizes[::2] == sizes[1::2]  # once on white, once on black
    assert set(sizes[:-2]) == {(80, rows)}
    assert sum(height for _, height in sizes[::2]) == 120


def test_a_large_photo_takes_little_more_memory_than_its_own_pixels(tmp_path, traced):
    path = tmp_path / "photo.png"
    Image.new("RGB", (3000, 2000), "white").save(path)
    with traced() as peak, pytest.raises(DataError, match=r"photo\.png is blank: a drawing needs ink"):
        load_drawing(path)
    assert peak() < 4 * 3000 * 2000  # grey values as bytes, and strips of colours


def test_a_folder_is_no_drawing(tmp_path):
    with pytest.raises(DataError, match=rf"^{tmp_path} is not a file: choose a PNG or JPEG file\.$"):
        load_drawing(tmp_path)


def test_a_picture_that_a_program_of_its_own_would_have_to_read_is_refused(tmp_path):
    path = tmp_path / "drawing.eps"
    Image.fromarray(stroke()).save(path)
    with pytest.raises(DataError, match=r"drawing\.eps is not a picture in a format that can be read"):
        load_drawing(path)


def test_a_picture_whose_pixels_are_damaged_says_what_is_wrong_with_it(tmp_path):
    path = tmp_path / "damaged.ppm"
    path.write_bytes(b"P2 2 2 255 1 2 x 4")
    with pytest.raises(DataError, match=r"damaged\.ppm is a damaged picture \(.+\)\.$"):
        load_drawing(path)


def nine():
    """Return a nine, which looks different in each of the eight orientations."""
    page = np.full((120, 80), 255, dtype=np.uint8)
    page[20:28, 20:60] = page[20:60, 20:28] = page[52:60, 20:60] = page[20:100, 52:60] = 0
    return page


HELD = {  # how the pixels of an upright picture are stored in the file, for each value of the EXIF orientation
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


@pytest.mark.parametrize("orientation", HELD)
@pytest.mark.parametrize("form", ["JPEG", "MPO", "PNG", "WEBP", "TIFF"])
def test_a_photo_is_turned_as_its_camera_was_held(tmp_path, form, orientation):
    image = Image.fromarray(nine()).convert("RGB")
    if HELD[orientation] is not None:
        image = image.transpose(HELD[orientation])
    exif = Image.Exif()
    exif[0x0112] = orientation
    settings = {"append_images": [image], "save_all": True} if form == "MPO" else {}
    image.save(tmp_path / "photo", form, exif=exif, **settings)
    assert np.abs(load_drawing(tmp_path / "photo").astype(int) - prepare_drawing(nine())).mean() < 2


def test_a_large_photo_is_turned_as_well(tmp_path):
    image = Image.fromarray(np.kron(nine(), np.ones((10, 10), dtype=np.uint8))).transpose(Image.Transpose.ROTATE_90)
    exif = Image.Exif()
    exif[0x0112] = 6
    image.save(tmp_path / "photo.png", exif=exif)
    assert np.abs(load_drawing(tmp_path / "photo.png").astype(int) - prepare_drawing(nine())).mean() < 2


@pytest.mark.parametrize("orientation", [0, 9, 65535])
def test_an_orientation_that_is_none_leaves_the_picture_as_it_is(tmp_path, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.fromarray(nine()).save(tmp_path / "photo.png", exif=exif)
    assert np.array_equal(load_drawing(tmp_path / "photo.png"), prepare_drawing(nine()))


def test_a_gamma_and_a_colour_profile_change_hardly_anything(tmp_path):
    from PIL import ImageCms, PngImagePlugin

    gamma = PngImagePlugin.PngInfo()
    gamma.add(b"gAMA", struct.pack(">I", 100_000))
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    Image.fromarray(nine()).convert("RGB").save(tmp_path / "nine.png", pnginfo=gamma, icc_profile=profile)
    assert np.array_equal(load_drawing(tmp_path / "nine.png"), prepare_drawing(nine()))


@pytest.mark.parametrize(
    ("name", "picture"),
    [
        ("16 bits.png", np.where(nine(), 52000, 9000).astype(np.uint16)),
        ("16 bits.tif", np.where(nine(), 52000, 9000).astype(np.uint16)),
        ("12 bits.tif", np.where(nine(), 3900, 300).astype(np.uint16)),
        ("32 bits.tif", np.where(nine(), 2_000_000_000, 300).astype(np.int32)),
        ("0 to 1.tif", np.where(nine(), 0.9, 0.1).astype(np.float32)),
        ("0 to 255.tif", np.where(nine(), 230.5, 10.5).astype(np.float32)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_numbers_of_every_depth_are_read(tmp_path, name, picture):
    Image.fromarray(picture).save(tmp_path / name)
    assert np.abs(load_drawing(tmp_path / name).astype(int) - prepare_drawing(nine())).max() <= 1


@pytest.mark.parametrize("ink", ["white", "black", "#777"])
def test_ink_of_any_shade_on_transparency_is_read(tmp_path, ink):
    image = Image.new("RGBA", (80, 120), (0, 0, 0, 0))
    image.paste(ink, mask=Image.fromarray(255 - nine()))
    image.save(tmp_path / "nine.png")
    assert np.array_equal(load_drawing(tmp_path / "nine.png"), prepare_drawing(nine()))


@pytest.mark.parametrize(
    "picture",
    [
        np.stack([nine()] * 3, axis=-1),
        nine()[..., np.newaxis],
        np.dstack([0 * nine()] * 3 + [255 - nine()]),
        nine() / 255,
        np.stack([nine() / 255] * 3, axis=-1),
        nine() > 0,
        (nine() > 0).astype(np.uint8),
        nine().astype(np.int64),
        nine().astype(np.float32),
        nine().astype(np.uint16) * 257,
        nine().tolist(),
        Image.fromarray(nine()),
        Image.fromarray(nine()).convert("RGB"),
        np.asfortranarray(nine()),
    ],
    ids=[
        "colours",
        "one colour",
        "transparent",
        "0 to 1",
        "colours 0 to 1",
        "bool",
        "0 and 1",
        "int64",
        "float32",
        "uint16",
        "lists",
        "Pillow",
        "Pillow in colours",
        "by columns",
    ],
)
def test_what_shows_a_digit_is_prepared_whatever_holds_it(picture):
    assert np.abs(prepare_drawing(picture).astype(int) - prepare_drawing(nine())).max() <= 1


@pytest.mark.parametrize(
    ("picture", "came"),
    [
        (np.zeros((0, 5), np.uint8), r"got uint8 of shape \(0, 5\)"),
        (np.zeros(5), r"got float64 of shape \(5,\)"),
        (np.zeros((2, 5, 5, 3)), r"got float64 of shape \(2, 5, 5, 3\)"),
        (np.zeros((5, 5, 2)), r"got float64 of shape \(5, 5, 2\)"),
        (np.zeros((5, 5), complex), r"got complex128 of shape \(5, 5\)"),
        ([["a", "b"]], r"got <U1 of shape \(1, 2\)"),
        ([[1, 2], [3]], "rows of equal length"),
        (None, r"got object of shape \(\)"),
        (np.array([[-1.0, 1.0]]), r"got float64 of shape \(1, 2\), from -1 to 1"),
        (np.array([[0, np.nan]]), r"got float64 of shape \(1, 2\), from nan to nan"),
        (np.array([[0, np.inf]]), r"got float64 of shape \(1, 2\), from 0 to inf"),
    ],
)
def test_what_is_no_picture_is_refused_with_its_dtype_and_shape(picture, came):
    with pytest.raises(DataError, match=came):
        prepare_drawing(picture)


def test_a_file_of_numbers_below_zero_is_named(tmp_path):
    Image.fromarray(np.linspace(-1, 1, 400, dtype=np.float32).reshape(20, 20)).save(tmp_path / "scan.tif")
    with pytest.raises(
        DataError, match=r"scan\.tif can't be read\. A drawing needs numbers from 0 to 255, .* from -1 to 1"
    ):
        load_drawing(tmp_path / "scan.tif")
