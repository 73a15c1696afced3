import { parseArgs } from 'node:util';

/** What to measure, and for how long. */
export interface Plan {
  readonly rounds: number;
  /** Seconds per side and round. */
  readonly seconds: number;
  /** Name of the only part to run: `thousand` or `million` users. */
  readonly part: string | undefined;
  /** Name of the only scenario to run. */
  readonly only: string | undefined;
  /** Also prints where the main thread of the service spends its time. */
  readonly profile: boolean;
}

/**
 * Parses for example `million --rounds 5 --seconds 2 --only viewer --profile`.
 * @throws for an unknown option or no number
 */
export function planFrom(args: readonly string[]): Plan {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '2' },
      only: { type: 'string' },
      profile: { type: 'boolean', default: false },
    },
  });
  const { only, profile } = values;
  const [part] = positionals;
  return {
    rounds: positive('rounds', values.rounds),
    seconds: positive('seconds', values.seconds),
    part,
    only,
    profile,
  };
}

function positive(name: string, text: string): number {
  const number = Number(text);
  if (!(number > 0)) throw new Error(`--${name} must be a number above 0`);
  return number;
}
