import { expect, test } from '@jest/globals';
import { shortened } from '../../src/database/slow-statements.js';
import { StatementFigures } from '../../src/database/statement-figures.js';
import { StatementTexts } from '../../src/database/statement-texts.js';

test('of any number of texts, those that took most are kept, and none is lost', () => {
  const figures = new StatementFigures();
  figures.note('select long', 5000, false);
  for (let n = 0; n < 5000; n += 1) figures.note(`select ${n}`, 1, n === 7);
  const rows = figures.read();
  expect(rows.length).toBeLessThanOrEqual(501);
  expect(rows.map(({ text }) => text)).toEqual(expect.arrayContaining(['other', 'select long']));
  const sum = (of: 'calls' | 'total' | 'errors') => rows.reduce((all, row) => all + row[of], 0);
  expect([sum('calls'), sum('total'), sum('errors')]).toEqual([5001, 10_000, 1]);
});

test('a text that nobody has vouched for is reduced to its first word', () => {
  const texts = new StatementTexts();
  const platform = { formatQuery: (text: string, [value]: readonly unknown[]) => text.replace('?', `'${value}'`) };
  texts.watch(platform);
  texts.noteConstant('select 1');
  const full = platform.formatQuery('update "users" set "a" = ?', ['secret']);
  const of = (text: string) => texts.of(text);
  expect(['select 1', 'COMMIT;', full, `${full} `, `INSERT into a values ('secret')`, 'secret'].map(of)).toEqual([
    'select 1',
    'COMMIT;',
    'update "users" set "a" = ?',
    'update …',
    'insert …',
    '…',
  ]);
});

test('a long text is one short line', () => {
  const text = shortened(`\n  select\n\t${'column, '.repeat(500)} from t`);
  expect([text.length, text.startsWith('select column, '), text.includes('\n')]).toEqual([1000, true, false]);
});
