import { setTimeout as sleep } from 'node:timers/promises';
import { jest, test } from '@jest/globals';

jest.setTimeout(100);

test.failing('what a file sets as the time limit of its tests counts', () => sleep(1000));
