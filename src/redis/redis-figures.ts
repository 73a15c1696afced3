import { Distribution } from '../operations/distribution.js';

/** Ranges of the durations of commands, in seconds. */
const durations = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5];

/** What this process has counted of its commands to Redis. */
export class RedisFigures {
  /** Of the commands that were answered, in seconds. */
  readonly durations = new Distribution(durations);
  /** Commands and attempts to connect that failed, by reason. */
  readonly failures = new Map<string, number>();

  noteFailure(reason: string): void {
    this.failures.set(reason, (this.failures.get(reason) ?? 0) + 1);
  }
}
