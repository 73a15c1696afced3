import { reasonOf } from '../operations/reason.js';

/** A run of which parts failed while the others were done, so that it counts as failed and is repeated. */
export class PartlyFailed extends Error {
  override name = 'PartlyFailed';

  /** @param failures errors of the parts, at least one; the message has the reason of the first */
  constructor(failures: readonly unknown[]) {
    const parts = failures.length === 1 ? 'A part' : `${failures.length} parts`;
    super(`${parts} failed: ${reasonOf(failures[0])}`, { cause: failures[0] });
  }
}
