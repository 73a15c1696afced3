import { pipeline as pipe, Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { createGunzip, createGzip } from 'node:zlib';
import { createTarDecoder, createTarPacker, type ParsedTarEntry, type TarPackController } from 'modern-tar';
import { UnusableBackupError } from './backup-format.js';

/** Writes the entries of a gzipped tar archive. */
export class ArchiveWriter {
  constructor(private readonly controller: TarPackController) {}

  /** Resolves when there is room for the next entry. */
  async add(name: string, content: Buffer): Promise<void> {
    const terms = { type: 'file', mode: 0o600, mtime: new Date() } as const;
    const body = this.controller.add({ name, size: content.length, ...terms }).getWriter();
    await body.write(content);
    await body.close();
  }
}

/**
 * Resolves when everything is written; standard output stays open then.
 * @param write adds the entries
 * @throws what `write` or the output throws
 */
export async function writeArchive(output: Writable, write: (archive: ArchiveWriter) => Promise<void>): Promise<void> {
  const { readable, controller } = createTarPacker();
  const written = write(new ArchiveWriter(controller)).then(
    () => controller.finalize(),
    (error: unknown) => {
      controller.error(error);
      throw error;
    },
  );
  const piped = pipeline(Readable.fromWeb(readable as ReadableStream), createGzip(), output);
  // When the output fails, so does the writing, as a consequence.
  const [whole, part] = await Promise.allSettled([piped, written]);
  for (const ended of [whole, part]) if (ended.status === 'rejected') throw ended.reason;
}

/** An entry of an archive. */
export interface Entry {
  readonly name: string;
  readonly size: number;
  /** To be read to its end before the next entry. @throws UnusableBackupError */
  readonly content: AsyncIterable<Buffer>;
}

const damaged = () =>
  new UnusableBackupError('The file is no complete backup: it was cut off or damaged. Take another one.');

/** Reads the entries of a gzipped tar archive one after another. @throws UnusableBackupError for what is none, or damaged */
export class ArchiveReader {
  private readonly entries: AsyncIterator<ParsedTarEntry>;
  private next: Promise<Entry | undefined> | undefined;

  constructor(input: Readable) {
    // Errors of the input reach whoever reads; the callback keeps them from ending the process.
    const unzipped = pipe(input, createGunzip(), () => undefined);
    const decoded = (Readable.toWeb(unzipped) as globalThis.ReadableStream<Uint8Array>).pipeThrough(
      createTarDecoder({ strict: true }),
    );
    this.entries = (decoded as ReadableStream<ParsedTarEntry>)[Symbol.asyncIterator]();
  }

  /** @returns the next entry without taking it; undefined at the end */
  peek(): Promise<Entry | undefined> {
    this.next ??= this.read();
    return this.next;
  }

  /** @throws UnusableBackupError also at the end */
  async take(): Promise<Entry> {
    const entry = await this.peek();
    if (!entry) throw damaged();
    this.next = undefined;
    return entry;
  }

  /** Reads what follows and forgets it, so that whoever writes into a pipe ends well. */
  async drain(): Promise<void> {
    for (let entry = await this.peek(); entry; entry = await this.peek()) {
      this.next = undefined;
      for await (const _part of entry.content);
    }
  }

  private async read(): Promise<Entry | undefined> {
    const { value, done } = await this.entries.next().catch(() => {
      throw damaged();
    });
    if (done) return undefined;
    const { name, size } = value.header;
    return { name, size, content: partsOf(value) };
  }
}

async function* partsOf({ body }: ParsedTarEntry): AsyncGenerator<Buffer> {
  const parts = (body as ReadableStream<Uint8Array>)[Symbol.asyncIterator]();
  for (;;) {
    const { value, done } = await parts.next().catch(() => {
      throw damaged();
    });
    if (done) return;
    yield Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  }
}
