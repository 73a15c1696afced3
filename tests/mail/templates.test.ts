import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ConfigError } from '../../src/config.js';
import { fill, parseTemplate, TemplateError } from '../../src/mail/template.js';
import { loadTemplates, variablesOf } from '../../src/mail/templates.js';
import { kindNames } from '../../src/mail/texts/kinds.js';
import { languages } from '../../src/mail/texts/languages.js';
import { Harness, password } from '../support/harness.js';
import { publicUrl, written } from '../support/written-mails.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-templates-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));
const write = (name: string, content: string | Uint8Array) => writeFile(join(folder, name), content);

describe('a template', () => {
  const filled = (source: string, values: Record<string, string | null>) =>
    fill(parseTemplate(source), values, (value) => `[${value}]`);

  test.each<[source: string, result: string]>([
    ['', ''],
    ['a {{x}} b {{ x }}', 'a [1] b [1]'],
    ['{{none}}', '[]'],
    ['{{#x}}has {{x}}{{/x}}{{^x}}has not{{/x}}', 'has [1]'],
    ['{{#none}}has {{none}}{{/none}}{{^none}}has not{{/none}}', 'has not'],
    ['{{#x}}{{^none}}{{x}}{{/none}}{{/x}}', '[1]'],
    ['{{#empty}}there{{/empty}}', 'there'],
    ['{{tag}}', '[{{x}} {{#x}} <b>]'],
    ['a { b } }} c', 'a { b } }} c'],
  ])('%j becomes %j', (source, result) => {
    expect(filled(source, { x: '1', none: null, empty: '', tag: '{{x}} {{#x}} <b>' })).toBe(result);
  });

  test.each([
    '{{{x}}}',
    '{{&x}}',
    '{{>file}}',
    '{{=<% %>=}}',
    '{{!note}}',
    '{{}}',
    '{{x.y}}',
    '{{x',
    '{{#x}}',
    '{{/x}}',
    '{{#x}}{{/y}}',
    '{{#x}}{{#y}}{{/x}}{{/y}}',
    '{{constructor()}}',
  ])('%j is not understood', (source) => {
    expect(() => parseTemplate(source)).toThrow(TemplateError);
  });
});

