/** What a text took, in milliseconds. */
export interface StatementFigure {
  readonly text: string;
  readonly calls: number;
  readonly total: number;
  readonly mean: number;
  readonly max: number;
  /** Calls that the server refused, that were cancelled, or whose connection broke. */
  readonly errors: number;
}

class Tally {
  calls = 0;
  total = 0;
  max = 0;
  errors = 0;

  add({ calls, total, max, errors }: Tally): void {
    this.calls += calls;
    this.total += total;
    this.max = Math.max(this.max, max);
    this.errors += errors;
  }
}

/** Texts of which figures are kept. Filters and conditions compose texts, so there may be any number of them. */
const mostTexts = 500;
/** How many of those that took least are given up at a time, so that they are sorted rarely. */
const givenUp = mostTexts / 5;
/** Texts without figures of their own. */
const otherTexts = 'other';

/** Figures of statements by their text. Those that took least in all become `other` when there are too many. */
export class StatementFigures {
  private readonly tallies = new Map<string, Tally>();
  private readonly others = new Tally();

  /** @param milliseconds that the statement took */
  note(text: string, milliseconds: number, hasFailed: boolean): void {
    const tally = this.tallies.get(text) ?? this.add(text);
    tally.calls += 1;
    tally.total += milliseconds;
    if (milliseconds > tally.max) tally.max = milliseconds;
    if (hasFailed) tally.errors += 1;
  }

  /** Those that took most in all come first. */
  read(): StatementFigure[] {
    const all = [...this.tallies, ...(this.others.calls > 0 ? [[otherTexts, this.others] as const] : [])];
    return all
      .map(([text, { calls, total, max, errors }]) => ({ text, calls, total, mean: total / calls, max, errors }))
      .sort((one, other) => other.total - one.total);
  }

  private add(text: string): Tally {
    if (this.tallies.size >= mostTexts) this.giveUp();
    const tally = new Tally();
    this.tallies.set(text, tally);
    return tally;
  }

  private giveUp(): void {
    const least = [...this.tallies].sort(([, one], [, other]) => one.total - other.total).slice(0, givenUp);
    for (const [text, tally] of least) {
      this.others.add(tally);
      this.tallies.delete(text);
    }
  }
}
