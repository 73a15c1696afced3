import { parentPort } from 'node:worker_threads';
import { estimateStrength } from './password-strength.js';
import type { Question } from './strength-estimates.js';

// A thread of its own: an estimate takes up to a tenth of a second of computing.
parentPort?.on('message', async ({ password, person, service }: Question) => {
  parentPort?.postMessage(await estimateStrength(password, person, service));
});
