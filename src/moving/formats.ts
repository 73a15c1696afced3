import { refuse } from '../errors.js';
import { auth0 } from './sources/auth0.js';
import { csv } from './sources/csv.js';
import { firebase, type HashParameters } from './sources/firebase.js';
import { flask } from './sources/flask.js';
import type { Source } from './sources/found.js';
import { jsonLines } from './sources/json-lines.js';
import { keycloak } from './sources/keycloak.js';
import type { SourceFile } from './sources/source-file.js';

const sources = { 'json-lines': jsonLines, csv, keycloak, flask, auth0 } as const satisfies Record<string, Source>;

export type Format = keyof typeof sources | 'firebase';
export const formatNames: readonly Format[] = [...(Object.keys(sources) as (keyof typeof sources)[]), 'firebase'];

/** @param parameters of the hashes of a Firebase project */
export const sourceOf = (format: Format, parameters?: HashParameters): Source =>
  format === 'firebase' ? firebase(parameters) : sources[format];

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
