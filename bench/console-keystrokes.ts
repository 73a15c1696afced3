import { type Budget, verdictOf } from './browser-budget.js';
import type { Site } from './browser-site.js';
import { type ConsoleStage, consoleStage } from './console-stage.js';
import { percentile } from './statistics.js';

/** Milliseconds from a keystroke to the rows that it asks for; 95 of a hundred. */
const most = 300;

/** Terms with many finds, with few and with none. Each letter is a keystroke, whose rows are waited for. */
const peopleTerms = [
  ...['robin', 'person.0420', 'maria', 'иван', 'zoë', '@example.com', 'kim g'],
  ...['quentin', 'ada', 'no', 'xq', '7', 'person.99999'],
];
const eventTerms = ['bio', 'fields', 'passwords', 'bio fields', 'nothing', 'x'];

/** From a keystroke in the search of people to the rows of what is typed then, and the same in the record of events. */
export async function consoleKeystrokes(site: Site): Promise<Budget[]> {
  return keystrokesOn(await consoleStage(site));
}

async function keystrokesOn(stage: ConsoleStage): Promise<Budget[]> {
  return [
    await typing(stage, { path: '/console/people', operation: 'ConsolePeople', terms: peopleTerms }),
    await typing(stage, { path: '/console/audit', operation: 'ConsoleEvents', terms: eventTerms }),
  ];
}

interface Typing {
  readonly path: string;
  /** The query whose answers make the rows. */
  readonly operation: string;
  readonly terms: readonly string[];
}

async function typing({ url, page, probe }: ConsoleStage, { path, operation, terms }: Typing): Promise<Budget> {
  await page.goto(url + path);
  await probe.settled();
  await probe.timeKeystrokes(operation);
  const field = page.locator('.toolbar input[type=search]');
  const took = new Map<string, readonly number[]>();
  for (const term of terms) {
    if (took.size > 0) {
      await field.fill('');
      await probe.rowsOfKeystroke();
    }
    const times: number[] = [];
    for (const letter of term) {
      await field.pressSequentially(letter);
      // A space at the end asks for nothing else.
      if (letter !== ' ') times.push(await probe.rowsOfKeystroke());
      else await page.evaluate('probe.typed = undefined');
    }
    took.set(term, times);
  }
  return rowOf(path, took);
}

function rowOf(path: string, took: ReadonlyMap<string, readonly number[]>): Budget {
  const times = [...took.values()].flat();
  const p95 = Math.round(percentile(times, 0.95));
  return {
    what: `keystroke to rows, ${path}`,
    measured: `p95 ${p95} ms`,
    bound: `≤ ${most} ms`,
    verdict: verdictOf(p95 <= most),
    notes: [
      `${times.length} keystrokes, p50 ${Math.round(percentile(times, 0.5))} ms, slowest ${Math.round(Math.max(...times))} ms`,
      [...took].map(([term, each]) => `${term} ${each.map(Math.round).join(' ')}`).join('; '),
    ],
  };
}
