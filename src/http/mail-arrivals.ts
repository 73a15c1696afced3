import { type FSWatcher, mkdirSync, watch } from 'node:fs';
import { basename } from 'node:path';
import { PassThrough } from 'node:stream';

/** Most open streams; a browser opens at most six connections to one host. */
const mostStreams = 20;
/** In milliseconds. Mails that arrive within this time are told of together. */
const pause = 100;

/**
 * Tells open streams of server-sent events (HTML Standard, section 9.2) when mail has arrived in a folder. The folder is
 * watched while somebody listens. It is made if it does not exist, and again when it is deleted.
 */
export class MailArrivals {
  private readonly streams = new Set<PassThrough>();
  private watcher: FSWatcher | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly folder: string) {}

  /** @returns undefined when too many streams are open */
  open(): PassThrough | undefined {
    if (this.streams.size >= mostStreams) return undefined;
    if (this.streams.size === 0) this.watch();
    const stream = new PassThrough();
    this.streams.add(stream);
    stream.once('close', () => this.forget(stream));
    // Sends the headers, and has the browser connect again a second after a break.
    stream.write('retry: 1000\n\n');
    return stream;
  }

  /** Ends all streams at once. */
  close(): void {
    for (const stream of this.streams) {
      this.forget(stream);
      stream.end();
    }
  }

  private forget(stream: PassThrough): void {
    this.streams.delete(stream);
    if (this.streams.size > 0) return;
    this.watcher?.close();
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private watch(): void {
    this.watcher?.close();
    this.watcher = undefined;
    try {
      this.watchFolder();
    } catch {
      // Not allowed, or too many watches: the page still asks for the list when it is looked at again.
    }
  }

  private watchFolder(): void {
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    this.watcher = watch(this.folder, { persistent: false }, (_kind, name) => {
      // The name of the folder itself: it was deleted or moved.
      if (name === basename(this.folder)) this.watch();
      this.timer ??= setTimeout(() => this.tell(), pause);
    });
    // The page also asks for the list when it is looked at again.
    this.watcher.on('error', () => this.watcher?.close());
  }

  private tell(): void {
    this.timer = undefined;
    for (const stream of this.streams) {
      // Who reads nothing has not read what was told before either.
      if (!stream.write('event: mail\ndata: {}\n\n')) stream.destroy();
    }
  }
}
