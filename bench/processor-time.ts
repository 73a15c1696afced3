import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks per second in /proc, on all architectures that Node runs on. */
const ticks = 100;

interface Stat {
  readonly parent: number;
  /** Processor seconds of the process itself. */
  readonly own: number;
  /** Of its children that have ended. */
  readonly ended: number;
}

/** @returns undefined for a process that is gone, and where there is no /proc */
function statOf(pid: number | string): Stat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name of the program, in brackets, may contain spaces.
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const [parent = 0, user = 0, system = 0, endedUser = 0, endedSystem = 0] = [1, 11, 12, 13, 14].map(
      (n) => fields[n],
    );
    return { parent, own: (user + system) / ticks, ended: (endedUser + endedSystem) / ticks };
  } catch {
    return undefined;
  }
}

/** Processor seconds that a process has used so far; NaN where the system does not tell. */
export const processorTime = (pid: number): number => statOf(pid)?.own ?? Number.NaN;

/** The parent of a process; undefined where the system does not tell. */
export const parentOf = (pid: number): number | undefined => statOf(pid)?.parent;

/** Processor seconds of a process and of all its children, also of those that have ended. */
export function processorTimeOfFamily(pid: number): number {
  const stat = statOf(pid);
  if (!stat) return Number.NaN;
  const children = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const living = children.map((child) => statOf(child)).filter((child) => child?.parent === pid);
  return living.reduce((sum, child) => sum + (child?.own ?? 0), stat.own + stat.ended);
}
