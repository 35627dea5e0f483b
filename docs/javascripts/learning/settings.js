// The settings that a reader can change, and how they are written in an address.

export const DEFAULTS = { rate: 0.001, optimizer: "rmsprop", batch: 128, units: 512, activation: "relu", shuffled: 0 };

export const RANGES = {
  rate: { least: 1e-5, most: 10 },
  batch: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512],
  units: [16, 32, 64, 128, 256, 512],
  shuffled: { least: 0, most: 100 }, // per cent
};

// The learning rate on a slider, which has twelve places for each power of ten.
export const toSlider = (rate) => Math.round(12 * Math.log10(rate));
export const fromSlider = (place) => 10 ** (place / 12);

// Settings that require new weights; the others may change while the network learns.
export const OF_THE_START = ["units", "activation", "shuffled"];

/** Return settings in which missing or impossible values are replaced by defaults or the nearest possible value. */
export function complete(wanted) {
  const nearest = (list, number) => list.reduce((a, b) => (Math.abs(b - number) < Math.abs(a - number) ? b : a));
  const within = ({ least, most }, number) => Math.min(Math.max(number, least), most);
  const number = (name) => (Number.isFinite(wanted[name]) ? wanted[name] : DEFAULTS[name]);
  return {
    rate: within(RANGES.rate, number("rate")),
    optimizer: wanted.optimizer === "sgd" ? "sgd" : "rmsprop",
    batch: nearest(RANGES.batch, number("batch")),
    units: nearest(RANGES.units, number("units")),
    activation: wanted.activation === "none" ? "none" : "relu",
    shuffled: Math.round(within(RANGES.shuffled, number("shuffled"))),
  };
}

const WORDS = [
  [/^lr-([\d.]+(?:e-?\d+)?)$/, (rate) => ({ rate: Number(rate) })],
  [/^(sgd|rmsprop)$/, (optimizer) => ({ optimizer })],
  [/^batch-(\d+)$/, (batch) => ({ batch: Number(batch) })],
  [/^units-(\d+)$/, (units) => ({ units: Number(units) })],
  [/^(relu|no-relu)$/, (word) => ({ activation: word === "relu" ? "relu" : "none" })],
  [/^shuffled-(\d+)$/, (shuffled) => ({ shuffled: Number(shuffled) })],
];

/** Write settings as `lr-0.1,sgd,…`: only those that differ from chapter 2's, or `chapter-2`. */
export function toWords(settings) {
  const { rate, optimizer, batch, units, activation, shuffled } = settings;
  const words = {
    rate: `lr-${Number(rate.toPrecision(3))}`,
    optimizer,
    batch: `batch-${batch}`,
    units: `units-${units}`,
    activation: activation === "relu" ? "relu" : "no-relu",
    shuffled: `shuffled-${shuffled}`,
  };
  const changed = Object.keys(words).filter((name) => settings[name] !== DEFAULTS[name]);
  return changed.map((name) => words[name]).join(",") || "chapter-2";
}

/** Read what `toWords` wrote. Words that are not settings are returned as `unknown`. */
export function fromWords(text) {
  const wanted = { ...DEFAULTS };
  const unknown = [];
  for (const word of text.split(",").filter((part) => part && part !== "chapter-2")) {
    const found = WORDS.map(([form, read]) => [word.match(form), read]).find(([match]) => match);
    if (found) Object.assign(wanted, found[1](found[0][1]));
    else unknown.push(word);
  }
  return { settings: complete(wanted), unknown };
}
