import { refuse } from '../errors.js';
import { csv } from './sources/csv.js';
import { flask } from './sources/flask.js';
import type { Source } from './sources/found.js';
import { jsonLines } from './sources/json-lines.js';
import { keycloak } from './sources/keycloak.js';
import type { SourceFile } from './sources/source-file.js';

const formats = { 'json-lines': jsonLines, csv, keycloak, flask } as const satisfies Record<string, Source>;

export type Format = keyof typeof formats;
export const formatNames = Object.keys(formats) as Format[];
export const sourceOf = (format: Format): Source => formats[format];

/**
 * Guesses only where nothing else is likely: whether a file is JSON Lines or CSV of Gatehouse's own fields.
 * @throws Refusal INVALID_INPUT when the format has to be given
 */
export function guessedFormat({ head }: Pick<SourceFile, 'head'>): Format {
  const [line = ''] = head
    .replace(/^\uFEFF/, '')
    .trimStart()
    .split(/\r?\n/);
  const names = line.split(',').map((name) => name.replaceAll('"', '').trim());
  if (['username', 'email'].every((name) => names.includes(name))) return 'csv';
  if (/^\{"type":"(?:gatehouse|role|person)"|^\{.*"username":.*\}$/.test(line.replaceAll(/\s/g, '')))
    return 'json-lines';
  throw refuse('INVALID_INPUT', `Say the format of the file: --format ${formatNames.join(', ')}.`);
}
