import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../config.js';

/** A mail in the folder, without its text. */
export interface MailSummary {
  readonly id: string;
  /** The headers as they are in the file; empty when one is missing. */
  readonly to: string;
  readonly from: string;
  readonly subject: string;
  /** When it was written, in RFC 3339. */
  readonly date: string;
}

/** Milliseconds since 1970, so that the order of names is that of time, and a random part. */
const idPattern = /^\d{13}-[\da-f]{8}$/;
const extension = '.eml';

/** DATA_DIR/mail: mails as plain files, one each, for development. It is made when the first one is written. */
export class MailFolder {
  readonly path: string;

  constructor({ dataDir }: Pick<Config, 'dataDir'>) {
    this.path = join(dataDir, 'mail');
  }

  /** @returns the id of the mail and its file. The file is there as a whole or not at all */
  async add(source: string): Promise<{ readonly id: string; readonly file: string }> {
    await mkdir(this.path, { recursive: true, mode: 0o700 });
    const id = `${Date.now()}-${randomUUID().slice(0, 8)}`;
    const file = join(this.path, `${id}${extension}`);
    await writeFile(`${file}.part`, source, { mode: 0o600 });
    await rename(`${file}.part`, file);
    return { id, file };
  }

  /** @returns the newest mails, newest first, at most `most` */
  async newest(most: number): Promise<MailSummary[]> {
    const names = await readdir(this.path).catch(() => []);
    const ids = names.filter((name) => name.endsWith(extension)).map((name) => name.slice(0, -extension.length));
    const newest = ids.filter((id) => idPattern.test(id)).sort();
    const mails = await Promise.all(
      newest
        .slice(-most)
        .reverse()
        .map((id) => this.summaryOf(id)),
    );
    return mails.filter((mail) => mail !== undefined);
  }

  /** @returns the mail as it was written; undefined when there is none with this id */
  async source(id: string): Promise<string | undefined> {
    if (!idPattern.test(id)) return undefined;
    const file = join(this.path, `${id}${extension}`);
    const flag = constants.O_RDONLY | constants.O_NOFOLLOW;
    return readFile(file, { encoding: 'utf8', flag }).catch(() => undefined);
  }

  private async summaryOf(id: string): Promise<MailSummary | undefined> {
    const source = await this.source(id);
    if (source === undefined) return undefined;
    const head = source.split('\n\n', 1)[0] ?? '';
    const header = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(head)?.[1] ?? '';
    const date = new Date(Number.parseInt(id, 10)).toISOString();
    return { id, to: header('To'), from: header('From'), subject: header('Subject'), date };
  }
}
