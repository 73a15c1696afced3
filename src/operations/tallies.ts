import { Distribution } from './distribution.js';

declare module '../services.js' {
  interface Services {
    readonly tallies: Tallies;
  }
}

/** Ranges of the durations of operations, in seconds. An operation has 15 of them by default. */
export const durations = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15];

/** What this process has counted of its operations, beside their reports. */
export class Tallies {
  /** How long the resolvers of root fields took, in seconds, by type and field, for example `Query.users`. */
  readonly fields = new Map<string, Distribution>();
  /** How often each rate limit was exceeded. */
  readonly exceeded = new Map<string, number>();
  /** Operations whose document is not trusted. */
  untrusted = 0;

  /**
   * Notes that a root field was resolved.
   * @param field of the schema, so there are few of them
   * @param milliseconds that it took, with its rule and its rate limits
   */
  noteField(field: string, milliseconds: number): void {
    this.timesOf(field).note(milliseconds / 1000);
  }

  /** @param limit one of few names */
  noteExceeded(limit: string): void {
    this.exceeded.set(limit, (this.exceeded.get(limit) ?? 0) + 1);
  }

  private timesOf(field: string): Distribution {
    const known = this.fields.get(field);
    if (known) return known;
    const made = new Distribution(durations);
    this.fields.set(field, made);
    return made;
  }
}
