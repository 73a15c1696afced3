const { default: Sequencer } = require('@jest/test-sequencer');

/** By the time they take, which Jest does not know on a machine where it has not run before. */
const slowest = ['battery/battery', 'start', 'cli', 'api/ceiling', 'api/permissions', 'authentication/lockout'];
const place = ({ path }) => slowest.findIndex((name) => path.endsWith(`tests/${name}.test.ts`));

/** Begins with the slowest, so that the last minutes are not spent waiting for one. */
module.exports = class SlowestFirst extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    const first = sorted.filter((test) => place(test) >= 0).sort((one, other) => place(one) - place(other));
    return [...first, ...sorted.filter((test) => place(test) < 0)];
  }
};
