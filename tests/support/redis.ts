import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe } from '@jest/globals';
import { eventually } from './eventually.js';
import { freePort } from './free-port.js';

const places = [process.env['REDIS_SERVER'], '/usr/bin/redis-server', '/usr/local/bin/redis-server'];
const program = places.find((path) => path && existsSync(path));

export const hasRedis = program !== undefined;

/** Groups tests that need a Redis server. Without one they are reported as skipped, with the reason. */
export function describeWithRedis(name: string, tests: () => void): void {
  if (program) describe(name, tests);
  else
    describe.skip(`${name} (skipped: there is no redis-server; install it, or name its path in REDIS_SERVER)`, tests);
}

/** Servers of this test file. What a test leaves running is ended after it. */
const running = new Set<RedisServer>();
afterAll(async () => {
  for (const server of running) await server.stop();
});

/** A real Redis server on a port of its own. It keeps nothing on its disk, so that it is empty after each start. */
export class RedisServer {
  private child: ChildProcess | undefined;

  private constructor(
    readonly port: number,
    readonly folder: string,
    private readonly options: readonly string[],
  ) {}

  /** @param options of the command line, such as `--requirepass`, `secret` */
  static async start(options: readonly string[] = []): Promise<RedisServer> {
    const folder = await mkdtemp(join(tmpdir(), 'gatehouse-redis-'));
    const server = new RedisServer(await freePort(), folder, options);
    running.add(server);
    await server.resume();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Starts it again, on the same port. */
  async resume(): Promise<void> {
    const common = [
      '--bind',
      '127.0.0.1',
      '--dir',
      this.folder,
      '--save',
      '',
      '--appendonly',
      'no',
      '--daemonize',
      'no',
    ];
    this.child = spawn(String(program), ['--port', String(this.port), ...common, ...this.options], { stdio: 'ignore' });
    await eventually(async () => /PONG|NOAUTH/.test(await this.ask(['PING']).catch(() => '')));
  }

  /** Sends a command as redis-cli does. @returns its answer */
  async ask(command: readonly string[], more: readonly string[] = []): Promise<string> {
    const cli = String(program).replace(/server$/, 'cli');
    const { stdout } = await promisify(execFile)(cli, ['-p', String(this.port), ...more, ...command]);
    return stdout.trim();
  }

  /** Names of all keys. */
  async keys(): Promise<string[]> {
    return (await this.ask(['KEYS', '*'])).split('\n').filter(Boolean).sort();
  }

  /** Keeps the process from running, with its connections open. */
  freeze(): void {
    this.child?.kill('SIGSTOP');
  }

  thaw(): void {
    this.child?.kill('SIGCONT');
  }

  /** Ends it as `kill -9` does. */
  async kill(): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  async stop(): Promise<void> {
    running.delete(this);
    await this.kill();
    await rm(this.folder, { recursive: true, force: true });
  }
}
