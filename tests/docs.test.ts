import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from '@jest/globals';
import { Command } from 'commander';
import { buildSchema, parse, validate } from 'graphql';
import { defineAccounts } from '../src/commands/define-accounts.js';
import { defineOperation } from '../src/commands/define-operation.js';
import { defineWork } from '../src/commands/define-work.js';

const documents = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', 'bench/README.md'].concat(
  readdirSync('docs', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
);
const texts = documents.map((path) => ({ path, text: readFileSync(path, 'utf8') }));
const blocks = (language: string) =>
  texts.flatMap(({ path, text }) =>
    [...text.matchAll(new RegExp(`^\`\`\`${language}[^\\n]*\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(([, code = '']) => ({
      path,
      code,
    })),
  );

/** The anchor of a heading, as GitHub makes it. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(' ', '-');
const withoutCode = (text: string) => text.replace(/^```[\s\S]*?^```$/gm, '');
const anchorsOf = (path: string) =>
  [...withoutCode(readFileSync(path, 'utf8')).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => anchorOf(heading));

test('every link leads to a file, and to a heading of it', () => {
  const broken = texts.flatMap(({ path, text }) =>
    [...withoutCode(text).matchAll(/\]\((?!\w+:)([^)\s#]*)(?:#([^)\s]*))?\)/g)].flatMap(([link, file = '', anchor]) => {
      const target = file === '' ? path : normalize(join(dirname(path), file));
      if (!existsSync(target)) return [`${path}: ${link}`];
      return anchor !== undefined && !anchorsOf(target).includes(anchor) ? [`${path}: ${link}`] : [];
    }),
  );
  expect(texts.length).toBeGreaterThan(30);
  expect(broken).toEqual([]);
});

test('every GraphQL document fits the schema', () => {
  const schema = buildSchema(readFileSync('schema.graphql', 'utf8'));
  const found = blocks('graphql');
  expect(found.length).toBeGreaterThan(1);
  expect(
    found.flatMap(({ path, code }) => validate(schema, parse(code)).map(({ message }) => `${path}: ${message}`)),
  ).toEqual([]);
});

/** `gatehouse` or `npm run gatehouse --` with what follows, up to the end of the command. */
const invocation = /(?:^|[\s(])(?:npx )?gatehouse(?: --)? ([a-z][^|;&\n`)'>]*)/g;
const gatehouse = new Command('gatehouse').option('--json');
for (const define of [defineOperation, defineAccounts, defineWork]) define(gatehouse, {});

/** What of a command line is not known: a command, or an option. */
function unknownIn(line: string): string | undefined {
  const words = line.trim().split(/\s+/);
  let command: Command = gatehouse;
  const options: string[] = [];
  for (const word of words) {
    if (word.startsWith('--')) options.push(word);
    else command = command.commands.find((one) => one.name() === word) ?? command;
  }
  if (command === gatehouse) return words[0];
  const known = [...command.options, ...gatehouse.options, ...(command.parent?.options ?? [])].map(({ long }) => long);
  return options.find((option) => !known.includes(option.split('=')[0] ?? ''));
}

test('every command in a block of shell is one that there is', () => {
  const lines = blocks('sh').flatMap(({ path, code }) =>
    [...code.replaceAll('\\\n', ' ').matchAll(invocation)].map(([, line = '']) => ({ path, line })),
  );
  expect(lines.length).toBeGreaterThan(20);
  expect(lines.filter(({ line }) => unknownIn(line) !== undefined)).toEqual([]);
});
