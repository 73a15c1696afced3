import { readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describeProcess, type ProcessInfo } from '../../operations/process-info.js';

export const pollingInterval = 20; // ms

/** Signals for an orphaned server and how long each may take, in milliseconds. */
const stopSignals = [
  ['SIGINT', 10_000],
  ['SIGQUIT', 5_000],
  ['SIGKILL', 5_000],
] as const;

export interface PidFile {
  readonly pid: number;
  readonly port: number;
  readonly ready: boolean;
}

/**
 * Reads postmaster.pid (format: PostgreSQL's pidfile.h): line 1 is the process id, line 4 the port, line 8 the state.
 */
export async function readPidFile(clusterDir: string): Promise<PidFile | undefined> {
  const content = await readFile(join(clusterDir, 'postmaster.pid'), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  const lines = content.split('\n');
  const pid = Number(lines[0]);
  return pid > 0 ? { pid, port: Number(lines[3]), ready: lines[7]?.trim() === 'ready' } : undefined;
}

/**
 * Settings that PostgreSQL ignores and that are read back from its command line: which cluster it serves and which
 * process started it. They are visible as long as the process exists.
 */
export async function ownershipMarks(clusterDir: string): Promise<Record<string, string>> {
  return { 'gatehouse.cluster': await inode(clusterDir), 'gatehouse.owner': String(process.pid) };
}

export type Occupant =
  | { state: 'none' }
  /** The pid file is stale: its process id belongs to an unrelated process. */
  | { state: 'foreign'; pid: number }
  /** PostgreSQL serves the cluster, but the process that started it is dead. */
  | { state: 'orphan'; pid: number }
  /** PostgreSQL serves the cluster, and the process that started it is alive. */
  | { state: 'owned'; pid: number }
  /** The operating system does not tell; PostgreSQL's own lock decides. */
  | { state: 'unknown'; pid: number };

/**
 * Tells which process uses the cluster. The kernel gives the children of a dead process a new parent at once, so a
 * postmaster whose parent is still the process that started it has a live owner; any other is an orphan. This needs no
 * lock file that could be left behind, and no waiting.
 */
export async function inspectCluster(clusterDir: string): Promise<Occupant> {
  const { pid } = (await readPidFile(clusterDir)) ?? {};
  const info = pid === undefined ? undefined : await describeProcess(pid);
  if (pid === undefined || info === undefined) return { state: 'none' };
  if (info.parent === undefined) return { state: 'unknown', pid };
  if (!(await serves(pid, info, clusterDir))) return { state: 'foreign', pid };
  const owner = mark(info, 'gatehouse.owner');
  return { state: owner === undefined || Number(owner) === info.parent ? 'owned' : 'orphan', pid };
}

/** PostgreSQL runs in its cluster's directory. Root without CAP_SYS_PTRACE cannot read that, but can read the mark. */
async function serves(pid: number, info: ProcessInfo, clusterDir: string): Promise<boolean> {
  if (!/^postgres(\.exe)?$/.test(basename(info.args[0] ?? ''))) return false;
  const cluster = await inode(clusterDir);
  const workingDir = await inode(`/proc/${pid}/cwd`).catch(() => mark(info, 'gatehouse.cluster'));
  return workingDir === cluster;
}

function mark(info: ProcessInfo, name: string): string | undefined {
  return info.args.find((arg) => arg.startsWith(`${name}=`))?.slice(name.length + 1);
}

async function inode(path: string): Promise<string> {
  const { dev, ino } = await stat(path, { bigint: true });
  return `${dev}:${ino}`;
}

/**
 * Stops a PostgreSQL that is not a child of this process; resolves when it has exited.
 * @throws Error when it survives SIGKILL for 5 seconds
 */
export async function stopOrphan(pid: number): Promise<void> {
  const startedAt = (await describeProcess(pid))?.startedAt;
  const gone = async () => (await describeProcess(pid))?.startedAt !== startedAt;
  for (const [signal, time] of stopSignals) {
    if (await gone()) return;
    sendSignal(pid, signal);
    const deadline = Date.now() + time;
    while (Date.now() < deadline) {
      if (await gone()) return;
      await delay(pollingInterval);
    }
  }
  throw new Error(`PostgreSQL, process ${pid}, was left behind by an earlier start and cannot be stopped`);
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
