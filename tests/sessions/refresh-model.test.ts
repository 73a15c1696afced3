import { beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Harness } from '../support/harness.js';
import { PresentedTokens, secretOfTests, spoiled } from '../support/presented-tokens.js';
import { seeded, Tally } from '../support/seeded.js';

let harness: Harness;
let tokens: PresentedTokens;
beforeAll(async () => {
  harness = await Harness.start();
  // A step of the model waits until a millisecond before the window ends.
  harness.clock.stop();
  tokens = new PresentedTokens(harness);
});

const secrets = [secretOfTests, 'another secret, that has at least 32 bytes, too'] as const;

const step = fc.oneof(
  // The owner presents the last token that it got an answer with. An answer may be lost.
  { weight: 8, arbitrary: fc.record({ does: fc.constant('refresh' as const), isLost: fc.boolean() }) },
  // A thief presents one of all that were issued, the newest first.
  { weight: 1, arbitrary: fc.record({ does: fc.constant('steal' as const), back: fc.integer({ min: 0, max: 4 }) }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('forge' as const), back: fc.nat(4), place: fc.nat(67) }) },
  {
    weight: 3,
    arbitrary: fc.record({ does: fc.constant('wait' as const), ms: fc.constantFrom(1, 4000, 9999, 10_001) }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('changeSecret' as const) }) },
);

/** What a session's tokens ought to do, without a database. */
class Model {
  /** All tokens that were issued, the current one last, with the APP_SECRET of each. */
  readonly issued: { token: string; secret: number }[];
  secret = 0;
  hasEnded = false;
  private exchangedAt = Number.NEGATIVE_INFINITY;

  constructor(first: string) {
    this.issued = [{ token: first, secret: 0 }];
  }

  /** @returns what is answered: the token of that generation, or nothing */
  present(generation: number, now: number): number | undefined {
    const current = this.issued.length - 1;
    if (this.hasEnded) return undefined;
    if (generation === current) {
      this.exchangedAt = now;
      return current + 1;
    }
    const isPrevious = generation === current - 1;
    if (isPrevious && now - this.exchangedAt <= 10_000)
      return this.issued[current]?.secret === this.secret ? current : undefined;
    this.hasEnded = isPrevious || this.issued[generation]?.secret === this.secret;
    return undefined;
  }
}

test('a session’s tokens do what the model does, whatever is lost, late, stolen, forged or changed', async () => {
  const tally = new Tally<'exchanged' | 'again' | 'reused' | 'refused' | 'over'>();
  await seeded(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      const { sessionId, token } = await tokens.open();
      const model = new Model(token);
      let held = 0;
      const present = async (generation: number) => {
        const wasOver = model.hasEnded;
        const newest = model.issued.length;
        const expected = model.present(generation, harness.clock.now().getTime());
        const answer = await tokens.present(String(model.issued[generation]?.token), secrets[model.secret]);
        if (wasOver) tally.count('over');
        else if (expected === undefined) tally.count(model.hasEnded ? 'reused' : 'refused');
        else tally.count(expected === newest ? 'exchanged' : 'again');
        if (expected === model.issued.length) model.issued.push({ token: answer, secret: model.secret });
        expect(answer).toBe(expected === undefined ? 'INVALID_TOKEN' : model.issued[expected]?.token);
        expect(answer.length).toBe(expected === undefined ? 'INVALID_TOKEN'.length : 91);
        return expected;
      };
      for (const one of steps) {
        if (one.does === 'wait') harness.clock.advance(one.ms);
        else if (one.does === 'changeSecret') model.secret = 1 - model.secret;
        else if (one.does === 'steal') await present(Math.max(model.issued.length - 1 - one.back, 0));
        else if (one.does === 'forge') {
          const { token: genuine } = model.issued[Math.max(model.issued.length - 1 - one.back, 0)] ?? { token };
          expect(await tokens.present(spoiled(genuine, one.place), secrets[model.secret])).toBe('INVALID_TOKEN');
        } else {
          const answer = await present(held);
          if (!one.isLost) held = answer ?? held;
        }
        expect(await tokens.endOf(sessionId)).toBe(model.hasEnded ? 'REFRESH_TOKEN_REUSED' : null);
      }
      expect(new Set(model.issued.map((each) => each.token)).size).toBe(model.issued.length);
    }),
    60,
  );
  tally.expectShares({ exchanged: 0.2, again: 0.02, reused: 0.02, refused: 0.005, over: 0.05 });
}, 120_000);
