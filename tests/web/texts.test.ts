import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { translations } from '@zxcvbn-ts/language-en';
import { checkEmail, checkName, checkUsername } from '../../src/accounts/identifiers.js';
import { readProfile } from '../../src/accounts/profile.js';
import { checkedTerms, mostScopes } from '../../src/api-tokens/token-terms.js';
import { lengthProblem } from '../../src/authentication/passwords/password-rules.js';
import { Refusal } from '../../src/errors.js';
import { catalogueEntries } from '../../src/policy/permission-catalogue.js';
import { de } from '../../web/texts/de.js';
import { en } from '../../web/texts/en.js';
import { instantOf } from '../../web/texts/zoned-time.js';

/** Texts that are the same in both languages. */
const same = [
  'common.optional',
  'mailbox.asText',
  'mailbox.asHtml',
  'account.twoFactor.code',
  'account.tokens.name',
  'login.code',
];
/** Lists of codes, which nobody reads; and translations of the API, which English has none of. */
const noTexts = /^(account\.activity\.byOthers|sentences)\b/;
/** Sentences with a number in them that need a database to be provoked. */
const unprovoked = ['There are 50 tokens already; revoke one first.'];

/** Each text by its path. Functions are called with samples. */
function textsOf(value: unknown, path = ''): [path: string, text: string][] {
  if (typeof value === 'function') return [[path, String(value('7', '8'))]];
  if (typeof value !== 'object' || value === null) return [[path, String(value)]];
  return Object.entries(value)
    .map(([key, part]) => [path ? `${path}.${key}` : key, part] as const)
    .filter(([key]) => !noTexts.test(key))
    .flatMap(([key, part]) => textsOf(part, key));
}

function refusedTerms(terms: object): string[] {
  try {
    checkedTerms({ name: 'script', scopes: [], ...terms }, new Date(0));
    return [];
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return error.errors.map(({ message }) => message);
  }
}

const invalidLine = 'two\nlines';
const invalidProfile = {
  firstName: invalidLine,
  lastName: invalidLine,
  bio: '\u202e',
  location: invalidLine,
  avatarUrl: 'x',
  website: 'x',
  timezone: 'x',
  language: '?',
};
const userErrors = [
  ...['ab', '.ab', 'p\u0430ypal'].flatMap(checkUsername),
  ...checkEmail('x'),
  ...checkName('firstName', invalidLine),
  ...readProfile(invalidProfile).errors,
  lengthProblem('x'.repeat(129), 8),
].map((error) => error?.message ?? '');
const tokenErrors = [
  { name: '' },
  { scopes: Array(mostScopes + 1).fill('post:read') },
  { scopes: ['post'] },
  { scopes: ['post:read', 'post:read'] },
  { expiresAt: new Date(-1) },
].map(refusedTerms);

/** Fixed messages in the source of what the account pages ask for; operators work at a terminal. */
async function writtenIn(folder: string): Promise<string[]> {
  const names = (await readdir(folder, { recursive: true })).filter((name) => /(?<!by-operator)\.ts$/.test(name));
  const sources = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  const messages = sources.flatMap((source) => [
    ...source.matchAll(/refuse\(\s*'(?:INVALID_INPUT|NOT_FOUND)',\s*'([^']+)'/g),
  ]);
  return messages.map(([, message]) => message ?? '');
}

const folders = ['src/authentication', 'src/api-tokens', 'src/sessions'];
const writtenOut = (await Promise.all(folders.map(writtenIn))).flat();
const feedback = [...Object.values(translations.warnings), ...Object.values(translations.suggestions)];
/** Of the role that everybody has, by a migration. */
const everybody = 'Everyone who has registered';
const descriptions = [...catalogueEntries.map(({ description }) => description), everybody];

test.each([
  ['2026-07-01T12:00', 'Europe/Berlin', '2026-07-01T10:00:00.000Z'],
  ['2026-01-01T12:00', 'Europe/Berlin', '2026-01-01T11:00:00.000Z'],
  ['2026-01-01T00:30', 'Asia/Tokyo', '2025-12-31T15:30:00.000Z'],
  ['2026-01-01T12:00', 'America/St_Johns', '2026-01-01T15:30:00.000Z'],
  // An hour before and after the clocks are put forward, at one o'clock UTC.
  ['2026-03-29T01:59', 'Europe/Berlin', '2026-03-29T00:59:00.000Z'],
  ['2026-03-29T03:00', 'Europe/Berlin', '2026-03-29T01:00:00.000Z'],
  // And back.
  ['2026-10-25T01:59', 'Europe/Berlin', '2026-10-24T23:59:00.000Z'],
  ['2026-10-25T03:00', 'Europe/Berlin', '2026-10-25T02:00:00.000Z'],
])('what clocks show at %s in %s is %s', (local, timeZone, instant) => {
  expect(instantOf(local, timeZone).toISOString()).toBe(instant);
});

describe('German', () => {
  test.each([
    ['user errors', userErrors, 14],
    ['refused API tokens', tokenErrors.flat(), 5],
    ['refusals in the source', writtenOut, 6],
    ['feedback on passwords', feedback, 30],
    ['permissions', descriptions, 20],
  ])('has a translation of all %s', (_what, sentences, atLeast) => {
    expect(sentences.length).toBeGreaterThanOrEqual(atLeast);
    expect(sentences.filter((sentence) => !Object.hasOwn(de.sentences, sentence ?? ''))).toEqual([]);
  });

  test('translates no sentence that the service does not say', () => {
    const said = new Set([...userErrors, ...tokenErrors.flat(), ...writtenOut, ...feedback, ...descriptions]);
    expect(Object.keys(de.sentences).filter((sentence) => !said.has(sentence))).toEqual(unprovoked);
  });

  test('has the texts that English has', () => {
    expect(textsOf(de).map(([path]) => path)).toEqual(textsOf(en).map(([path]) => path));
    expect(de.account.activity.byOthers).toEqual(en.account.activity.byOthers);
  });

  test('leaves nothing in English', () => {
    const english = new Map(textsOf(en));
    const equal = textsOf(de).filter(([path, text]) => text === english.get(path));
    expect(equal.map(([path]) => path).sort()).toEqual([...same].sort());
    expect(Object.entries(de.sentences).filter(([sentence, text]) => text === sentence)).toEqual([]);
  });

  test('says each value that English says', () => {
    const valuesIn = (texts: object) =>
      textsOf(texts).map(([path, text]) => [path, [...new Set(text.match(/[78]/g))].sort()]);
    expect(valuesIn(de)).toEqual(valuesIn(en));
  });
});

test('the pages know a password that is too short by the sentence of the API', () => {
  expect(en.errors.PASSWORD_TOO_SHORT(8)).toBe(lengthProblem('', 8)?.message);
});
