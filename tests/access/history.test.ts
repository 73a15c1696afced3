import { beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decideAccess } from '../../src/access/explain/access-decision.js';
import { AccessReason } from '../../src/access/explain/explain.js';
import { subjectsByIds } from '../../src/access/subjects.js';
import type { Operation } from '../../src/operation.js';
import type { Client } from '../support/client.js';
import { administrator, Harness, password } from '../support/harness.js';
import { arbitraryCheck, arbitraryStep, type Check, Life } from '../support/life.js';
import { seeded, Tally } from '../support/seeded.js';

let harness: Harness;
let admin: Client;
beforeAll(async () => {
  harness = await Harness.start();
  harness.clock.stop();
  admin = harness.client();
});

/** What the service enforces now. */
async function enforced(life: Life, check: Check): Promise<boolean | undefined> {
  const { services } = harness.app;
  // The test writes some rows directly in SQL, so it has to announce the change.
  services.signals.announce('roles');
  const [subject] = await subjectsByIds(services, [life.userId]);
  return subject?.rights.allows(check.action, check.resource, { ...life.attributesOf(check) });
}

async function expectReplayed(life: Life, at: number | null, check: Check): Promise<void> {
  const { resource, action } = check;
  const attributes = life.attributesOf(check);
  const instant = at ?? harness.clock.now().getTime();
  const decision = await decideAccess({ services: harness.app.services } as Operation, {
    userId: life.userId,
    check: { resource, action, attributes: { ...attributes } },
    at: at === null ? null : new Date(at),
  });
  const expected = life.replay.answer(instant, resource, action, attributes);
  reasons.count(decision.reason);
  const satisfied = decision.paths.filter((path) => path.satisfied).length;
  expect([instant, decision.allowed, satisfied]).toEqual([instant, expected.allowed, expected.satisfied]);
  if (expected.allowed)
    expect(decision.reason).toBe(expected.isAdmin ? AccessReason.ADMINISTRATOR : AccessReason.GRANTED);
  else expect(decision.reason === AccessReason.ACCOUNT_INACTIVE).toBe(!expected.isActive);
}

const reasons = new Tally<AccessReason>();
const check = fc.array(arbitraryCheck, { minLength: 5, maxLength: 5 });
const offset = fc.integer({ min: -20, max: 3000 });

test('every instant is answered as a naive replay of what happened answers it', async () => {
  const history = fc.array(arbitraryStep, { minLength: 4, maxLength: 16 });
  const property = fc.asyncProperty(
    history,
    check,
    fc.array(offset, { maxLength: 5 }),
    arbitraryStep,
    async (lived, checks, offsets, first) => {
      harness.clock.advance(10_000);
      await admin.login(administrator.username, password);
      const life = await Life.begin(harness, admin);
      // Starts with a permission and a grant, so that most of the following steps concern a user with rights.
      for (const step of ['addPermission', 'grantRole'] as const)
        await life.live({ ...first, step, role: 0, end: null });
      const checkOf = (n: number): Check => checks[n % checks.length] as Check;
      for (const [n, step] of lived.entries()) {
        await life.live(step);
        const now = harness.clock.now().getTime();
        const { resource, action } = checkOf(n);
        const { allowed } = life.replay.answer(now, resource, action, life.attributesOf(checkOf(n)));
        expect(await enforced(life, checkOf(n))).toBe(allowed);
        await expectReplayed(life, null, checkOf(n));
        harness.clock.advance(step.wait);
      }
      const changes = [...new Set(life.replay.instants)].flatMap((at) => [at - 1, at, at + 1]);
      const instants = [...changes, ...offsets.map((each) => life.began.getTime() + each)];
      for (const [n, at] of instants.entries()) await expectReplayed(life, at, checkOf(n));
    },
  );
  await seeded(property, 50);
  reasons.expectShares({
    ...{ GRANTED: 0.03, ADMINISTRATOR: 0.005, ACCOUNT_INACTIVE: 0.005, SCOPE_MISSING: 0 },
    ...{ CONDITION_NOT_MET: 0.005, GRANT_INACTIVE: 0.005, NO_PERMISSION: 0.005 },
  });
}, 240_000);
