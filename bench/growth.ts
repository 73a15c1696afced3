import type { Closing } from '../src/closing.js';
import { seedLists } from './console-seed.js';
import { type Cores, moveTo } from './cores.js';
import { seedEvents } from './events-seed.js';
import { growingQueries } from './growth-queries.js';
import { asMegabytes, sizesOf, type TableSize, vacuumed } from './growth-sizes.js';
import { seedPeople } from './million-seed.js';
import { aligned } from './report.js';
import { post } from './requests.js';
import { tried } from './side.js';
import { type Stage, setStage } from './stage.js';
import { percentile } from './statistics.js';

/** People of each stage; each has ten events, and three in ten an open session. */
const sizes = [12_500, 50_000, 200_000];
const eventsEach = 10;
/** What the figures are carried on to. */
const aims = [10_000_000, 100_000_000];
const times = 40;

interface Grown {
  readonly people: number;
  readonly tables: readonly TableSize[];
  /** Milliseconds by query, the 95th percentile. */
  readonly queries: ReadonlyMap<string, number>;
  /** Seconds by table. */
  readonly vacuums: ReadonlyMap<string, number>;
}

/**
 * Measures tables, indexes, queries and vacuum at three sizes, each four times the one before, and fits a power of the
 * number of people to each: a size that doubles with it has the exponent 1, a time that does not grow 0.
 */
export async function growth(cores: Cores | undefined, closingFor: () => Closing): Promise<string> {
  if (cores) moveTo(cores.load);
  const grown: Grown[] = [];
  for (const people of sizes) {
    const closing = closingFor();
    try {
      grown.push(await measure(await setStage(cores, closing, (url) => fill(url, people)), people));
    } finally {
      await closing.close();
    }
  }
  return report(grown);
}

async function fill(url: string, people: number): Promise<string> {
  const hash = await seedPeople(url, people);
  await seedEvents(url, people * eventsEach);
  await seedLists(url, { sessions: people * 0.3, tokens: people * 0.2, endingGrants: people * 0.02 });
  return hash;
}

async function measure(stage: Stage, people: number): Promise<Grown> {
  const queries = new Map<string, number>();
  for (const [name, body] of Object.entries(growingQueries)) queries.set(name, await slowOf(stage, body));
  const tables = await sizesOf(stage.env.DATABASE_URL);
  return { people, tables, queries, vacuums: await vacuumed(stage.env.DATABASE_URL) };
}

async function slowOf({ service, token }: Stage, body: (n: number) => object): Promise<number> {
  const took: number[] = [];
  for (let n = 0; n < times; n += 1) {
    const start = performance.now();
    const { answer } = await tried(service.port, post('/graphql', body(n), token));
    took.push(performance.now() - start);
    if ('errors' in (answer as object)) throw new Error(JSON.stringify(answer));
  }
  return percentile(took, 0.95);
}

function report(grown: readonly Grown[]): string {
  const [first, last] = [grown[0], grown.at(-1)] as [Grown, Grown];
  const tables = last.tables.map(({ name }) =>
    row(name, 'bytes', grown, ({ tables: all }) => all.find((table) => table.name === name)?.bytes ?? 0),
  );
  const queries = [...first.queries.keys()].map((name) =>
    row(name, 'time', grown, (one) => one.queries.get(name) ?? 0),
  );
  const vacuums = [...first.vacuums.keys()].map((name) =>
    row(`vacuum of ${name}`, 'time', grown, (one) => (one.vacuums.get(name) ?? 0) * 1000),
  );
  const heading = ['', ...[...sizes, 'exponent', ...aims].map((cell) => cell.toLocaleString('en'))];
  return aligned([heading, ...tables, ...queries, ...vacuums]).join('\n');
}

/** The exponent is that from the first to the last size; what is carried on goes on with it from the last. */
function row(name: string, unit: 'bytes' | 'time', grown: readonly Grown[], value: (one: Grown) => number): string[] {
  const [first, last] = [grown[0], grown.at(-1)] as [Grown, Grown];
  const exponent = Math.log(value(last) / value(first)) / Math.log(last.people / first.people);
  const carried = aims.map((people) => value(last) * (people / last.people) ** Math.max(0, exponent));
  const shown = (number: number) => (unit === 'bytes' ? asMegabytes(number) : `${number.toFixed(1)} ms`);
  return [name, ...grown.map((one) => shown(value(one))), exponent.toFixed(2), ...carried.map(shown)];
}
