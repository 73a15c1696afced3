import { getPriority, setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import { hashRawSync } from '@node-rs/argon2';
import { optionsOf } from './argon2-terms.js';
import type { Computed, ToCompute } from './hashing-threads.js';

// Runs in a worker thread, which leaves the processor to the thread that answers requests when both want it.

/** Added to the nice value of the process: a tenth of the share that the main thread has (docs/decisions/0031). */
const lower = 10;
const lowest = 19;

/** On Linux this is the priority of the calling thread alone; elsewhere it would be that of the whole process. */
function giveWay(): void {
  if (process.platform !== 'linux') return;
  try {
    setPriority(Math.min(lowest, getPriority() + lower));
  } catch {
    // Not permitted, as in some sandboxes: hashes are computed at the same priority.
  }
}

function compute({ password, terms }: ToCompute): Computed {
  try {
    return { hash: Uint8Array.from(hashRawSync(Buffer.from(password), optionsOf(terms))) };
  } catch (error) {
    return { failure: error instanceof Error ? error.message : 'Hashing failed' };
  }
}

giveWay();
parentPort?.on('message', (asked: ToCompute) => parentPort?.postMessage(compute(asked)));
// It can be asked now.
parentPort?.postMessage('started');
