import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { eventually } from '../tests/support/eventually.js';
import { fixedPort } from './fixed-port.js';
import { SeparateNetwork } from './separate-network.js';

const places = [process.env['REDIS_SERVER'], '/usr/bin/redis-server', '/usr/local/bin/redis-server'];
const program = places.find((path) => path && existsSync(path));

/** @returns why there can be no Redis; undefined when there can */
export const whyNoRedis = (): string | undefined =>
  program ? undefined : 'there is no redis-server; install it, or name its path in REDIS_SERVER';

/** A Redis server that keeps nothing on its disk; on a host of its own where the system allows that. */
export class RedisServer {
  private child: ChildProcess | undefined;

  private constructor(
    private readonly port: number,
    /** Undefined where the system does not let this process make one; the reason is told. */
    readonly network: SeparateNetwork | undefined,
  ) {}

  static async start(): Promise<RedisServer> {
    const network = await SeparateNetwork.make().catch((error: { stderr?: string }) => {
      console.log(`SKIPPED partition of Redis: no network namespace: ${(error.stderr || String(error)).trim()}`);
      return undefined;
    });
    const server = new RedisServer(await fixedPort(), network);
    await server.resume();
    return server;
  }

  get url(): string {
    return `redis://${this.host}:${this.port}`;
  }

  /** Starts it again, empty, on the same port. */
  async resume(): Promise<void> {
    const place = ['--port', String(this.port), '--bind', this.host, '--protected-mode', 'no', '--dir', '/tmp'];
    const [first = '', ...words] = [
      ...(this.network?.prefix ?? []),
      String(program),
      ...place,
      '--save',
      '',
      '--appendonly',
      'no',
    ];
    this.child = spawn(first, words, { stdio: 'ignore' });
    await eventually(() => this.answers(), 60_000, 50);
  }

  signal(name: NodeJS.Signals): void {
    this.child?.kill(name);
  }

  async forget(): Promise<void> {
    await this.ask('FLUSHALL');
  }

  async kill(): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  async close(): Promise<void> {
    await this.kill();
    await this.network?.remove();
  }

  private get host(): string {
    return this.network?.address ?? '127.0.0.1';
  }

  private answers(): Promise<boolean> {
    return this.ask('PING').then(
      (answer) => answer.trim() === 'PONG',
      () => false,
    );
  }

  private async ask(command: string): Promise<string> {
    const cli = String(program).replace(/server$/, 'cli');
    const options = ['-h', this.host, '-p', String(this.port), command];
    return (await promisify(execFile)(cli, options, { timeout: 5000 })).stdout;
  }
}
