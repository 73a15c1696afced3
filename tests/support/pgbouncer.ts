import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe } from '@jest/globals';
import { eventually } from './eventually.js';
import { freePort } from './free-port.js';
import { serverOf } from './postgres.js';
import { hasRedis } from './redis.js';

const places = [process.env['PGBOUNCER'], '/usr/sbin/pgbouncer', '/usr/local/bin/pgbouncer'];
const program = places.find((path) => path && existsSync(path));
const missing = [
  ...(program ? [] : ['pgbouncer; install it, or name its path in PGBOUNCER']),
  ...(hasRedis ? [] : ['redis-server; install it, or name its path in REDIS_SERVER']),
];

/** Groups tests that need PgBouncer and Redis. Without one of them they are reported as skipped, with the reason. */
export function describeWithPooler(name: string, tests: () => void): void {
  if (missing.length === 0) describe(name, tests);
  else describe.skip(`${name} (skipped: there is no ${missing.join('; there is no ')})`, tests);
}

/** The configuration that docs/operations.md gives. */
const documented = /```ini\n([^`]*pool_mode[^`]*)```/.exec(readFileSync('docs/operations.md', 'utf8'))?.[1] ?? '';

/** PgBouncer does not run as root; Debian's user without rights. */
const nobody = 65_534;

/** Poolers of this test file. What a test leaves running is ended after it. */
const running = new Set<PgBouncer>();
afterAll(async () => {
  for (const pooler of running) await pooler.stop();
});

/** A real PgBouncer between the service and the server of the tests, with the configuration of the documentation. */
export class PgBouncer {
  private child: ChildProcess | undefined;
  /** What it has logged. */
  readonly logged: string[] = [];

  private constructor(
    readonly port: number,
    private readonly folder: string,
  ) {}

  /** @param more lines for `[pgbouncer]`; of two that set the same, PgBouncer heeds the last one */
  static async start(...more: readonly string[]): Promise<PgBouncer> {
    const folder = await mkdtemp(join(tmpdir(), 'gatehouse-pgbouncer-'));
    const pooler = new PgBouncer(await freePort(), folder);
    const { hostname, port, username, password } = new URL(serverOf().adminUrl);
    const users = join(folder, 'userlist.txt');
    await writeFile(users, `"${decodeURIComponent(username)}" "${decodeURIComponent(password)}"\n`);
    // What differs from the documentation is where things are. A section that begins again would forget what it has set.
    const place = [
      'listen_addr = 127.0.0.1',
      `listen_port = ${pooler.port}`,
      'unix_socket_dir =',
      `auth_file = ${users}`,
    ];
    const databases = documented.replace('[databases]', `[databases]\n* = host=${hostname} port=${port}`);
    await writeFile(pooler.configuration, [databases, ...place, ...more, ''].join('\n'));
    await chmod(folder, 0o755);
    running.add(pooler);
    await pooler.resume();
    return pooler;
  }

  /** A database's URL through the pooler. */
  through(databaseUrl: string): string {
    const url = new URL(databaseUrl);
    url.hostname = '127.0.0.1';
    url.port = String(this.port);
    return url.href;
  }

  /** Starts it again, on the same port. */
  async resume(): Promise<void> {
    const isRoot = process.getuid?.() === 0;
    const child = spawn(String(program), [this.configuration], {
      stdio: ['ignore', 'ignore', 'pipe'],
      ...(isRoot && { uid: nobody, gid: nobody }),
    });
    child.stderr.on('data', (text) => this.logged.push(String(text)));
    this.child = child;
    await eventually(() => this.answers());
  }

  /** @param signal SIGTERM closes all connections at once, as SIGKILL does */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }

  async stop(): Promise<void> {
    running.delete(this);
    await this.end('SIGKILL');
    await rm(this.folder, { recursive: true, force: true });
  }

  private get configuration(): string {
    return join(this.folder, 'pgbouncer.ini');
  }

  private async answers(): Promise<boolean> {
    const socket = connect(this.port, '127.0.0.1');
    const [answer] = await Promise.race([
      once(socket, 'connect').then(() => [true]),
      once(socket, 'error').then(() => [false]),
    ]).catch(() => [false]);
    socket.destroy();
    return Boolean(answer);
  }
}
