import { existsSync, readdirSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { SecurityEventType } from '../../src/security-events/event-types.js';
import { texts as eventTexts } from '../../web/console/events/texts.js';

interface Screen {
  readonly texts: { readonly en: object; readonly de: object };
}

const folders = readdirSync('web/console').filter((name) => existsSync(`web/console/${name}/texts.ts`));
const screens = await Promise.all(
  folders.map(async (name) => [name, ((await import(`../../web/console/${name}/texts.js`)) as Screen).texts] as const),
);

/** Words that both languages have. */
const same =
  /^(API-Token|Token|Person|JSON|Version|Administrator|System|Name|Status|E-Mail|Code|Node|PostgreSQL|Gatehouse|Live|Agent|User-Agent|Text|Level|Term)?$/i;

/** Each text by its path. Functions are called with samples. */
function textsOf(value: unknown, path = ''): [path: string, text: string][] {
  if (typeof value === 'function') return [[path, String(value('7', '8', '9'))]];
  if (typeof value !== 'object' || value === null) return [[path, String(value)]];
  return Object.entries(value).flatMap(([key, part]) => textsOf(part, path ? `${path}.${key}` : key));
}

test('there are texts of every screen', () => {
  expect(folders.length).toBeGreaterThanOrEqual(12);
});

test.each(screens)('German has what English has of %s, and says the same values', (_name, { en, de }) => {
  expect(textsOf(de).map(([path]) => path)).toEqual(textsOf(en).map(([path]) => path));
  const valuesIn = (texts: object) =>
    textsOf(texts).map(([path, text]) => [path, [...new Set(text.match(/\b[789]\b|\{\w+\}/g))].sort()]);
  expect(valuesIn(de)).toEqual(valuesIn(en));
});

test.each(screens)('nothing of %s is left in English', (_name, { en, de }) => {
  const english = new Map(textsOf(en));
  const left = textsOf(de).filter(
    ([path, text]) => text === english.get(path) && /[a-z]{4}/.test(text.replaceAll(/\{\w+\}/g, '')),
  );
  expect(left.filter(([, text]) => !same.test(text))).toEqual([]);
});

test.each(['en', 'de'] as const)('every type of event is told in a sentence: %s', (language) => {
  const { types, sentences } = eventTexts[language];
  const all = Object.keys(SecurityEventType).sort();
  expect([Object.keys(types).sort(), Object.keys(sentences).sort()]).toEqual([
    all,
    // An administrator's lock is told otherwise.
    [...all, 'LOCKED_BY_ADMINISTRATOR'].sort(),
  ]);
});
