import { Worker } from 'node:worker_threads';
import { seconds } from '../../clock.js';
import type { Argon2Terms, DeriveArgon2, SentTerms } from './argon2-terms.js';

/** A hash that a thread is asked for. */
export interface ToCompute {
  readonly password: string;
  readonly terms: SentTerms;
}

/** Its answer: the hash, or the message of the error. */
export type Computed = { readonly hash: Uint8Array<ArrayBuffer> } | { readonly failure: string };

/** A hash is one of many when it begins within this time of the one before, in milliseconds. */
const many = seconds(1);
/** KiB × passes of about a millisecond. Sending a cheaper hash to a thread would cost as much as it. */
const millisecond = 4 * 1024;
/** How many times as long as alone a hash may take in a thread, before others are computed in the pool for a while. */
const mostTimes = 25;
/** In milliseconds. */
const inPoolFor = seconds(1);
/** A thread that has nothing to do for so long, in milliseconds, ends: it takes 10 MB, and 50 ms to start. */
const longestIdle = seconds(10);
/** In MB; a few texts of a kilobyte are all that a thread holds. */
const resourceLimits = { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 1 } as const;
const program = new URL('./hashing-worker.js', import.meta.url);
const makeWorker = () => new Worker(program, { resourceLimits, name: 'hashing' });

/** What a test replaces. */
interface Parts {
  /** Makes a thread that computes. */
  readonly makeWorker: () => Worker;
  /** Monotonic, in milliseconds. */
  readonly now: () => number;
  /** In milliseconds. */
  readonly longestIdle: number;
}

/**
 * Computes hashes in threads of low priority while there are many of them, so that requests that need none are answered as
 * if nobody signed in. A single hash, a cheap one, one that comes while a thread is being started and one whose thread dies are computed in
 * libuv's pool; so are those of the second after a hash that had hardly any processor time in its thread. There are as many threads
 * as hashes at once; idle ones do not keep the process alive.
 */
export class HashingThreads {
  private readonly idle: { readonly worker: Worker; readonly end: NodeJS.Timeout }[] = [];
  private begunAt = Number.NEGATIVE_INFINITY;
  private starting: Worker | undefined;
  private inPoolUntil = Number.NEGATIVE_INFINITY;
  private readonly parts: Parts;

  /** @param inPool computes the same in libuv's pool */
  constructor(
    private readonly inPool: DeriveArgon2,
    parts: Partial<Parts> = {},
  ) {
    this.parts = { makeWorker, now: () => performance.now(), longestIdle, ...parts };
  }

  /** @throws the error of the binding */
  readonly derive: DeriveArgon2 = async (password, terms) => {
    const computed = this.isForThread(terms) ? await this.inThread(password, terms) : undefined;
    if (!computed) return this.inPool(password, terms);
    if ('failure' in computed) throw new Error(computed.failure);
    return Buffer.from(computed.hash.buffer);
  };

  /** Ends the threads that compute nothing now; the others end later. Goes on being usable. */
  async end(): Promise<void> {
    const idle = this.idle.splice(0);
    for (const { end } of idle) clearTimeout(end);
    await Promise.all([this.starting, ...idle.map(({ worker }) => worker)].map((worker) => worker?.terminate()));
  }

  private isForThread(terms: Argon2Terms): boolean {
    const [before, now] = [this.begunAt, this.parts.now()];
    this.begunAt = now;
    return now - before < many && now >= this.inPoolUntil && workOf(terms) >= 1;
  }

  /** @returns undefined while there is no thread without work, and when it dies */
  private async inThread(password: string, { salt, ...terms }: Argon2Terms): Promise<Computed | undefined> {
    const worker = this.take();
    if (!worker) return void this.start();
    const begunAt = this.parts.now();
    // A copy of the salt: a buffer would be sent with all of the memory that it is a part of.
    const computed = await ask(worker, { password, terms: { ...terms, salt: Uint8Array.from(salt) } });
    if (computed) this.putBack(worker);
    const endedAt = this.parts.now();
    // Whoever keeps the processor busy all the time slows sign-ins down, but does not stop them.
    if (endedAt - begunAt > mostTimes * workOf(terms)) this.inPoolUntil = endedAt + inPoolFor;
    return computed;
  }

  /** The last one that was put back, so that those beyond what is needed become idle for long. */
  private take(): Worker | undefined {
    const idle = this.idle.pop();
    clearTimeout(idle?.end);
    return idle?.worker;
  }

  private putBack(worker: Worker): void {
    const end = setTimeout(() => void worker.terminate(), this.parts.longestIdle).unref();
    this.idle.push({ worker, end });
  }

  /** In the background, one at a time; nobody waits for it. */
  private start(): void {
    if (this.starting) return;
    try {
      const worker = this.parts.makeWorker();
      this.starting = worker;
      // Not logged, since its stack could contain a password. Whoever asked is notified by the exit event.
      worker.on('error', () => undefined);
      worker.once('exit', () => this.forget(worker));
      // The first one says that it has started.
      worker.once('message', () => {
        this.starting = undefined;
        this.putBack(worker);
      });
      worker.unref();
    } catch {
      // No more threads are allowed here.
    }
  }

  private forget(worker: Worker): void {
    if (this.starting === worker) this.starting = undefined;
    const at = this.idle.findIndex((each) => each.worker === worker);
    for (const { end } of at < 0 ? [] : this.idle.splice(at, 1)) clearTimeout(end);
  }
}

/** About how long a hash takes alone, in milliseconds. */
const workOf = ({ memory, passes }: Omit<Argon2Terms, 'salt'>): number => (memory * passes) / millisecond;

/** @returns undefined when the thread ends before it answers */
function ask(worker: Worker, question: ToCompute): Promise<Computed | undefined> {
  return new Promise((resolve) => {
    const settle = (computed?: Computed) => {
      worker.off('message', settle).off('exit', died).unref();
      resolve(computed);
    };
    const died = () => settle();
    worker.ref();
    worker.on('message', settle).on('exit', died);
    worker.postMessage(question);
  });
}
