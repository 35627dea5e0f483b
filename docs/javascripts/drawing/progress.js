// Progress while weights load: how much has arrived, and how long the rest will take.

/** Return a function that takes the number of bytes received so far and shows the progress. */
export function showProgress(bar, left, bytes) {
  const began = performance.now();
  return (came) => {
    bar.value = came;
    const seconds = ((performance.now() - began) * (bytes - came)) / came / 1000;
    left.textContent = seconds >= 1 ? `, about ${Math.ceil(seconds)} s left. You can draw in the meantime.` : "";
  };
}
