import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CodedError } from '../../src/errors.js';
import { asVector, hasWords, soughtWords, wordsIn, wordsOf } from '../../src/security-events/event-words.js';
import { seeded } from '../support/seeded.js';

const finds = (text: string, details: Record<string, unknown>) =>
  hasWords(new Set(wordsOf(details)), soughtWords(text));

const id = '3f2504e0-4f89-41d3-9a0c-0305e82c3301';
const details = {
  role: 'content-editor',
  roleId: id,
  name: 'CI deploy 🦭 100%',
  scopes: ['post:read', 'post:publish'],
  level: 4210,
  isAdmin: false,
  reason: null,
  note: 'a "quoted" \\ back_slash <b>bold</b>',
  expiresAt: '2027-03-04T05:06:07.089Z',
  changes: {
    email: { from: 'Ada.Lovelace@Example.com', to: 'ünal@bücher.example' },
    firstName: { from: 'ΟΔΥΣΣΕΥΣ', to: 'Иван' },
  },
};

test.each([
  ...[
    'content-editor',
    'editor',
    'EDIT',
    'Content',
    id,
    id.toUpperCase(),
    id.slice(0, 8),
    '2027-03-04',
    '2027-03-04T05:06:07.089Z',
    '2027',
    'deploy ci',
    'CI',
    '🦭',
  ],
  ...['100%', 'publish', 'post:publish', '4210', '421', 'ada.lovelace@example.com', 'lovelace', 'ada@example'],
  ...[
    'ÜNAL@BÜCHER',
    'bu\u0308cher',
    'οδυσσευσ',
    'οδυσσευς',
    'ИВАН',
    'ｅｄｉｔ',
    'edi\u200btor',
    '"quoted"',
    'back_slash \\',
  ],
  ...['<b>bold</b>', 'firstName', 'email', '  deploy\n', "'deploy':*", 'deploy & !ci'],
])('%s is found', (text) => {
  expect(finds(text, details)).toBe(true);
});

test.each([
  'ditor',
  'c',
  'de',
  'roleId',
  'changes',
  'isAdmin',
  'false',
  'null',
  'content-writer',
  id.slice(9),
  '2027-03',
  '03',
  '05',
  'unal',
  '🦊',
  'deploy cd',
])('%s is not found', (text) => expect(finds(text, details)).toBe(false));

test.each([
  '',
  ' ',
  '%',
  '_',
  '\\',
  "'",
  '"',
  '<>',
  '\u200b',
  '\u0000',
  '\ud800',
  '…',
  'a'.repeat(201),
  '🦭'.repeat(101),
])('a text without a word, or a long one, is refused (%#)', (text) => {
  expect(() => soughtWords(text)).toThrow(
    expect.objectContaining({ code: 'BAD_USER_INPUT' } satisfies Partial<CodedError>),
  );
});

test('a word is found by itself and by its beginnings of three letters, whatever is around it', async () => {
  const texts = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: 'binary' }),
    fc.lorem(),
    fc.emailAddress(),
    fc.uuid(),
  );
  await seeded(
    fc.property(texts, fc.jsonValue(), fc.nat(), (text, other, cut) => {
      const held = { deep: [{ text }], other };
      expect(asVector(wordsOf(held))).not.toMatch(/(?<=[^ ])'(?=[^ ])|\\/);
      for (const word of wordsIn(text)) {
        const letters = [...word];
        // Of an id and a day, up to the first hyphen.
        const beginning = letters
          .slice(0, 3 + (cut % letters.length))
          .join('')
          .replace(/-.*/, '');
        expect([finds(word, held), finds(`"${beginning}"`, held)]).toEqual([true, true]);
      }
    }),
    2000,
  );
});

test('whatever is written, an event can be published: its words fit into a tsvector', () => {
  const texts = Array.from(
    { length: 3000 },
    (_, n) => `${n}${'🦭'.repeat(300)}${String.fromCodePoint(0x20000).repeat(300)}`,
  );
  const words = wordsOf({ texts });
  expect(Buffer.byteLength(asVector(words))).toBeLessThan(1024 ** 2);
  expect(Math.max(...words.map((word) => Buffer.byteLength(word)))).toBeLessThan(2046);
});
