import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import {
  type EmbeddedPostgres,
  findEmbeddedPostgres,
  startEmbeddedPostgres,
} from '../src/database/embedded/embedded-postgres.js';
import { eventually } from '../tests/support/eventually.js';
import { Mailbox } from '../tests/support/mailbox.js';
import { fixedPort } from './fixed-port.js';
import { Service } from './service.js';
import type { Template } from './template.js';
import { Volume } from './volume.js';

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** A PostgreSQL, a mail server and processes of the service, each of which can be made to fail. */
export class Ground {
  readonly mailbox = new Mailbox();
  private readonly services: Service[] = [];
  private readonly volumes: Volume[] = [];
  private postgres: EmbeddedPostgres | undefined;
  private url = '';
  private smtpUrl = '';
  /** Base of mailed links, the same in all processes. */
  private readonly publicUrl = 'http://localhost:4000';

  private constructor(
    private readonly template: Template,
    private readonly directory: string,
    private readonly port: number,
  ) {}

  /** @param template of the database, which is not started yet */
  static async prepare(template: Template): Promise<Ground> {
    const ground = new Ground(template, await mkdtemp(join(tmpdir(), 'gatehouse-faults-')), await fixedPort());
    ground.smtpUrl = await ground.mailbox.listen();
    return ground;
  }

  async startDatabase(): Promise<void> {
    if (!this.url) await this.template.copyTo(this.directory);
    this.postgres = await startEmbeddedPostgres({
      dataDir: this.directory,
      log,
      port: this.port,
      settings: { max_connections: '200' },
    });
    this.url = this.postgres.url;
  }

  /** As a power cut: every process of PostgreSQL is gone at once. */
  async killDatabase(): Promise<void> {
    const [pid] = (await readFile(join(this.directory, 'postgres', 'postmaster.pid'), 'utf8')).split('\n');
    process.kill(Number(pid), 'SIGKILL');
    await this.postgres?.stop().catch(() => undefined);
  }

  async stopDatabase(): Promise<void> {
    await this.postgres?.stop();
  }

  /** @param size in MiB */
  async volume(name: string, size: number): Promise<Volume> {
    const directory = join(this.directory, name);
    await mkdir(directory);
    const volume = await Volume.mount(directory, size);
    this.volumes.push(volume);
    return volume;
  }

  /** Starts a process beside the others, and the database before the first. */
  async service(more: Record<string, string> = {}): Promise<Service> {
    if (!this.url) await this.startDatabase();
    return this.start({ DATABASE_URL: this.url, DATA_DIR: this.directory, ...more });
  }

  /** Starts the service with an embedded database, which it starts again by itself. */
  async serviceWithDatabase({ directory }: Volume, more: Record<string, string>): Promise<Service> {
    await this.template.copyTo(directory);
    const service = await this.start({ DATA_DIR: directory, ...more });
    this.url = await eventually(() => findEmbeddedPostgres(directory), 60_000, 200);
    return service;
  }

  private async start(more: Record<string, string>): Promise<Service> {
    const env = { SMTP_URL: this.smtpUrl, PUBLIC_URL: this.publicUrl, PORT: String(await fixedPort()), ...more };
    const service = await Service.start(env);
    this.services.push(service);
    return service;
  }

  /** Runs one statement over a connection of its own. */
  async rows<Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> {
    const client = new pg.Client({ connectionString: this.url });
    // A connection that is lost is reported by the statement.
    client.on('error', () => undefined);
    try {
      await client.connect();
      return (await client.query<Row>(text, values)).rows;
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  /** Waits until the statement finds no row, for up to a minute. */
  async untilNone(text: string): Promise<void> {
    // A connection costs a new process of PostgreSQL.
    await eventually(async () => (await this.rows(text)).length === 0, 60_000, 200);
  }

  async close(): Promise<void> {
    for (const service of this.services) await service.stop('SIGTERM');
    await this.mailbox.close();
    await this.postgres?.stop().catch(() => undefined);
    for (const volume of this.volumes) await volume.unmount().catch(() => undefined);
    await rm(this.directory, { recursive: true, force: true });
  }
}
