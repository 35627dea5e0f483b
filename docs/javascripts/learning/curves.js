// What the panel's curves are made of: the means of what the training brings, and tests in between.

import { scores } from "./trainer.js";

const PART = 500; // training digits that a point of a curve is the mean of, at least
const OFTEN = 1000; // training digits between two tests in the first two epochs; then it is one epoch

export class Curves {
  #trainer;
  #points = { training: [], test: [] };
  #part = { loss: 0, right: 0, digits: 0 };
  #tested = -1; // how many digits had been seen at the last test

  constructor(trainer) {
    this.#trainer = trainer;
    this.test();
  }

  /** Have the trainer make one step, and return it. A loss that is not a number stays off the curve. */
  step() {
    const trainer = this.#trainer;
    const batch = trainer.step();
    const many = batch.labels.length;
    if (!Number.isFinite(batch.loss)) return batch;
    this.#part.loss += batch.loss * many;
    this.#part.right += scores(batch.probabilities, batch.labels).right;
    this.#part.digits += many;
    if (this.#part.digits >= PART || trainer.steps === 1) {
      const { loss, right, digits } = this.#part;
      this.#points.training.push({ epoch: trainer.epoch, loss: loss / digits, accuracy: right / digits });
      this.#part = { loss: 0, right: 0, digits: 0 };
    }
    if (trainer.seen - this.#tested >= (trainer.epoch <= 2 ? OFTEN : trainer.order.length)) this.test();
    return batch;
  }

  /** Test the network, unless it has learned nothing since the last test. */
  test() {
    if (this.#tested === this.#trainer.seen) return;
    this.#tested = this.#trainer.seen;
    const result = this.#trainer.evaluate();
    if (Number.isFinite(result.loss)) this.#points.test.push({ epoch: this.#trainer.epoch, ...result });
  }

  /** Return the points since this was last asked: { training, test }, with an epoch, a loss and an accuracy each. */
  take() {
    const points = this.#points;
    this.#points = { training: [], test: [] };
    return points;
  }
}
