import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { isApiToken, newApiToken } from '../../src/api-tokens/token-format.js';
import { makeToken, ways } from '../support/api-tokens.js';
import { Harness } from '../support/harness.js';
import { recordStatements } from '../support/sent-statements.js';

let harness: Harness;
beforeAll(async () => {
  harness = await Harness.start();
});
afterAll(() => harness.close());

/** Variants of the token with one character changed, one for each position. */
const flipped = (token: string): string[] =>
  [...token].map((letter, place) => `${token.slice(0, place)}${letter === 'A' ? 'B' : 'A'}${token.slice(place + 1)}`);

/** Variants with two neighbouring characters swapped, one for each differing pair. */
const swapped = (token: string): string[] =>
  [...token].flatMap((letter, place) => {
    const next = token[place + 1];
    return next && next !== letter ? [`${token.slice(0, place)}${next}${letter}${token.slice(place + 2)}`] : [];
  });

const mangled = (token: string): string[] => [
  ...flipped(token),
  ...swapped(token),
  token.slice(0, -1),
  token.slice(1),
  `${token}A`,
  `${token}\n`,
  token.toLowerCase(),
  token.toUpperCase(),
  token.replace('gth_', ''),
  `gth_${'0'.repeat(49)}`.replace(/0$/, '1'),
];

test('every new token is well formed, differs from the last and holds 256 bits beside its checksum', () => {
  const tokens = Array.from({ length: 1000 }, newApiToken);
  expect(tokens.every(isApiToken)).toBe(true);
  expect(new Set(tokens).size).toBe(1000);
  expect(62 ** 43).toBeGreaterThan(2 ** 256);
});

test('the checksum knows every changed character and every pair of swapped ones', () => {
  for (let n = 0; n < 50; n += 1) {
    const token = newApiToken();
    expect(mangled(token).filter(isApiToken)).toEqual([]);
  }
});

test('what is not written as a token is refused without a statement', async () => {
  const { token } = await makeToken(await harness.admin(), ['user:*']);
  const strange = mangled(token).filter((text) => !text.includes('\n'));
  await harness.client().ask('{ viewerSession { id } }');
  const { texts, stop } = recordStatements(harness.app);
  for (const headersOf of Object.values(ways)) {
    for (const text of strange) {
      const answer = await harness.client(headersOf(text)).ask('{ viewerSession { id } }');
      expect([text, answer.status, answer.codes]).toEqual([text, answer.status, ['UNAUTHENTICATED']]);
    }
  }
  stop();
  // Those that look up whose a token is; jobs send others meanwhile.
  expect(texts.filter((text) => text.includes('from api_tokens t join'))).toEqual([]);
});
