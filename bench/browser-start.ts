import { execFile } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Budget, verdictOf } from './browser-budget.js';
import { npmStart } from './browser-service.js';
import type { Site } from './browser-site.js';
import { interleaved, median } from './statistics.js';

/** Rounds of five starts each. */
const rounds = 3;

/** Bounds in seconds: of a start with kept data, and of `gatehouse --help`. */
const bounds = { kept: 1.2, help: 0.15 } as const;

/** Time from `npm start` to the first page: with kept data, with a new data folder, and with everything still to build. */
export async function browserStart(site: Site): Promise<Budget[]> {
  const floorFolder = await floorPackage(site);
  const [floorData, serviceData] = [new DataFolder(site), new DataFolder(site)];
  const start = async (folder: string, dataDir: string): Promise<number> => {
    const { seconds, stop } = await npmStart(folder, dataDir, site.closing);
    await stop();
    return seconds;
  };
  const times = await interleaved(rounds, {
    floorFresh: async () => start(floorFolder, await floorData.renew()),
    floorKept: async () => start(floorFolder, floorData.current),
    unbuilt: async () => {
      await rm(join(site.folder, 'dist'), { recursive: true, force: true });
      return start(site.folder, await serviceData.renew());
    },
    fresh: async () => start(site.folder, await serviceData.renew()),
    kept: async () => start(site.folder, serviceData.current),
  });
  return [...rowsOf(times), await help(site)];
}

/** Time from starting `gatehouse --help` to its end; Node alone takes a third of it. */
async function help({ folder }: Site): Promise<Budget> {
  const run = async (...args: string[]): Promise<number> => {
    const start = performance.now();
    await promisify(execFile)(process.execPath, args, { cwd: folder });
    return (performance.now() - start) / 1000;
  };
  const times = await interleaved(5 * rounds, {
    node: () => run('--eval', '0'),
    help: () => run('dist/service/cli.js', '--help'),
  });
  return bounded(startRow('gatehouse --help', times.help, times.node), median(times.help), bounds.help);
}

/** @param most seconds */
const bounded = (row: Budget, seconds: number, most: number): Budget => ({
  ...row,
  bound: `≤ ${most} s`,
  verdict: verdictOf(seconds <= most),
});

/** A data folder that is kept until it is renewed. */
class DataFolder {
  current = '';
  constructor(private readonly site: Site) {}

  async renew(): Promise<string> {
    this.current = await this.site.newFolder();
    return this.current;
  }
}

/** A package whose `npm start` runs the floor. */
async function floorPackage(site: Site): Promise<string> {
  const folder = await site.newFolder();
  const program = fileURLToPath(new URL('./browser-floor.js', import.meta.url));
  const content = { private: true, type: 'module', scripts: { start: `exec node ${JSON.stringify(program)}` } };
  await writeFile(join(folder, 'package.json'), JSON.stringify(content));
  return folder;
}

type Times = Readonly<Record<'floorFresh' | 'floorKept' | 'unbuilt' | 'fresh' | 'kept', readonly number[]>>;

function rowsOf({ floorFresh, floorKept, unbuilt, fresh, kept }: Times): Budget[] {
  const building = median(unbuilt) - median(fresh);
  return [
    bounded(startRow('first page, data kept', kept, floorKept), median(kept), bounds.kept),
    startRow('first page, new data folder', fresh, floorFresh),
    startRow('first page, nothing built, new data folder', unbuilt, floorFresh, [
      `building adds ${building.toFixed(2)} s`,
    ]),
  ];
}

/** A row that compares starts with those of a floor. */
export function startRow(
  what: string,
  times: readonly number[],
  floor: readonly number[],
  more: readonly string[] = [],
): Budget {
  const ratio = median(times) / median(floor);
  const measured = `${median(times).toFixed(2)} s, floor ${median(floor).toFixed(2)} s, ratio ${ratio.toFixed(2)}`;
  return { what, measured, bound: '', verdict: 'reported', notes: [...more, `${list(times)}; floor ${list(floor)}`] };
}

const list = (seconds: readonly number[]): string => seconds.map((one) => `${one.toFixed(2)} s`).join(', ');
