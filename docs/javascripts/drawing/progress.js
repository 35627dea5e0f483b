// While weights come: how much is there, and how long the rest will take.

/** Return a function that takes the number of bytes that have come, and shows it. */
export function showProgress(bar, left, bytes) {
  const began = performance.now();
  return (came) => {
    bar.value = came;
    const seconds = ((performance.now() - began) * (bytes - came)) / came / 1000;
    left.textContent = seconds >= 1 ? `, about ${Math.ceil(seconds)} s left. Draw in the meantime.` : "";
  };
}
