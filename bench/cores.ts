import { execFileSync } from 'node:child_process';

/** Who runs where: what is measured has a core that nothing else runs on. */
export interface Cores {
  readonly server: number;
  /** Of the load generator and of PostgreSQL. */
  readonly load: number;
}

/** @returns the first two cores this process may use, or undefined where there is no `taskset` or only one core */
export function chooseCores(): Cores | undefined {
  const [server, load] = allowedCores();
  return server === undefined || load === undefined ? undefined : { server, load };
}

function allowedCores(): number[] {
  try {
    const answer = execFileSync('taskset', ['-cp', String(process.pid)], { encoding: 'utf8', stdio: 'pipe' });
    return expand(answer.slice(answer.lastIndexOf(':') + 1).trim());
  } catch {
    return [];
  }
}

/** `0-2,4` is 0, 1, 2, 4. */
const expand = (list: string): number[] =>
  list.split(',').flatMap((range) => {
    const [from = 0, to = from] = range.split('-').map(Number);
    return Array.from({ length: to - from + 1 }, (_, index) => from + index);
  });

/** Moves this process to a core, with all its threads and whatever it starts from now on. */
export function moveTo(core: number): void {
  execFileSync('taskset', ['-acp', String(core), String(process.pid)], { stdio: 'pipe' });
}

/** A command line that runs on that core from its first instruction. */
export const runningOn = (core: number | undefined, command: readonly string[]): string[] =>
  core === undefined ? [...command] : ['taskset', '-c', String(core), ...command];
