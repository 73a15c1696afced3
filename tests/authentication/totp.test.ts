import { describe, expect, test } from '@jest/globals';
import {
  acceptedStep,
  codeAt,
  newSecret,
  otpauthUri,
  stepAt,
  totpCodeOf,
} from '../../src/authentication/second-factor/totp.js';

/** RFC 6238, appendix B: the rows for SHA-1. */
const rfcSecret = Buffer.from('12345678901234567890', 'ascii');
// biome-ignore format: a table is read by its columns
const vectors: [seconds: number, step: number, code: string][] = [
  [59,          0x1,       '94287082'],
  [1111111109,  0x23523ec, '07081804'],
  [1111111111,  0x23523ed, '14050471'],
  [1234567890,  0x273ef07, '89005924'],
  [2000000000,  0x3f940aa, '69279037'],
  [20000000000, 0x27bc86aa, '65353130'],
];

describe('RFC 6238, appendix B', () => {
  test.each(vectors)('at %i s it is step %i and code %s', (seconds, step, code) => {
    expect(stepAt(new Date(seconds * 1000))).toBe(step);
    expect(codeAt(rfcSecret, step, 8)).toBe(code);
    expect(codeAt(rfcSecret, step)).toBe(code.slice(-6));
  });
});

const secret = newSecret();
const now = new Date(1_800_000_015_000);
const current = stepAt(now);

test.each([
  [-3, false],
  [-2, false],
  [-1, true],
  [0, true],
  [1, true],
  [2, false],
  [3, false],
])('a code %i steps away is accepted: %s', (away, accepted) => {
  expect(acceptedStep(secret, codeAt(secret, current + away), now, 0)).toBe(accepted ? current + away : undefined);
});

test.each([
  [29_999, 0],
  [0, 0],
  [30_000, 1],
  [-1, -1],
])('the window moves with the clock, to the millisecond: %i ms', (milliseconds, away) => {
  expect(stepAt(new Date(current * 30_000 + milliseconds))).toBe(current + away);
});

test.each([
  ['the step that was used', 0, 0, false],
  ['a step before it', -1, 0, false],
  ['the step after it', 1, 0, true],
  ['any step before a later one', 0, 1, false],
])('%s is accepted: %s', (_name, away, last, accepted) => {
  const step = acceptedStep(secret, codeAt(secret, current + away), now, current + last);
  expect(step).toBe(accepted ? current + away : undefined);
});

test.each([
  ['123456', '123456'],
  ['123 456', '123456'],
  [' 1 2 3 4 5 6 ', '123456'],
  ['', undefined],
  ['12345', undefined],
  ['1234567', undefined],
  ['12345a', undefined],
  ['123-456', undefined],
  ['123456\n', undefined],
  ['+12345', undefined],
  ['0x1234', undefined],
  ['1e2345', undefined],
  ['１２３４５６', undefined],
  ['١٢٣٤٥٦', undefined],
  ['12345６', undefined],
  ['9'.repeat(100_000), undefined],
])('typed as %j', (typed, code) => {
  expect(totpCodeOf(typed)).toBe(code);
});

test('secrets have 160 bits and are never the same', () => {
  const secrets = Array.from({ length: 100 }, newSecret);
  expect(new Set(secrets).size).toBe(100);
  for (const one of secrets) expect(one).toMatch(/^[A-Z2-7]{32}$/);
});

test.each([
  ['Gatehouse', 'ada', 'Gatehouse:ada', 'Gatehouse'],
  [
    'My Service & Söhne',
    'ädä.lovelace',
    'My%20Service%20%26%20S%C3%B6hne:%C3%A4d%C3%A4.lovelace',
    'My%20Service%20%26%20S%C3%B6hne',
  ],
  ['100% / ?x=y#z', 'ada', '100%25%20%2F%20%3Fx%3Dy%23z:ada', '100%25%20%2F%20%3Fx%3Dy%23z'],
])('the URI of %s for %s is percent-encoded', (issuer, username, label, parameter) => {
  expect(otpauthUri(issuer, username, 'ABCD')).toBe(`otpauth://totp/${label}?secret=ABCD&issuer=${parameter}`);
});
