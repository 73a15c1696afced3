import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { SecretBox } from '../secrets.js';

/**
 * A backup is a gzipped tar archive: `backup.json`, then the rows of each table as PostgreSQL's text format of COPY, cut into
 * entries `tables/<table>/<number>.copy`, then `contents.json`. Whatever is without `contents.json` is incomplete.
 */
export const entryNames = {
  header: 'backup.json',
  contents: 'contents.json',
  part: (table: string, n: number): string => `tables/${table}/${String(n).padStart(6, '0')}.copy`,
} as const;

/** Raised when an older program could not read what is written. */
export const format = 1;

/** A file that cannot be restored. The message gives the reason and the remedy in one line. */
export class UnusableBackupError extends Error {
  readonly code = 'UNUSABLE_BACKUP';
  constructor(message: string) {
    super(message);
    this.name = 'UnusableBackupError';
  }
}

const numeral = z.string().regex(/^-?\d{1,40}$/);

const table = z.object({
  name: z.string(),
  columns: z.array(z.string()).min(1),
  rows: numeral,
  /** Sum of a hash of each row, as the database computes it; independent of their order. */
  digest: numeral,
});

/** `backup.json`: what is in the backup, as of its snapshot. */
export const header = z.object({
  format: z.literal(format),
  /** Version of the program that made it. */
  program: z.string(),
  takenAt: z.iso.datetime(),
  /** Names of the migrations that the database had run, oldest first. */
  migrations: z.array(z.string()),
  /** Tells whether APP_SECRET is the same; does not tell what it is. */
  secret: z.string(),
  /** The newest published security event; null when there is none. */
  eventHead: z.object({ sequence: numeral, hash: z.string().nullable() }).nullable(),
  /** Months of security events, as the names of their partitions end: `2026_11`. */
  months: z.array(z.string().regex(/^\d{4}_(0[1-9]|1[0-2])$/)),
  sequences: z.array(z.object({ name: z.string(), last: numeral, isCalled: z.boolean() })),
  /** A table comes after those that it refers to. */
  tables: z.array(table),
});

/** `contents.json`: checksums of what was written. */
export const contents = z.object({
  /** SHA-256 of the rows of each table, in hexadecimal. */
  tables: z.array(z.object({ name: z.string(), sha256: z.string() })),
  /** See `sealOf`. */
  seal: z.string(),
});

export type Header = z.infer<typeof header>;
export type Contents = z.infer<typeof contents>;

/** The same for the same APP_SECRET, which cannot be computed from it. */
export const fingerprintOf = (secrets: SecretBox): string => secrets.derive('backup-fingerprint', '');

/**
 * Authenticates a whole backup under APP_SECRET, so that nobody else can alter one unnoticed.
 * @param head the bytes of `backup.json`
 */
export const sealOf = (secrets: SecretBox, head: Buffer, tables: Contents['tables']): string =>
  secrets.derive('backup', JSON.stringify([createHash('sha256').update(head).digest('hex'), tables]));
