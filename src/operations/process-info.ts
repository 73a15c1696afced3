import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

export interface ProcessInfo {
  /** The parent's process id; undefined where the operating system does not tell (Windows). */
  readonly parent?: number;
  /** Start time as an opaque text: tells apart two processes that had the same id one after the other. */
  readonly startedAt: string;
  /** The command line; empty where the operating system does not tell. */
  readonly args: readonly string[];
}

/**
 * Describes a live process.
 * @returns undefined when there is no such process. A zombie counts as none: in a container whose first process never
 *   reaps its children it would exist for ever.
 */
export async function describeProcess(pid: number): Promise<ProcessInfo | undefined> {
  if (!isAlive(pid)) return undefined;
  if (process.platform === 'linux') return fromProc(pid);
  if (process.platform === 'win32') return { startedAt: '', args: [] };
  return fromPs(pid);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM: the process belongs to somebody else, and is alive.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * Reads /proc/<pid>/stat: state, parent and start time are fields 3, 4 and 22 (proc_pid_stat(5)). The name may hold
 * blanks.
 */
async function fromProc(pid: number): Promise<ProcessInfo | undefined> {
  try {
    const [stat, commandLine] = await Promise.all([
      readFile(`/proc/${pid}/stat`, 'utf8'),
      readFile(`/proc/${pid}/cmdline`, 'utf8'),
    ]);
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    return {
      parent: Number(fields[1]),
      startedAt: fields[22 - 3] ?? '',
      args: commandLine.split('\0'),
    };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ESRCH') throw error;
    // The process ended meanwhile, or /proc is not mounted.
    return isAlive(pid) ? { startedAt: '', args: [] } : undefined;
  }
}

async function fromPs(pid: number): Promise<ProcessInfo | undefined> {
  const columns = ['-o', 'ppid=', '-o', 'state=', '-o', 'lstart=', '-o', 'command='];
  const { stdout } = await promisify(execFile)('ps', ['-p', String(pid), ...columns], {
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' },
  }).catch(() => ({ stdout: '' }));
  const [, parent, state, startedAt, command] = /^\s*(\d+)\s+(\S+)\s+(.{24})\s+(.*)/.exec(stdout) ?? [];
  if (parent === undefined || state?.startsWith('Z')) return undefined;
  return { parent: Number(parent), startedAt: startedAt?.replace(/\W/g, '') ?? '', args: command?.split(' ') ?? [] };
}