describe('a folder of templates', () => {
  const reset = 'password-reset.en';

  test('replaces what it holds, and nothing else', async () => {
    await write(`${reset}.subject`, 'Ours {{service}}\n');
    await write(`${reset}.txt`, '{{#username}}Dear {{username}}{{/username}}: {{reset}} ({{resetLifetime}})');
    const templates = await loadTemplates(folder);
    const [ours, german] = (['en', 'de'] as const).map((language) =>
      written('password-reset', { language, templates }),
    );
    const without = written('password-reset');
    expect(ours?.subject).toBe('Ours Gatehouse');
    expect(ours?.text).toMatch(new RegExp(`^Dear ada: ${publicUrl}/reset-password\\?token=\\S+ \\(10 minutes\\)$`));
    // Our HTML has the subject as its heading.
    expect(ours?.html).toBe(without.html?.replaceAll(/(<(title|h1)[^>]*>)[^<]*/g, '$1Ours Gatehouse'));
    expect(german?.text).toBe(written('password-reset', { language: 'de' }).text);
    expect(written('password-changed', { templates }).text).toBe(written('password-changed').text);
  });

  test('gets values escaped in HTML, and never taken for templates', async () => {
    await write('role-granted.en.html', '<p title="{{role}}">{{role}}{{#until}} until {{until}}{{/until}}</p>');
    await write('role-granted.en.txt', '{{role}}');
    const name = `"><script>x</script>'&{{service}}{{reset}}`;
    const templates = await loadTemplates(folder);
    const { html, text } = written('role-granted', { templates, name });
    const safe = '&quot;&gt;&lt;script&gt;x&lt; / script&gt;&#39;&amp;{{service}}{{reset}}';
    expect(html).toBe(`<p title="${safe}">${safe} until 2026-11-26 08:00 UTC</p>`);
    expect(text).toBe(`"><script>x< / script>'&{{service}}{{reset}}`);
  });

  test('may hold hidden files, as tools leave them', async () => {
    await write('.gitkeep', '');
    await mkdir(join(folder, '..data'));
    expect((await loadTemplates(folder)).size).toBe(0);
  });

  test.each<[file: string, content: string | Uint8Array, named: string]>([
    ['password-rest.en.txt', '{{reset}}', 'password-rest.en.txt'],
    ['password-reset.fr.txt', '{{reset}}', 'password-reset.fr.txt'],
    ['password-reset.en.md', '{{reset}}', 'password-reset.en.md'],
    ['password-reset.txt', '{{reset}}', 'password-reset.txt'],
    ['password-reset.en.txt.orig', '{{reset}}', 'password-reset.en.txt.orig'],
    ['README', 'x', 'README'],
    ['constructor.en.txt', 'x', 'constructor.en.txt'],
    [`${reset}.txt`, '{{reset}} {{rest}}', '{{rest}}'],
    [`${reset}.txt`, '{{reset}} {{constructor}}', '{{constructor}}'],
    [`${reset}.txt`, '{{reset}} {{role}}', '{{role}}'],
    [`${reset}.html`, '<p>{{reset}}{{#rest}}x{{/rest}}</p>', '{{rest}}'],
    [`${reset}.html`, '<p>Hello</p>', '{{reset}}'],
    [`${reset}.txt`, '{{#username}}{{reset}}{{/username}}', '{{reset}}'],
    ['verification.de.txt', '{{verification}}', '{{disownment}}'],
    [`${reset}.subject`, 'Link {{reset}}', '{{reset}}'],
    [`${reset}.subject`, 'two\nlines', `${reset}.subject`],
    [`${reset}.subject`, ' \n', `${reset}.subject`],
    [`${reset}.txt`, '{{reset}} {{>x}}', '{{>x}}'],
    [`${reset}.txt`, new Uint8Array([0x7b, 0xff, 0xfe]), `${reset}.txt`],
  ])('with %s holding %j is refused by names', async (file, content, named) => {
    await write(file, content);
    await expect(loadTemplates(folder)).rejects.toThrow(ConfigError);
    await expect(loadTemplates(folder)).rejects.toThrow(`MAIL_TEMPLATES: ${file}: `);
    await expect(loadTemplates(folder)).rejects.toThrow(named);
  });

  test('that is not there, and folders and dead links in it, are refused', async () => {
    await expect(loadTemplates(join(folder, 'none'))).rejects.toThrow(ConfigError);
    await mkdir(join(folder, `${reset}.txt`));
    await symlink(join(folder, 'gone'), join(folder, `${reset}.html`));
    for (const part of ['txt', 'html'])
      await expect(loadTemplates(folder)).rejects.toThrow(`MAIL_TEMPLATES: ${reset}.${part}: `);
  });

  test('stops the start of the service when it is wrong, and is used when it is right', async () => {
    await write('verification.en.txt', '{{verification}} {{unknown}} {{disownment}}');
    await expect(Harness.start({ MAIL_TEMPLATES: folder })).rejects.toThrow('verification.en.txt: {{unknown}}');
    await write('verification.en.txt', 'Ours {{verification}} {{disownment}}');
    const harness = await Harness.start({ MAIL_TEMPLATES: folder });
    const email = 'ada@example.com';
    await harness.client().mutate('register', { username: 'ada', email, password }, 'email');
    const { text } = await harness.mailbox.mailTo(email);
    expect(text).toMatch(/^Ours http\S+\/verify-email\?token=\S+ http\S+\/disown-registration\?token=\S+\n-- \n/);
  });
});

test('every kind can be replaced in every language, with all its variables', async () => {
  for (const kind of kindNames)
    for (const language of languages)
      await write(
        `${kind}.${language}.txt`,
        variablesOf(kind)
          .map((name) => `{{${name}}}`)
          .join('|'),
      );
  const templates = await loadTemplates(folder);
  expect(templates.size).toBe(kindNames.length * languages.length);
  for (const kind of kindNames)
    for (const language of languages) {
      const values = written(kind, { language, templates }).text.split('|');
      expect([kind, values.length]).toEqual([kind, variablesOf(kind).length]);
      expect(values).not.toContain('');
    }
});

test('docs/mail.md has a row for each kind, with its variables', async () => {
  const text = await readFile('docs/mail.md', 'utf8');
  const rows = [...text.matchAll(/^\| `([a-z-]+)` \| [^|]+ \| ([^|]+) \|$/gm)];
  const documented = rows.map(([, kind, cell = '']) => [kind, [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name)]);
  const common = new Set(['publicUrl', 'service', 'username']);
  expect(documented).toEqual(kindNames.map((kind) => [kind, variablesOf(kind).filter((name) => !common.has(name))]));
});
