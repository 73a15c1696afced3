import { expect, test } from '@jest/globals';
import { isNameLost } from '../../src/database/connection-failure.js';
import { StatementNames } from '../../src/database/statement-names.js';

test('a name means the same text in every process, in whichever order they come', () => {
  const texts = ['select 1', 'select 2', 'delete from users'];
  const [one, other] = [new StatementNames(), new StatementNames()];
  const names = texts.map((text) => one.of(text));
  expect(new Set(names).size).toBe(texts.length);
  expect([...texts].reverse().map((text) => other.of(text))).toEqual([...names].reverse());
});

test('once names do not last, nothing is named any more', () => {
  const names = new StatementNames();
  expect(names.of('select 1')).toBeDefined();
  expect([names.giveUp(), names.giveUp()]).toEqual([true, false]);
  expect([names.of('select 1'), names.of('select 2')]).toEqual([undefined, undefined]);
});

test.each([
  ['26000', 'prepared statement "s1" does not exist', true],
  ['42P05', 'prepared statement "s1" already exists', true],
  ['08P01', 'prepared statement did not exist', true],
  ['08P01', 'server conn crashed?', false],
  ['40P01', 'deadlock detected', false],
])('%s, %s', (code, message, isLost) => {
  expect(isNameLost(Object.assign(new Error(message), { code }))).toBe(isLost);
});
