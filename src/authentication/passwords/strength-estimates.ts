import { Worker } from 'node:worker_threads';
import pLimit from 'p-limit';
import { seconds } from '../../clock.js';
import { unavailable } from '../../errors.js';
import type { Person } from './known-words.js';
import type { Strength } from './password-strength.js';

export interface Question {
  /** Normalized, of bounded length. */
  readonly password: string;
  readonly person: Person;
  /** Names of this service. */
  readonly service: readonly string[];
}

/** In milliseconds. The slowest estimate takes a tenth of a second; the first also loads the dictionaries. */
const longestEstimate = seconds(30);
/** In MB; the dictionaries take 25 of them. */
const resourceLimits = { maxOldGenerationSizeMb: 128 } as const;
const program = new URL('./strength-worker.js', import.meta.url);

/**
 * Estimates passwords one after another in a worker thread, so that estimates do not block requests. The thread starts
 * with the first estimate, and again after it has died. While idle it does not keep the process alive.
 */
export class StrengthEstimates {
  private readonly limit = pLimit(1);
  private worker: Worker | undefined;
  private isClosed = false;

  /**
   * @param most how many estimates may wait
   * @param makeWorker makes the thread that estimates
   */
  constructor(
    private readonly most: number,
    private readonly makeWorker = () => new Worker(program, { resourceLimits, name: 'password strength' }),
  ) {}

  /** @throws SERVICE_UNAVAILABLE when too many wait, or when the thread dies during this estimate */
  estimate(question: Question): Promise<Strength> {
    if (this.limit.pendingCount >= this.most) return Promise.reject(unavailable());
    return this.limit(() => this.ask(question));
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await this.worker?.terminate();
  }

  private ask(question: Question): Promise<Strength> {
    if (this.isClosed) return Promise.reject(unavailable());
    this.worker ??= this.start();
    const { worker } = this;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => void worker.terminate(), longestEstimate);
      const settle = (settled: () => void) => {
        clearTimeout(timer);
        worker.removeAllListeners('message').off('exit', died).unref();
        settled();
      };
      const died = () => settle(() => reject(unavailable()));
      worker.ref();
      worker.on('message', (strength: Strength) => settle(() => resolve(strength))).on('exit', died);
      worker.postMessage(question);
    });
  }

  private start(): Worker {
    const worker = this.makeWorker();
    // The error is not logged, since its stack could contain a password. The caller is notified by the exit event.
    worker.on('error', () => undefined);
    worker.once('exit', () => {
      if (this.worker === worker) this.worker = undefined;
    });
    return worker;
  }
}
