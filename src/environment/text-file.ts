import { readFileSync, statSync } from 'node:fs';

/** More than any value needs: a wrong path, of a log for example, must not fill the memory. */
const mostBytes = 64 * 1024;

class UnusableFileError extends Error {}

/**
 * The text of a small file in UTF-8, without a byte order mark.
 * @throws an error whose message says why it cannot be used, in words that follow the path
 */
export function textIn(path: string): string {
  try {
    const found = statSync(path);
    if (found.isDirectory()) throw new UnusableFileError('is a directory');
    // Reading a pipe might never end.
    if (!found.isFile()) throw new UnusableFileError('is not a regular file');
    if (found.size > mostBytes) throw new UnusableFileError(`holds more than ${mostBytes / 1024} KiB`);
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
  } catch (error) {
    throw error instanceof UnusableFileError ? error : new UnusableFileError(wordsFor(error));
  }
}

const words: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  ENOTDIR: 'does not exist',
  EACCES: 'may not be read by this user',
  EPERM: 'may not be read by this user',
  ERR_ENCODING_INVALID_ENCODED_DATA: 'is not UTF-8',
};

function wordsFor(error: unknown): string {
  const { code = 'unknown error' } = error as { code?: string };
  return words[code] ?? `cannot be read (${code})`;
}
