import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from './client.js';
import { eventually } from './eventually.js';
import { password } from './harness.js';
import { cloneDatabase } from './postgres.js';

const program = resolve('dist/service/main.js');
/** Options of Node, as `npm start` has them: `exec node --option … program`. */
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: { start: string } };
const options = scripts.start.split(' ').slice(2, -1);

/** Rate limits are high, so that no attack is refused for its frequency: what is measured is the single request. */
const settings = {
  NODE_ENV: 'test',
  PORT: '0',
  APP_SECRET: 'a test secret that has at least 32 bytes',
  ARGON2_MEMORY_KIB: '64',
  ARGON2_TIME_COST: '1',
  ADMIN_USERNAME: 'root.admin',
  ADMIN_EMAIL: 'root@example.com',
  ADMIN_PASSWORD: password,
  RATE_LIMIT_COST: '999999999/1m',
  SESSIONS_PER_ACCOUNT: '250',
  RATE_LIMIT_LOGIN: '100000/1m',
  RATE_LIMIT_REGISTER: '100000/1m',
  RATE_LIMIT_MUTATION: '100000/1m',
  RATE_LIMIT_PASSWORD_STRENGTH: '100000/1m',
  RATE_LIMIT_VERIFICATION: '100000/1m',
};

export interface Strain {
  /** Greatest growth of the process's resident memory during the attack, in MiB. */
  readonly growth: number;
  /**
   * Longest time that /health/live took to answer, in milliseconds, without the time in which other programs of the machine kept
   * the processors from it.
   */
  readonly slowest: number;
}

/** The compiled service in a process of its own, so that its memory can be measured, with its own database. */
export class ServiceProcess {
  private constructor(
    readonly url: string,
    readonly databaseUrl: string,
    private readonly child: ChildProcess,
    private readonly dataDir: string,
    private readonly dropDatabase: () => Promise<void>,
  ) {}

  /** @param more variables; with `PUBLIC_URL`, also `PORT`, because the log then does not name it */
  static async start(more: Record<string, string> = {}): Promise<ServiceProcess> {
    const dataDir = await mkdtemp(join(tmpdir(), 'gatehouse-process-'));
    const database = await cloneDatabase();
    const { PATH = '' } = process.env;
    const env = { PATH, ...settings, DATA_DIR: dataDir, DATABASE_URL: database.url, ...more };
    const child = spawn(process.execPath, [...options, program], { env });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk) => {
        output += chunk;
      });
    const url = await eventually(() => {
      if (child.exitCode !== null) throw new Error(output);
      return /ready at (http:\S+)\/graphql/.exec(output)?.[1];
    }, 60_000);
    const local = more['PORT'] ? `http://127.0.0.1:${more['PORT']}` : url;
    return new ServiceProcess(local, more['DATABASE_URL'] ?? database.url, child, dataDir, database.drop);
  }

  async administrator(): Promise<Client> {
    const client = new Client(this.url);
    await client.login(settings.ADMIN_USERNAME, password);
    return client;
  }

  /** Current resident memory, in MiB. */
  memory(): number {
    const status = readFileSync(`/proc/${this.child.pid}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
  }

  /** How long the main thread has been ready to run while others had the processors, in milliseconds. */
  private waitedForProcessor(): number {
    const [, nanoseconds] = readFileSync(`/proc/${this.child.pid}/task/${this.child.pid}/schedstat`, 'utf8').split(' ');
    return Number(nanoseconds) / 1e6;
  }

  /** Runs the attack and samples memory and health during it and shortly after. */
  async under(attack: () => Promise<unknown>): Promise<Strain> {
    const before = this.memory();
    let [growth, slowest, isOver] = [0, 0, false];
    const watching = (async () => {
      for (let after = 0; after < 3; after += isOver ? 1 : 0) {
        slowest = Math.max(slowest, await this.pulse());
        growth = Math.max(growth, this.memory() - before);
        await sleep(20);
      }
    })();
    await attack().finally(() => {
      isOver = true;
    });
    await watching;
    return { growth, slowest };
  }

  /** @returns how long the process took to answer the health check, in milliseconds */
  private async pulse(): Promise<number> {
    const [start, waited] = [performance.now(), this.waitedForProcessor()];
    const reply = await fetch(`${this.url}/health/live`);
    await reply.text();
    if (reply.status !== 200) throw new Error(`/health/live answered ${reply.status}`);
    return performance.now() - start - (this.waitedForProcessor() - waited);
  }

  /** Ends the process as `kill -9` does. */
  async kill(): Promise<void> {
    const ended = once(this.child, 'exit');
    if (this.child.kill('SIGKILL')) await ended;
  }

  async stop(): Promise<void> {
    const ended = once(this.child, 'exit');
    if (this.child.exitCode === null && this.child.signalCode === null && this.child.kill('SIGTERM')) await ended;
    await this.dropDatabase();
    await rm(this.dataDir, { recursive: true, force: true });
  }
}
