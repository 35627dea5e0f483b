// The points of the panel's curves: means over the training batches, and tests in between.

import { scores } from "./trainer.js";

const PART = 500; // the least number of training digits over which a point of a curve is the mean
const OFTEN = 1000; // training digits between two tests in the first two epochs; later, there is one per epoch

export class Curves {
  #trainer;
  #points = { training: [], test: [] };
  #part = { loss: 0, right: 0, digits: 0 };
  #tested = -1; // how many digits had been seen at the last test

  constructor(trainer) {
    this.#trainer = trainer;
    this.test();
  }

  /** Let the trainer take a step, and return its batch. A loss that is not a number is left out of the curve. */
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

  /** Return the points since the last call: { training, test }, each with an epoch, a loss and an accuracy. */
  take() {
    const points = this.#points;
    this.#points = { training: [], test: [] };
    return points;
  }
}
