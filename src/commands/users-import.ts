import { readFile } from 'node:fs/promises';
import { loadConfig } from '../config.js';
import { refuse } from '../errors.js';
import { type Format, formatNames, guessedFormat, sourceOf } from '../moving/formats.js';
import { importUsers } from '../moving/import-users.js';
import type { Refused } from '../moving/people-batch.js';
import { type HashParameters, hashParameters } from '../moving/sources/firebase.js';
import { SourceFile } from '../moving/sources/source-file.js';
import { asOperator, withServices } from '../open-services.js';
import type { Environment } from './command.js';
import { cell, type Output } from './output.js';
import { Progress } from './progress.js';

export interface Importing {
  readonly format?: string;
  readonly dryRun?: boolean;
  readonly allowAdministrators?: boolean;
  /** File with the parameters of the hashes of a Firebase project, in JSON. */
  readonly firebaseHash?: string;
}

/**
 * Takes the people of a file, and prints one line for each record that is not taken. The exit code is 1 if there is one.
 * @param path `-`: standard input
 * @throws Refusal INVALID_INPUT
 */
export async function importPeople(env: Environment, path: string, options: Importing, output: Output): Promise<void> {
  const config = loadConfig(env);
  const parameters = options.firebaseHash ? await parametersIn(options.firebaseHash) : undefined;
  const file = await SourceFile.open(path);
  const format = formatOf(options.format, file);
  const progress = new Progress('records');
  const print = (refused: Refused) => {
    progress.end();
    report(refused, output);
  };
  const isDry = options.dryRun === true;
  try {
    const { imported, refused, earlier } = await withServices(config, (services) =>
      importUsers(asOperator(services), {
        file,
        format,
        source: sourceOf(format, parameters),
        isDry,
        allowAdministrators: options.allowAdministrators === true,
        onRefused: print,
        onProgress: (done) => progress.at(done),
      }),
    );
    progress.end();
    const count = isDry ? { wouldImport: imported } : { imported };
    const would = isDry ? ' would be' : '';
    const before = earlier > 0 ? ` ${earlier} had been imported before.` : '';
    output.print(
      { ...count, refused, earlier },
      `${people(imported)}${would} imported, ${refused} records${would} refused.${before}`,
    );
    if (refused > 0) process.exitCode = 1;
  } finally {
    progress.end();
    await file.close();
  }
}

const people = (count: number) => (count === 1 ? '1 person' : `${count} people`);

function report({ at, code, reason }: Refused, output: Output): void {
  output.print({ line: at, code, reason }, cell(`line ${at}: ${code}: ${reason}`));
}

/** @throws Refusal INVALID_INPUT */
async function parametersIn(path: string): Promise<HashParameters> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw refuse('INVALID_INPUT', `${path} cannot be read (${error.code}).`);
  });
  try {
    return hashParameters.parse(JSON.parse(text));
  } catch {
    throw refuse('INVALID_INPUT', `${path} is not JSON with ${Object.keys(hashParameters.shape).join(', ')}.`);
  }
}

function formatOf(name: string | undefined, file: SourceFile): Format {
  if (name === undefined) return guessedFormat(file);
  const format = formatNames.find((known) => known === name);
  if (!format) throw refuse('INVALID_INPUT', `--format is one of ${formatNames.join(', ')}.`);
  return format;
}
