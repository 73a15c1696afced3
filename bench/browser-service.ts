import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Closing } from '../src/closing.js';
import { freePort } from '../tests/support/free-port.js';

/** The administrator that the first start makes. */
export const administrator = { username: 'admin', password: 'the password of a benchmark' };

/** How long a start may take, with building; in milliseconds. */
const patience = 180_000;
/** Also the error of the time to the first page; in milliseconds. */
const pollingInterval = 10;

export interface Started {
  readonly url: string;
  /** From the command to the first page that was answered. */
  readonly seconds: number;
  /** Stops the service as Ctrl-C does. */
  stop(): Promise<void>;
}

/** Runs `npm start` in a folder; see `startedBy`. */
export const npmStart = (folder: string, dataDir: string, closing: Closing): Promise<Started> =>
  startedBy(['npm', 'start'], folder, dataDir, closing);

/**
 * Runs a command in a folder, with default settings except those that are given, and waits until the start page is answered.
 * @throws with the output when it ends before that
 */
export async function startedBy(
  [program, ...args]: readonly [string, ...string[]],
  folder: string,
  dataDir: string,
  closing: Closing,
  settings: Readonly<Record<string, string>> = {},
): Promise<Started> {
  const port = await freePort();
  const start = performance.now();
  // A group of its own, as a terminal makes one: the command, the service and its database.
  const child = spawn(program, args, {
    cwd: folder,
    env: { ...environment(port, dataDir), ...settings },
    detached: true,
  });
  const stop = () => interrupt(child);
  closing.add(stop);
  const url = `http://localhost:${port}`;
  await firstPage(url, child, outputOf(child));
  return { url, seconds: (performance.now() - start) / 1000, stop };
}

/** Only what a start needs: settings of the caller must not be used by accident. */
const environment = (port: number, dataDir: string) => ({
  PATH: process.env['PATH'],
  HOME: process.env['HOME'],
  PORT: String(port),
  DATA_DIR: dataDir,
  ADMIN_USERNAME: administrator.username,
  ADMIN_EMAIL: 'admin@example.com',
  ADMIN_PASSWORD: administrator.password,
});

function outputOf(child: ChildProcess): () => string {
  let output = '';
  const add = (chunk: Buffer) => {
    output += chunk;
  };
  child.stdout?.on('data', add);
  child.stderr?.on('data', add);
  return () => output;
}

async function firstPage(url: string, child: ChildProcess, output: () => string): Promise<void> {
  for (const end = performance.now() + patience; performance.now() < end; await sleep(pollingInterval)) {
    if (hasEnded(child)) throw new Error(`The start ended early:\n${output()}`);
    if (await answersPage(url)) return;
  }
  throw new Error(`The start did not answer a page within ${patience / 1000} s:\n${output()}`);
}

async function answersPage(url: string): Promise<boolean> {
  try {
    const reply = await fetch(url, { headers: { accept: 'text/html' } });
    await reply.text();
    return reply.status === 200;
  } catch {
    return false;
  }
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null;

async function interrupt(child: ChildProcess): Promise<void> {
  if (hasEnded(child) || child.pid === undefined) return;
  const exit = once(child, 'exit');
  process.kill(-child.pid, 'SIGINT');
  await exit;
}
