import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Client } from '../support/client.js';
import { Harness, password } from '../support/harness.js';
import { makeRole, outcomeOf } from '../support/roles.js';

let harness: Harness;
let admin: Client;
let person: Client;
beforeAll(async () => {
  harness = await Harness.start({ SERVICE_NAME: 'Acme Accounts' });
  [admin, person] = [await harness.admin(), await harness.person('member')];
});

/** Each looks like "editor" but is a different text. */
const doubles: Record<string, string> = {
  'a Cyrillic е': '\u0435ditor',
  'a Cyrillic о': 'edit\u043er',
  'a Greek omicron': 'edit\u03bfr',
  'an Armenian o': 'edit\u0585r',
  'a Hangul filler': 'editor\u3164',
  'a halfwidth filler': 'ed\uffa0itor',
  'a grapheme joiner': 'edi\u034ftor',
  'a zero-width space': 'edi\u200btor',
  'a joiner': 'edi\u200dtor',
  'a non-joiner': 'edi\u200ctor',
  'a selector': 'edi\ufe00tor',
  'a supplementary selector': 'edi\u{e0100}tor',
  'a turn of direction': '\u202erotide',
  'an isolate': '\u2066editor\u2069',
  'a mark of direction': 'editor\u200e',
  'a soft hyphen': 'edi\u00adtor',
  'a control': 'edi\u0007tor',
  'a tag': 'editor\u{e0065}',
  'a dot above the i': 'edi\u0307tor',
  'a mark twice': 'edi\u0301\u0301tor',
};

const plain = [
  'editor of posts',
  'Редактор',
  'συντάκτης',
  '編集者 レベル2',
  'SNS担当',
  '편집자 A팀',
  'محرر',
  'संपादक',
  'rédacteur',
  'team Редактор',
];

const token = (name: string) => outcomeOf(person, 'createApiToken', { name, scopes: [] });
const role = (name: string) => outcomeOf(admin, 'createRole', { name, level: 5 });
const permission = async (name: string) => {
  const roleId = await makeRole(admin, { name: `holds ${++count}`, level: 5 });
  return outcomeOf(admin, 'addPermission', { roleId, resource: 'order', action: 'read', name });
};
let count = 0;

describe('a name that reads as another', () => {
  beforeAll(async () => {
    expect(await role('editor')).toBe('ok');
  });

  test.each(Object.entries(doubles))('with %s is no name', async (_what, name) => {
    expect(await role(name)).toMatch(/^(INVALID_INPUT|NAME_TAKEN) name$/);
    expect(await token(name)).toBe('INVALID_INPUT name');
    expect(await permission(name)).toBe('INVALID_INPUT name');
    const roleId = await makeRole(admin, { name: `described ${++count}`, level: 5 });
    expect(await outcomeOf(admin, 'updateRole', { roleId, description: `It is ${name}.` })).toBe(
      'INVALID_INPUT description',
    );
    expect(await outcomeOf(admin, 'updateRole', { roleId, name })).toMatch(/^(INVALID_INPUT|NAME_TAKEN) name$/);
    expect(await outcomeOf(person, 'register', { username: name, email: 'x@example.com', password })).toMatch(
      /^INVALID_INPUT username/,
    );
  });

  test.each(['Ｅditor', 'EDITOR', 'EDlTOR', 'ed\u0131tor', 'editor ', '\u{1d41e}ditor', 'edit0r'])(
    '%j is taken',
    async (name) => {
      expect(await role(name)).toBe('NAME_TAKEN name');
      const roleId = await makeRole(admin, { name: `renamed ${++count}`, level: 5 });
      expect(await outcomeOf(admin, 'updateRole', { roleId, name })).toBe('NAME_TAKEN name');
    },
  );

  test('in one foreign script alone it is taken, too', async () => {
    expect(await role('scope')).toBe('ok');
    expect(await role('\u0455\u0441\u043e\u0440\u0435')).toBe('NAME_TAKEN name');
  });

  test('of twenty that look alike at once one is made', async () => {
    const names = Array.from({ length: 20 }, (_, n) => (n % 2 ? 'COPY' : '\u0441\u043e\u0440\u0443'));
    const outcomes = await Promise.all(names.map(role));
    expect(outcomes.filter((outcome) => outcome === 'ok')).toHaveLength(1);
    expect(new Set(outcomes)).toEqual(new Set(['ok', 'NAME_TAKEN name']));
  });

  test('a name that was given before stays when it is sent again', async () => {
    const roleId = await makeRole(admin, { name: 'older', level: 5 });
    await harness.app.services.database.sql.rows(`update roles set name = $2, description = $2 where id = $1`, [
      roleId,
      '\u0430dmins',
    ]);
    const same = { roleId, name: '\u0430dmins', description: '\u0430dmins', level: 6 };
    expect(await outcomeOf(admin, 'updateRole', same)).toBe('ok');
  });
});

test.each(plain)('%j is one', async (name) => {
  expect([await role(name), await token(name), await permission(name)]).toEqual(['ok', 'ok', 'ok']);
  const roleId = await makeRole(admin, { name: `described ${++count}`, level: 5 });
  const description = `${name}: 👩‍💻 v1.2, 1️⃣\r\nمی‌نا ✔️`;
  const { role: updated } = await admin.mutate('updateRole', { roleId, description }, 'role { description }');
  expect(updated?.['description']).toBe(description.replace('\r', ''));
});

describe('reserved usernames', () => {
  const registering = (username: string) =>
    outcomeOf(person, 'register', { username, email: `${crypto.randomUUID()}@example.com`, password });

  test.each([
    ...['admin', 'Admin', 'ad.min', 'root', 'r00t', 'support', 'sup-port', 'system', 'administrator'],
    ...['acmeaccounts', 'acme.accounts', 'Acme_Accounts', 'postmaster'],
  ])('%s is nobody’s to register', async (username) => {
    expect(await registering(username)).toBe('USERNAME_TAKEN username');
  });

  test.each(['admin2', 'my.admin', 'supporter', 'systems', 'acme', 'rooted'])('%s is free', async (username) => {
    expect(await registering(username)).toBe('ok');
  });

  test('an administrator may give one; whoever may change their own name alone may not take one', async () => {
    const input = { username: 'support', email: 'support@example.com', password };
    expect(await outcomeOf(admin, 'createUser', input)).toBe('ok');
    const own = await makeRole(admin, {
      name: 'own name',
      level: 1,
      permits: [['user:update', { id: `\${user.id}` }]],
    });
    await admin.mutate('grantRole', { userId: person.userId, roleId: own }, 'grant { id }');
    const renaming = (username: string) => outcomeOf(person, 'updateUser', { userId: person.userId, username });
    expect(await renaming('system')).toBe('USERNAME_TAKEN username');
    expect(await renaming('member.two')).toBe('ok');
    expect(await outcomeOf(admin, 'updateUser', { userId: person.userId, username: 'system' })).toBe('ok');
    expect(await outcomeOf(admin, 'updateUser', { userId: admin.userId, username: 'root' })).toBe('ok');
  });
});
