import { migrationNames } from '../database/migration-names.js';
import type { SecretBox } from '../secrets.js';
import type { ArchiveReader, Entry } from './archive.js';
import {
  type Contents,
  contents,
  entryNames,
  fingerprintOf,
  format,
  type Header,
  header,
  UnusableBackupError,
} from './backup-format.js';
import { isRestorable } from './restorable.js';

/** Longest text of `backup.json` and `contents.json`, in bytes. */
const longestText = 16 * 1024 ** 2;

export interface ReadHeader {
  readonly header: Header;
  readonly bytes: Buffer;
}

/** Reads `backup.json`. @throws UnusableBackupError for what this program cannot restore, or not under this APP_SECRET */
export async function readHeader(archive: ArchiveReader, secrets: SecretBox): Promise<ReadHeader> {
  const entry = await archive.take();
  if (entry.name !== entryNames.header) throw new UnusableBackupError('The file is no backup of Gatehouse.');
  const bytes = await textOf(entry);
  const value = parsed(bytes);
  if (typeof value?.format === 'number' && value.format > format) throw newer(String(value.program));
  const read = header.safeParse(value);
  if (!read.success) throw altered();
  check(read.data, secrets);
  return { header: read.data, bytes };
}

/** Reads `contents.json`, which is the last entry. @throws UnusableBackupError */
export async function readContents(archive: ArchiveReader): Promise<Contents> {
  const entry = await archive.take();
  if (entry.name !== entryNames.contents) throw altered();
  const read = contents.safeParse(parsed(await textOf(entry)));
  if (!read.success) throw altered();
  return read.data;
}

export const altered = (what = ''): UnusableBackupError =>
  new UnusableBackupError(`The file was damaged or altered${what}. Take another one; nothing was restored.`);

const newer = (program: string) =>
  new UnusableBackupError(
    `The backup was made by a newer version (${program.replace(/[^\w.+-]/g, '')}) than this program. Restore it with that version.`,
  );

function check({ program, migrations, secret }: Header, secrets: SecretBox): void {
  if (migrations.some((name) => !(migrationNames as readonly string[]).includes(name))) throw newer(program);
  const isPrefix = migrations.every((name, n) => name === migrationNames[n]);
  if (!isPrefix || !isRestorable(migrations))
    throw new UnusableBackupError(
      'The backup has tables that this program has never had; restore it with the version that made it.',
    );
  if (secret !== fingerprintOf(secrets))
    throw new UnusableBackupError(
      'The backup was made under another APP_SECRET, without which second factors and the record of events are lost. Set the APP_SECRET of the service that it was made of, or put its file app-secret into DATA_DIR.',
    );
}

async function textOf({ size, content }: Entry): Promise<Buffer> {
  if (size > longestText) throw altered();
  const parts: Buffer[] = [];
  for await (const part of content) parts.push(part);
  return Buffer.concat(parts);
}

function parsed(bytes: Buffer): { format?: unknown; program?: unknown } | undefined {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    throw altered();
  }
}
