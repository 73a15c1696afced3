import { afterAll, beforeAll } from '@jest/globals';
import { type Besieged, besieged } from '../support/battery.js';
import { attackInCircles } from './cycles.js';
import { attackBySize } from './sizes.js';
import { attackBySockets } from './sockets.js';

// One process is attacked in all ways, one after another: what one attack has left must not help the next.
let besiegedOne: Besieged;
beforeAll(async () => {
  besiegedOne = await besieged();
}, 180_000);
afterAll(() => besiegedOne.service.stop());

const target = () => besiegedOne;
attackInCircles(target);
attackBySize(target);
attackBySockets(target);
