import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, jest } from '@jest/globals';
import { Client } from './client.js';
import { eventually } from './eventually.js';

const program = resolve('dist/service/main.js');
/** In milliseconds. A start takes a few seconds, but many times that on a busy machine. */
export const patience = 90_000;
const running = new Set<Started>();
let folder: string;

/** The folder in which the services of this test file run. */
export const folderOfServices = () => folder;

/** Makes a folder for the services of a test file. Ends after each test what is left running. */
export function useFolderOfServices(): void {
  jest.setTimeout(3 * patience);
  beforeAll(async () => {
    const root = await mkdtemp(join(tmpdir(), 'gatehouse-start-'));
    folder = join(root, 'a folder with spaces');
    await mkdir(folder, { mode: 0o700 });
  });
  // A service that a failed test leaves running would make later tests fail.
  afterEach(async () => {
    for (const service of running) await service.stop();
  });
  afterAll(async () => {
    // A database that was killed with its service may write a last file.
    await rm(resolve(folder, '..'), { recursive: true, force: true, maxRetries: 10 });
  });
}

/** The service like `npm start` runs it: the built program in a folder of its own, with its own PostgreSQL. */
export class Started {
  output = '';
  readonly ended: Promise<number | null>;
  private readonly child: ChildProcess;

  /** @param started the program; that of the checkout by default */
  constructor(env: Record<string, string> = {}, args: readonly string[] = [], started = program) {
    const { PATH = '', HOME = '' } = process.env;
    this.child = spawn(process.execPath, [started, ...args], { cwd: folder, env: { PATH, HOME, PORT: '0', ...env } });
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.on('data', (chunk) => {
        this.output += chunk;
      });
    this.ended = once(this.child, 'exit').then(([code]) => {
      running.delete(this);
      return code as number | null;
    });
    running.add(this);
  }

  /** Waits until the service answers. */
  async ready(): Promise<Client> {
    const ended = this.ended.then((code) => Promise.reject(new Error(`It ended with ${code}: ${this.output}`)));
    const listening = eventually(() => /ready at (http:\S+)\/graphql/.exec(this.output)?.[1], patience);
    return new Client(await Promise.race([listening, ended]));
  }

  /** @returns the exit code */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    this.child.kill(signal);
    return this.ended;
  }
}

/** Whether a process runs; a zombie does not. */
export const isRunning = (pid: number) =>
  existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
/** The administrator's name and password that a first start shows. */
export const credentials = (output: string) => /First administrator: (\S+)\s+Password: +(\S+)/.exec(output);
