import { beforeAll, test } from '@jest/globals';
import { expectFreshAnswers, prepareFreshAnswers } from '../support/fresh-answers.js';
import { Harness } from '../support/harness.js';

beforeAll(async () => {
  const harness = await Harness.start();
  await prepareFreshAnswers(harness, [harness.app, await harness.another(), await harness.another()]);
});

test('no process answers `viewer` from before an acknowledged change', () => expectFreshAnswers());
