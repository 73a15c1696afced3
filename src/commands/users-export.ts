import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { loadConfig } from '../config.js';
import { refuse } from '../errors.js';
import { exportUsers } from '../moving/export-users.js';
import { asOperator, withServices } from '../open-services.js';
import type { Environment } from './command.js';
import type { Output } from './output.js';
import { Progress } from './progress.js';

export interface Exporting {
  /** False: without hashes of passwords and second factors. */
  readonly secrets: boolean;
}

/**
 * Writes all people as JSON Lines to a new file that only its owner reads, or to standard output.
 * @throws Refusal INVALID_INPUT when the file is there already or cannot be made
 */
export async function exportPeople(env: Environment, path: string, options: Exporting, output: Output): Promise<void> {
  const config = loadConfig(env);
  const { stream, close } =
    path === '-' ? { stream: process.stdout, close: async () => undefined } : await created(path);
  const progress = new Progress('people');
  const written = withServices(config, (services) =>
    exportUsers(asOperator(services), {
      withSecrets: options.secrets,
      write: writerTo(path, stream),
      onProgress: (done) => progress.at(done),
    }),
  ).finally(() => progress.end());
  const people = await written.then(
    async (count) => close(true).then(() => count),
    (error) => close(false).then(() => Promise.reject(error)),
  );
  if (path !== '-') output.print({ file: path, people }, `${people} people were written to ${path}.`);
}

/** Waits while whoever reads the output is slow. @throws Refusal INVALID_INPUT when it cannot be written */
function writerTo(path: string, stream: Writable) {
  let fault: NodeJS.ErrnoException | undefined;
  stream.on('error', (error) => {
    fault = error;
  });
  const failed = ({ code }: NodeJS.ErrnoException) => refuse('INVALID_INPUT', `${path} cannot be written (${code}).`);
  return async (text: string): Promise<void> => {
    if (fault) throw failed(fault);
    if (!stream.write(text)) await once(stream, 'drain').catch((error) => Promise.reject(failed(error)));
  };
}

async function created(path: string) {
  const handle = await open(path, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'EEXIST' ? 'is there already' : `cannot be made (${error.code})`;
    throw refuse('INVALID_INPUT', `${path} ${why}.`);
  });
  const stream = createWriteStream(path, { fd: handle });
  // A part of the people would pass for all.
  const close = async (isWhole: boolean) => {
    stream.end();
    // Of a broken stream the writing has told already.
    await finished(stream).catch((error) => (isWhole ? Promise.reject(error) : undefined));
    if (!isWhole) await rm(path, { force: true });
  };
  return { stream, close };
}
