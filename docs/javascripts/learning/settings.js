// The settings that a reader can change, how they are written in an address, the chapter's experiments, and how much of a
// network the panel shows.

export const DEFAULTS = { rate: 0.001, optimizer: "rmsprop", batch: 128, units: 512, activation: "relu", shuffled: 0 };

export const RANGES = {
  rate: { least: 1e-5, most: 10 },
  batch: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512],
  units: [16, 32, 64, 128, 256, 512],
  activation: ["relu", "none"],
  optimizer: ["rmsprop", "sgd"],
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
  const oneOf = (name) => (RANGES[name].includes(wanted[name]) ? wanted[name] : DEFAULTS[name]);
  const number = (name) => (Number.isFinite(wanted[name]) ? wanted[name] : DEFAULTS[name]);
  return {
    rate: within(RANGES.rate, number("rate")),
    optimizer: oneOf("optimizer"),
    batch: nearest(RANGES.batch, number("batch")),
    units: nearest(RANGES.units, number("units")),
    activation: oneOf("activation"),
    shuffled: Math.round(within(RANGES.shuffled, number("shuffled"))),
  };
}

const WORDS = [
  [/^lr-([\d.]+(?:e-?\d+)?)$/, (rate) => ({ rate: Number(rate) })],
  [new RegExp(`^(${RANGES.optimizer.join("|")})$`), (optimizer) => ({ optimizer })],
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

// The chapter's experiments: settings, the number of epochs that show the effect, and what to look for.
export const EXPERIMENTS = [
  { name: "As in chapter 2", words: "chapter-2", epochs: 5, look: "Does it do as well on the test digits as on the training digits?" },
  { name: "Learning rate too high", words: "lr-0.1", epochs: 5, look: "Does the loss fall at every step?" },
  { name: "Far too low", words: "lr-0.00001", epochs: 5, look: "How far does the network get in five epochs?" },
  { name: "Without relu", words: "no-relu", epochs: 5, look: "Will it learn as much?" },
  { name: "Nonsense labels", words: "shuffled-100", epochs: 40, look: "What will happen to the two accuracies over forty epochs?" },
  { name: "Sixteen units", words: "units-16", epochs: 5, look: "Can you tell what each unit looks for?" },
];

export const OTHER_EPOCHS = 10; // for the reader's own settings

// How many hidden units the panel shows (no network has fewer), how many test digits, and how many digits of a batch.
export const SHOWN = { units: Math.min(...RANGES.units), tests: 12, batch: 8 };
