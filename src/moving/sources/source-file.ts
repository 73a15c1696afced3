import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { refuse } from '../../errors.js';
import type { Readable } from './found.js';

const chunkBytes = 256 * 1024;

/** A file of people. What comes through a pipe is kept in a temporary file that has no name, so it ends with the process. */
export class SourceFile implements Readable {
  private constructor(
    private readonly handle: FileHandle,
    /** SHA-256 of the content. */
    readonly content: Buffer,
    /** In bytes. */
    readonly size: number,
    /** The beginning of the content, to guess the format from. */
    readonly head: string,
  ) {}

  /** @param path `-`: standard input @throws Refusal INVALID_INPUT when it cannot be read */
  static async open(path: string, input: AsyncIterable<Buffer> = process.stdin): Promise<SourceFile> {
    const handle = path === '-' ? await spooled(input) : await opened(path);
    const hash = createHash('sha256');
    let [size, head] = [0, Buffer.alloc(0)];
    for await (const chunk of chunksOf(handle)) {
      hash.update(chunk);
      size += chunk.length;
      if (head.length < headBytes) head = Buffer.concat([head, chunk.subarray(0, headBytes)]);
    }
    return new SourceFile(handle, hash.digest(), size, head.toString('utf8'));
  }

  chunks(): AsyncIterable<Buffer> {
    return chunksOf(this.handle);
  }

  close(): Promise<void> {
    return this.handle.close();
  }
}

const headBytes = 4096;

async function* chunksOf(handle: FileHandle): AsyncIterable<Buffer> {
  for (let position = 0; ; ) {
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(chunkBytes), 0, chunkBytes, position);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
    position += bytesRead;
  }
}

async function opened(path: string): Promise<FileHandle> {
  const unreadable = (error: NodeJS.ErrnoException) => {
    throw refuse('INVALID_INPUT', `${path} cannot be read (${error.code}).`);
  };
  const handle = await open(path, 'r').catch(unreadable);
  // A pipe with a name could be read only once.
  if ((await handle.stat()).isFile()) return handle;
  await handle.close();
  throw refuse('INVALID_INPUT', `${path} is not a file; give - to read standard input.`);
}

async function spooled(input: AsyncIterable<Buffer>): Promise<FileHandle> {
  const path = join(tmpdir(), `gatehouse-import-${randomUUID()}`);
  const handle = await open(path, 'wx+', 0o600);
  await rm(path);
  for await (const chunk of input) await handle.writeFile(chunk);
  return handle;
}
