// The parts of the box. None of this comes from the reader's input, so it can be written as HTML.

const kilobytes = (bytes) => `${Math.round(bytes / 1000)} kB`;

export const template = (bytes, handwritingBytes, number) => `
<div class="tb-draw__body">
<div class="tb-draw__paper">
  <canvas class="tb-draw__canvas" tabindex="0" role="application" aria-roledescription="drawing box"
    aria-label="Draw a digit here" aria-describedby="tb-draw-keys-${number}"></canvas>
  <span class="tb-draw__hint" aria-hidden="true">Draw a digit</span>
  <span class="tb-draw__pen" aria-hidden="true"></span>
</div>
<div class="tb-draw__buttons" role="group" aria-label="Drawing">
  <button type="button" class="tb-draw__show">Show me</button>
  <button type="button" class="tb-draw__undo">Undo</button>
  <button type="button" class="tb-draw__clear">Clear</button>
  <button type="button" class="tb-draw__save">Save as PNG</button>
  <button type="button" class="tb-draw__both" aria-pressed="false">Ask both</button>
</div>
<div class="tb-draw__network">
  <p class="tb-draw__said" role="status"></p>
  <p class="tb-draw__problem" role="alert"></p>
  <div class="tb-draw__first">
    <p class="tb-draw__name">Chapter 2’s network</p>
    <p class="tb-draw__answer" aria-hidden="true">Draw a digit.</p>
    <label class="tb-draw__fetching">Loading the network, ${kilobytes(bytes)}<span class="tb-draw__left" aria-hidden="true"></span>
      <progress class="tb-draw__progress" max="${bytes}" value="0"></progress></label>
    <div class="tb-draw__trouble"><p class="tb-draw__failure" role="alert"></p>
      <button type="button" class="tb-draw__again">Try again</button></div>
    <div class="tb-draw__bars" role="list" aria-label="Probability of each digit"></div>
  </div>
  <div class="tb-draw__second">
    <p class="tb-draw__name">The handwriting network</p>
    <p class="tb-draw__verdict" aria-hidden="true"></p>
    <label class="tb-draw__second-fetching">Loading the network, ${kilobytes(handwritingBytes)}<span class="tb-draw__second-left" aria-hidden="true"></span>
      <progress class="tb-draw__second-progress" max="${handwritingBytes}" value="0"></progress></label>
    <div class="tb-draw__bars" role="list" aria-label="Probability of each digit, by the handwriting network"></div>
  </div>
</div>
<div class="tb-draw__inside">
  <figure class="tb-draw__seen"><div class="tb-draw__pictures" role="img"
    aria-label="Your drawing, scaled and centred in 28 by 28 pixels"></div>
    <figcaption>Network input: 28&nbsp;×&nbsp;28</figcaption></figure>
  <figure class="tb-draw__units"><div class="tb-draw__pictures" role="img"
    aria-label="The weights of the six hidden units with the largest outputs, as images of 28 by 28 pixels"></div>
    <figcaption>What the strongest hidden units<span class="tb-draw__whose"> of chapter 2’s network</span> respond to:
    <span class="tb-draw__wanted">ink here</span>, <span class="tb-draw__unwanted">no ink here</span></figcaption></figure>
</div>
<p class="tb-draw__keys" id="tb-draw-keys-${number}">By keyboard: the arrow keys move the pen, Space lowers or lifts
  it, Backspace undoes the last stroke, and Delete clears the box. Your drawing never leaves this page.</p>
</div>`;
