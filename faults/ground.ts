import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../src/database/embedded/embedded-postgres.js';
import { freePort } from '../tests/support/free-port.js';
import { Mailbox } from '../tests/support/mailbox.js';
import { Service } from './service.js';

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** A PostgreSQL, a mail server and processes of the service, each of which can be made to fail. */
export class Ground {
  readonly mailbox = new Mailbox();
  private readonly services: Service[] = [];
  private postgres: EmbeddedPostgres | undefined;
  private smtpUrl = '';
  /** Base of mailed links, the same in all processes. */
  private readonly publicUrl = 'http://localhost:4000';

  private constructor(
    private readonly directory: string,
    private readonly port: number,
  ) {}

  static async prepare(): Promise<Ground> {
    const ground = new Ground(await mkdtemp(join(tmpdir(), 'gatehouse-faults-')), await freePort());
    ground.smtpUrl = await ground.mailbox.listen();
    await ground.startDatabase();
    return ground;
  }

  async startDatabase(): Promise<void> {
    this.postgres = await startEmbeddedPostgres({
      dataDir: this.directory,
      log,
      port: this.port,
      settings: { max_connections: '200' },
    });
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

  get databaseUrl(): string {
    return this.postgres?.url ?? '';
  }

  async service(more: Record<string, string> = {}): Promise<Service> {
    const service = await Service.start({
      DATABASE_URL: this.databaseUrl,
      DATA_DIR: this.directory,
      SMTP_URL: this.smtpUrl,
      PUBLIC_URL: this.publicUrl,
      PORT: String(await freePort()),
      ...more,
    });
    this.services.push(service);
    return service;
  }

  /** Runs one statement over a connection of its own. */
  async rows<Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> {
    const client = new pg.Client({ connectionString: this.databaseUrl });
    await client.connect();
    try {
      return (await client.query<Row>(text, values)).rows;
    } finally {
      await client.end();
    }
  }

  async close(): Promise<void> {
    for (const service of this.services) await service.stop('SIGKILL');
    await this.mailbox.close();
    await this.postgres?.stop().catch(() => undefined);
    await rm(this.directory, { recursive: true, force: true });
  }
}
