import { afterAll, beforeAll } from '@jest/globals';
import { type Besieged, besieged } from '../support/battery.js';
import { attackInCircles } from './cycles.js';
import { attackBySize } from './sizes.js';
import { attackBySockets } from './sockets.js';

// All attacks run against the same process, one after another, so that the traces of one cannot help the next.
let besiegedOne: Besieged;
beforeAll(async () => {
  besiegedOne = await besieged();
}, 180_000);
afterAll(() => besiegedOne.service.stop());

const target = () => besiegedOne;
attackInCircles(target);
attackBySize(target);
attackBySockets(target);
