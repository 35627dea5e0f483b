// What Material's search lacks: its keys before its script is there, and mistyped words that find something, too.

/** Tell whether a key press opens the search. */
export function opensSearch({ key, target, altKey, ctrlKey, metaKey }) {
  return ["/", "s", "f"].includes(key) && !altKey && !ctrlKey && !metaKey && !target.matches("input, canvas");
}

/** Open the search on its keys, until Material's script does, so that neither this key nor the next ones are lost. */
export function focusSearch(event) {
  if (!opensSearch(event)) return;
  event.preventDefault();
  document.querySelector(".md-search__input").focus();
}

// Material's search looks for words that begin with what was typed. Its engine, lunr, can also match words with one
// letter added, removed or changed, but only if the query says so: `gradiant~1`. Material sends its worker one message at
// a time, so a query with a word that is in no result is sent again in that form before the results are shown.

const QUERY = 2; // types of Material's messages
const RESULT = 3;
const SHORTEST = 4; // letters: most shorter words are one letter away from several others

/** Return the query with `~1` after every word that is in no result; unchanged if every word is in one. */
export function forgiving(query, items) {
  const found = new Set(items.flat().flatMap(({ terms }) => Object.keys(terms ?? {}).filter((term) => terms[term])));
  const has = (word) => [...found].some((term) => word.toLowerCase().includes(term));
  return query.replace(/[\p{L}\d]+/gu, (word) => (word.length < SHORTEST || has(word) ? word : `${word}~1`));
}

window.Worker = class extends Worker {
  #query = "";

  constructor(...options) {
    super(...options);
    this.addEventListener("message", (event) => this.#consider(event)); // before Material listens
  }

  postMessage(message, ...options) {
    if (message?.type === QUERY && typeof message.data === "string") this.#query = message.data;
    super.postMessage(message, ...options);
  }

  #consider(event) {
    const { type, data } = event.data ?? {};
    if (type !== RESULT || !Array.isArray(data?.items) || !/^[\p{L}\d\s_]+$/u.test(this.#query)) return;
    const again = forgiving(this.#query, data.items);
    if (again === this.#query) return;
    this.#query = ""; // once
    event.stopImmediatePropagation();
    super.postMessage({ type: QUERY, data: again });
  }
};
