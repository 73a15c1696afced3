import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { pino } from 'pino';
import { Database } from '../src/database/database.js';
import { startEmbeddedPostgres } from '../src/database/embedded/embedded-postgres.js';
import { SearchIndex } from '../src/database/search-index.js';
import { entities } from '../src/entities.js';

const log = pino({ level: 'silent' });

/** A migrated cluster that each scenario gets a copy of: making one takes seconds. */
export class Template {
  private constructor(private readonly directory: string) {}

  static async make(): Promise<Template> {
    const template = new Template(await mkdtemp(join(tmpdir(), 'gatehouse-faults-template-')));
    await template.fill().catch(async (error) => {
      await template.remove();
      throw error;
    });
    return template;
  }

  private async fill(): Promise<void> {
    const postgres = await startEmbeddedPostgres({ dataDir: this.directory, log, settings: { fsync: 'off' } });
    try {
      await (await Database.open(postgres.url, 2, log, entities)).close();
      await new SearchIndex(postgres.url, log).ensure();
    } finally {
      await postgres.stop();
    }
  }

  /** The cluster may belong to another account than this process, and stays with it. */
  async copyTo(directory: string): Promise<void> {
    await promisify(execFile)('cp', ['-a', `${this.directory}/.`, directory]);
  }

  remove(): Promise<void> {
    return rm(this.directory, { recursive: true, force: true });
  }
}
