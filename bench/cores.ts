import { execFileSync } from 'node:child_process';

/** CPU cores: the measured process has one to itself. */
export interface Cores {
  readonly server: number;
  /** Core of the load generator and of PostgreSQL. */
  readonly load: number;
}

/** @returns the first two cores that this process may use; undefined without `taskset`, or with a single core */
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

/** Expands a list such as `0-2,4` to 0, 1, 2, 4. */
const expand = (list: string): number[] =>
  list.split(',').flatMap((range) => {
    const [from = 0, to = from] = range.split('-').map(Number);
    return Array.from({ length: to - from + 1 }, (_, index) => from + index);
  });

/** Moves this process with all its threads to a core; child processes started later inherit it. */
export function moveTo(core: number): void {
  execFileSync('taskset', ['-acp', String(core), String(process.pid)], { stdio: 'pipe' });
}

/** A command line that starts the command on the given core. */
export const runningOn = (core: number | undefined, command: readonly string[]): string[] =>
  core === undefined ? [...command] : ['taskset', '-c', String(core), ...command];
