import { expect, test } from '@jest/globals';
import { differences, listOfRoutines } from '../../checks/routines.js';

const users = { name: 'users_signal', table: 'users', definition: 'create trigger users_signal …' };
const signal = { name: 'gatehouse_signal', table: null, definition: 'create function gatehouse_signal …' };

test('what is described and there is right', () => {
  expect(differences([users, signal], [users, signal])).toEqual([]);
});

test.each([
  ['nobody describes it', [users, { name: 'stray', table: 'users', definition: '' }], [users], 'stray'],
  ['it is missing', [users], [users, signal], 'gatehouse_signal'],
  ['it was changed without its file', [{ ...users, definition: 'other' }], [users], 'users_signal'],
  ['it stands on another table', [{ ...users, table: 'roles' }], [users], 'users_signal'],
])('%s', (_, migrated, described, name) => {
  expect(differences(migrated, described)).toEqual([expect.stringContaining(name)]);
});

test('the list says by table what each is for', () => {
  expect(listOfRoutines().filter((line) => line.startsWith('users '))).toHaveLength(3);
});
