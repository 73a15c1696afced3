import { expect, test } from '@jest/globals';
import { Progress } from '../../src/commands/progress.js';

/** Collects what is drawn, without the codes that clear the line. */
function terminal(isTTY: boolean) {
  const drawn: string[] = [];
  return { isTTY, drawn, write: (text: string) => drawn.push(text.replace('\r\u001b[K', '')) };
}

test('shows how much is done, the pace, and the time that is left', () => {
  const screen = terminal(true);
  let now = 0;
  const progress = new Progress('people', 10_000, screen, () => now);
  now = 2000;
  progress.at(2500);
  progress.end();
  expect(screen.drawn).toEqual(['██████░░░░░░░░░░░░░░░░░░ 25 %  2,500 of 10,000 people, 1,250 a second, 6 s left', '']);
});

test('shows count and pace while the total is unknown, at most five times a second', () => {
  const screen = terminal(true);
  let now = 0;
  const progress = new Progress('rows', undefined, screen, () => now);
  for (now = 100; now <= 1000; now += 100) progress.at(now * 3);
  expect(screen.drawn).toHaveLength(5);
  expect(screen.drawn[0]).toBe('300 rows, 3,000 a second');
});

test('bears more than was expected, and a time of minutes', () => {
  const screen = terminal(true);
  let now = 0;
  const progress = new Progress('rows', 1000, screen, () => now);
  now = 1000;
  progress.at(5);
  now = 2000;
  progress.at(1200);
  expect(screen.drawn[0]).toMatch(/3 min 19 s left$/);
  expect(screen.drawn[1]).toMatch(/^█{24} 100 % .* 0 s left$/);
});

test('draws nothing where no terminal is', () => {
  const screen = terminal(false);
  const progress = new Progress('rows', 10, screen);
  progress.at(5);
  progress.end();
  expect(screen.drawn).toEqual([]);
});
