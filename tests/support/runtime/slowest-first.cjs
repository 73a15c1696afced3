const { default: Sequencer } = require('@jest/test-sequencer');

/** The slowest test files, slowest first; Jest only knows durations on a machine where it has run before. */
const slowest = [
  'battery/battery',
  'refused-start',
  'cli',
  'database/silent-connections',
  'api/permissions',
  'authentication/locked-table',
  'api/ceiling',
  'start',
  'authentication/lockout',
];
const place = ({ path }) => slowest.findIndex((name) => path.endsWith(`tests/${name}.test.ts`));

/** Starts with the slowest files, so that the run does not end with waiting for a single one. */
module.exports = class SlowestFirst extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    const first = sorted.filter((test) => place(test) >= 0).sort((one, other) => place(one) - place(other));
    return [...first, ...sorted.filter((test) => place(test) < 0)];
  }
};
