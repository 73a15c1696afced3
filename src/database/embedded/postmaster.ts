import { readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describeProcess, type ProcessInfo } from '../../operations/process-info.js';

export const pollingInterval = 20; // ms

/** How long an orphan may take for each signal, in ms. */
const patience = [
  ['SIGINT', 10_000],
  ['SIGQUIT', 5_000],
  ['SIGKILL', 5_000],
] as const;

export interface PidFile {
  readonly pid: number;
  readonly port: number;
  readonly ready: boolean;
}

/** What postmaster.pid says (PostgreSQL's pidfile.h): line 1 the process, line 4 its port, line 8 its state. */
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
 * Settings that PostgreSQL ignores and that we read back from its command line: which cluster it
 * serves and which process started it. They are there from its first moment until its last.
 */
export async function ownershipMarks(clusterDir: string): Promise<Record<string, string>> {
  return { 'gatehouse.cluster': await inode(clusterDir), 'gatehouse.owner': String(process.pid) };
}

export type Occupant =
  | { state: 'none' }
  /** The pid file is stale: its number belongs to a process that has nothing to do with it. */
  | { state: 'foreign'; pid: number }
  /** PostgreSQL runs on the cluster, and the process that started it is dead. */
  | { state: 'orphan'; pid: number }
  | { state: 'owned'; pid: number }
  /** The system does not tell; PostgreSQL's own check decides. */
  | { state: 'unknown'; pid: number };

/**
 * Who has the cluster. The kernel gives a dead process's children another parent at once: a
 * postmaster whose parent is still the process that started it has a living owner, any other is an
 * orphan. This needs no lock that could be left behind, and no time has to pass.
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

/** PostgreSQL works in its cluster's directory. Root without CAP_SYS_PTRACE cannot see that, but can see the mark. */
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

/** Ends a PostgreSQL that we are not the parent of; resolves when it is gone. */
export async function stopOrphan(pid: number): Promise<void> {
  const startedAt = (await describeProcess(pid))?.startedAt;
  const gone = async () => (await describeProcess(pid))?.startedAt !== startedAt;
  for (const [signal, time] of patience) {
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
