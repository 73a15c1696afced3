import { Readable } from 'node:stream';
import { type Export, exportUsers } from '../../src/moving/export-users.js';
import { type Format, sourceOf } from '../../src/moving/formats.js';
import { importUsers, type Summary } from '../../src/moving/import-users.js';
import type { Refused } from '../../src/moving/people-batch.js';
import type { HashParameters } from '../../src/moving/sources/firebase.js';
import { SourceFile } from '../../src/moving/sources/source-file.js';
import { asOperator } from '../../src/open-services.js';
import type { Harness } from './harness.js';

interface Options {
  readonly format?: Format;
  readonly isDry?: boolean;
  readonly allowAdministrators?: boolean;
  readonly hashParameters?: HashParameters;
}

export type Taken = Summary & { readonly report: readonly Refused[] };

/** Imports a text as the command does. */
export async function take(harness: Harness, content: string | Buffer, options: Options = {}): Promise<Taken> {
  const file = await SourceFile.open('-', Readable.from([Buffer.from(content)]));
  const report: Refused[] = [];
  const { format = 'json-lines', isDry = false, allowAdministrators = false, hashParameters } = options;
  try {
    const summary = await importUsers(asOperator(harness.app.services), {
      file,
      format,
      source: sourceOf(format, hashParameters),
      isDry,
      allowAdministrators,
      onRefused: (refused) => void report.push(refused),
      onProgress: () => undefined,
    });
    return { ...summary, report };
  } finally {
    await file.close();
  }
}

/** Line and code of each record that was refused. */
export const codesOf = ({ report }: Taken): (readonly [number, string])[] => report.map(({ at, code }) => [at, code]);

export const jsonLinesOf = (...records: readonly object[]): string =>
  records.map((record) => `${JSON.stringify(record)}\n`).join('');

let count = 0;
/** A record with a name of its own. */
export function someone(more: object = {}): { readonly username: string; readonly email: string } {
  count += 1;
  return { username: `someone${count}`, email: `someone${count}@example.com`, ...more };
}

/** @returns the text of an export */
export async function exported(harness: Harness, options: Partial<Export> = {}): Promise<string> {
  const parts: string[] = [];
  await exportUsers(asOperator(harness.app.services), {
    withSecrets: true,
    write: async (text) => void parts.push(text),
    onProgress: () => undefined,
    ...options,
  });
  return parts.join('');
}
