import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Client } from '../tests/support/client.js';
import { eventually } from '../tests/support/eventually.js';

const program = resolve('dist/service/main.js');
/** Options of Node, as `npm start` has them: `exec node --option … program`. */
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: { start: string } };
const options = scripts.start.split(' ').slice(2, -1);

const administrator = { username: 'root.admin', password: 'a long enough passphrase' };
const settings = {
  NODE_ENV: 'test',
  PAGES: 'off',
  APP_SECRET: 'the secret of a service that is made to fail',
  ARGON2_MEMORY_KIB: '64',
  ARGON2_TIME_COST: '1',
  ADMIN_USERNAME: administrator.username,
  ADMIN_EMAIL: 'root@example.com',
  ADMIN_PASSWORD: administrator.password,
  RATE_LIMIT_COST: '999999999/1m',
  RATE_LIMIT_LOGIN: '1000000/1m',
  RATE_LIMIT_REGISTER: '1000000/1m',
  RATE_LIMIT_VERIFICATION: '1000000/1m',
  RATE_LIMIT_PASSWORD_RESET: '1000000/1m',
  RATE_LIMIT_MUTATION: '1000000/1m',
  REAUTHENTICATION_AFTER: 'off',
};

/** Longest time of a start, in milliseconds: long on a busy machine. */
const longestStart = 180_000;

/** The compiled service in a process of its own. */
export class Service {
  private child: ChildProcess | undefined;
  /** What the last process has written. */
  output = '';

  private constructor(private readonly env: Record<string, string>) {}

  static async start(env: Record<string, string>): Promise<Service> {
    const service = new Service(env);
    await service.run();
    return service;
  }

  get url(): string {
    return `http://127.0.0.1:${this.env['PORT']}`;
  }

  /** Starts the process again; resolves when it is ready. */
  async run(): Promise<void> {
    const { PATH = '' } = process.env;
    this.output = '';
    const child = spawn(process.execPath, [...options, program], { env: { PATH, ...settings, ...this.env } });
    this.child = child;
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk) => {
        this.output += chunk;
      });
    await eventually(
      () => {
        if (child.exitCode !== null) throw new Error(this.output);
        return this.isReady();
      },
      longestStart,
      50,
    );
  }

  isReady(): Promise<boolean> {
    return fetch(`${this.url}/health/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  }

  signal(name: NodeJS.Signals): void {
    this.child?.kill(name);
  }

  /** Resolves with the exit code, null after a signal, when the process has ended. */
  async stop(name: NodeJS.Signals): Promise<number | null> {
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const ended = once(child, 'exit');
    child.kill(name);
    const [code] = await ended;
    return code;
  }

  async administrator(): Promise<Client> {
    const client = new Client(this.url);
    await client.login(administrator.username, administrator.password);
    return client;
  }
}
