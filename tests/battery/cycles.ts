import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { buildSchema, parse } from 'graphql';
import { type Besieged, everyWay, withstands } from '../support/battery.js';
import { aliased, cyclesOf, fieldsIn, type Given, nameOf, selection, wayIn, wound } from '../support/cycles.js';

// The schema determines where answers can be cyclic. Each cycle is queried up to the depth limit, as every caller, over
// both transports, as a new and as a known document. Memory, health and error codes are checked meanwhile.

const schema = buildSchema(readFileSync('schema.graphql', 'utf8'));
/** src/api/operation-shape.ts allows twelve levels; the last one is for leaf fields. */
const deepest = 11;
/** Values of required arguments. */
const given: Given = {};

const circles = cyclesOf(schema).flatMap((cycle) => {
  const lead = wayIn(schema, cycle);
  return lead ? [{ name: cycle.map(nameOf).join(' → '), steps: wound(lead, cycle, deepest) }] : [];
});
const attempts = circles.flatMap(({ name, steps }) =>
  [undefined, 100].flatMap((page) => [
    [name, page ?? 'default', 'once', `{ ${selection(steps, given, page)} }`] as const,
    [name, page ?? 'default', '30 aliases', aliased(steps, given, 30, page)] as const,
  ]),
);

const named = {
  'sessions of their user':
    '{ viewer { sessions { user { sessions { user { sessions { user { sessions { user { sessions { userAgent } } } } } } } } } } }',
  'permissions of their role':
    '{ viewer { permissions { role { permissions { role { permissions { role { permissions { name } } } } } } } } }',
  'grants of members':
    '{ viewer { grants(includeInactive: true) { role { users { nodes { grants { role { users { nodes { username } } } } } } } } } }',
  'comments of their post':
    '{ posts { nodes { comments { nodes { post { comments { nodes { post { comments { nodes { body } } } } } } } } } } }',
  'events and their subjects':
    '{ securityEvents(first: 100) { nodes { subject { sessions { user { sessions { user { sessions { userAgent } } } } } } } } }',
};

export function attackInCircles(target: () => Besieged): void {
  test('every field that lies on a circle is tried', () => {
    const tried = new Set(attempts.flatMap(([, , , query]) => [...fieldsIn(schema, parse(query))]));
    const onCircles = new Set(cyclesOf(schema).map(([step]) => nameOf(step as never)));
    expect([...onCircles].filter((name) => !tried.has(name))).toEqual([]);
    expect(onCircles).toContain('User.sessions');
  });

  describe('a circle is bounded', () => {
    test.each(attempts)('%s, pages of %s, %s', (_circle, _page, _times, query) =>
      withstands(target(), () => everyWay(target(), query)),
    );
    test.each(Object.entries(named))('%s', (_name, query) => withstands(target(), () => everyWay(target(), query)));
  });
}
