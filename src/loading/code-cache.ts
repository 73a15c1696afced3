import { createHash, randomBytes } from 'node:crypto';
import { accessSync, constants, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { cachedDataVersionTag } from 'node:v8';
import type { Script } from 'node:vm';

const digestLength = 32; // bytes of SHA-256
/** Compiled code suits one version of V8 with the same flags on the same kind of processor, which this number stands for. */
const folder = `.code-${cachedDataVersionTag()}`;

/** Where the compiled code of a file is kept: beside it, so that whoever can write it could write the file as well. */
const placeOf = (file: string): string => join(dirname(file), folder, basename(file));

/**
 * Reads the compiled code of a file, whose name must change with its content.
 * @returns undefined when none is kept, and when it is damaged: V8 would not notice
 */
export function readCode(file: string): Buffer | undefined {
  try {
    const content = readFileSync(placeOf(file));
    const code = content.subarray(digestLength);
    return digest(code).equals(content.subarray(0, digestLength)) ? code : undefined;
  } catch {
    return undefined;
  }
}

/** Makes the place for the code of a file. @throws Error where it cannot be written, as in a read-only installation */
export function preparePlace(file: string): void {
  const place = dirname(placeOf(file));
  mkdirSync(place, { recursive: true });
  accessSync(place, constants.W_OK);
}

/** Keeps the compiled code of a file. By a rename: another process sees all of it or nothing. */
export function writeCode(file: string, script: Script): void {
  const code = script.createCachedData();
  const unfinished = `${placeOf(file)}.${process.pid}-${randomBytes(4).toString('hex')}`;
  try {
    writeFileSync(unfinished, Buffer.concat([digest(code), code]));
    renameSync(unfinished, placeOf(file));
  } finally {
    rmSync(unfinished, { force: true });
  }
}

const digest = (code: Buffer): Buffer => createHash('sha256').update(code).digest();
