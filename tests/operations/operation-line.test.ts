import { expect, test } from '@jest/globals';
import { pino } from 'pino';
import { logOperations } from '../../src/operations/log-operations.js';
import { OperationLine } from '../../src/operations/operation-line.js';
import { type OperationReport, OperationReports } from '../../src/operations/operation-reports.js';

const report: OperationReport = {
  kind: 'query',
  name: 'Me',
  transport: 'http',
  outcome: 'OK',
  milliseconds: 3.1234,
  statements: 2,
  inTransactions: 0,
  userId: 'u',
  sessionId: 's',
  apiTokenId: null,
  requestId: 'r',
  address: '192.0.2.1',
};

/** The lines that are logged about these reports. */
function logged(...reports: Partial<OperationReport>[]): Record<string, unknown>[] {
  const lines: string[] = [];
  const told = new OperationReports();
  logOperations(told, pino({ base: null }, { write: (line) => lines.push(line) }));
  for (const each of reports) told.tell({ ...report, ...each });
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

test('an operation is one line of level info', () => {
  const { milliseconds, inTransactions, ...others } = report;
  const time = expect.any(Number);
  expect(logged({})).toEqual([{ ...others, level: 30, time, duration: 3.1, msg: 'An operation' }]);
});

test.each<[string, Partial<OperationReport>, number, string]>([
  ['of a second', { milliseconds: 1000 }, 30, 'An operation'],
  ['of more than a second', { milliseconds: 1001 }, 40, 'A slow operation'],
  ['of ten statements', { statements: 10 }, 30, 'An operation'],
  ['of eleven statements', { statements: 11 }, 40, 'An operation with many statements'],
  ['of a large change', { statements: 40, inTransactions: 30 }, 30, 'An operation'],
  ['of many changes', { statements: 31, inTransactions: 31 }, 40, 'An operation with many statements'],
  ['of many reads beside a change', { statements: 12, inTransactions: 1 }, 40, 'An operation with many statements'],
  ['of both', { milliseconds: 1001, statements: 11 }, 40, 'A slow operation with many statements'],
  ['that failed', { outcome: 'FORBIDDEN' }, 30, 'An operation'],
  ['that lasts', { kind: 'subscription', events: 9, milliseconds: 1e7, statements: 99 }, 30, 'An operation'],
])('an operation %s', (_what, of, level, msg) => {
  expect(logged(of)).toMatchObject([{ level, msg }]);
});

const names = [
  'x'.repeat(5000),
  '\u0000"}\n{"level":60}',
  '\u001b[31mred\u0085\u2028\u202e',
  '\ud800',
  'https://ada:hunter2@example.com/',
];

test.each(names)('any name is at most a hundred characters of one line: %j', (name) => {
  const [line, more] = logged({ name });
  const logs = String(line?.['name']);
  expect([more, logs.length <= 100 + '[Redacted]'.length]).toEqual([undefined, true]);
  const { summary } = new OperationLine({ ...report, name });
  expect(summary).toMatch(/^[\x20-\x7e]{1,200}$/);
  expect(logs + summary).not.toContain('hunter2');
});

test('the line that is written past pino is the one that pino would write', () => {
  const strange = { name: 'a"\\\n\ud800', outcome: '"', address: '::1', apiTokenId: 't', userId: null };
  for (const more of [{}, { kind: 'subscription', events: 0 }, { milliseconds: 1001, name: null }, strange] as const) {
    const own = JSON.parse(new OperationLine({ ...report, ...more }).json) as object;
    expect({ ...own, time: 0 }).toEqual({ ...logged(more)[0], time: 0 });
  }
});

test('for people it is one short line, with the request of one that failed or is notable', () => {
  const summaryOf = (more: Partial<OperationReport>) => new OperationLine({ ...report, ...more }).summary;
  expect(summaryOf({})).toBe('query Me: OK, 3.1 ms, 2 statements');
  expect(summaryOf({ name: null, outcome: 'FORBIDDEN' })).toBe(
    'query without a name: FORBIDDEN, 3.1 ms, 2 statements, request r',
  );
  expect(summaryOf({ statements: 12 })).toMatch(/many statements: query Me.*request r/);
  expect(summaryOf({ kind: 'subscription', events: 3 })).toBe('subscription Me: OK, 3.1 ms, 2 statements, 3 events');
});
