import { parentPort } from 'node:worker_threads';
import { estimateStrength } from './password-strength.js';
import type { Question } from './strength-estimates.js';

// Runs in a worker thread, because an estimate blocks for up to a tenth of a second.
parentPort?.on('message', async ({ password, person, service }: Question) => {
  parentPort?.postMessage(await estimateStrength(password, person, service));
});
