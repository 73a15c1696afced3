import { constants, setPriority } from 'node:os';
import { afterAll, beforeAll } from '@jest/globals';
import { type Besieged, besieged } from '../support/battery.js';
import { attackInCircles } from './cycles.js';
import { attackBySize } from './sizes.js';
import { attackBySockets } from './sockets.js';

// All attacks run against the same process, one after another, so that the traces of one cannot help the next.
let besiegedOne: Besieged;
beforeAll(async () => {
  setOwnPriority(constants.priority.PRIORITY_HIGH);
  besiegedOne = await besieged();
}, 180_000);
afterAll(async () => {
  await besiegedOne.service.stop();
  setOwnPriority(constants.priority.PRIORITY_NORMAL);
});

/**
 * Silence is measured here, so the test files that run beside take no time from this process and the one it attacks, where the
 * system allows it (as root).
 */
function setOwnPriority(priority: number): void {
  try {
    setPriority(priority);
  } catch {
    // Not allowed; then as the others.
  }
}

const target = () => besiegedOne;
attackInCircles(target);
attackBySize(target);
attackBySockets(target);
