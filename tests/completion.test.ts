import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { Command } from 'commander';
import { defineAccounts } from '../src/commands/define-accounts.js';
import { defineOperation } from '../src/commands/define-operation.js';
import { defineWork } from '../src/commands/define-work.js';
import { run } from './support/command.js';

let script: string;
beforeAll(async () => {
  const { code, stdout, stderr } = await run(['completion', 'bash'], {});
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  script = stdout;
});

/** Runs bash, with the script on its standard input. @returns what it printed; without errors */
async function bash(commands: string): Promise<string> {
  const child = spawn('bash', ['--noprofile', '--norc', '-c', `set -u; eval "$(cat)"; ${commands}`], { stdio: 'pipe' });
  child.stdin.end(script);
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  expect(err).toBe('');
  return out;
}

/** What bash offers behind each of the lines, the last word of which is being written. */
async function offered(...lines: string[][]): Promise<string[][]> {
  const asked = lines.map((words) => {
    const quoted = ['gatehouse', ...words].map((word) => `'${word}'`).join(' ');
    return `COMP_WORDS=(${quoted}); COMP_CWORD=${words.length}; $complete; echo "\${COMPREPLY[@]:-}"`;
  });
  const told = await bash(`complete=$(complete -p gatehouse | sed 's/.*-F \\([^ ]*\\) .*/\\1/'); ${asked.join('; ')}`);
  return told
    .split('\n')
    .slice(0, -1)
    .map((line) => line.split(' ').filter(Boolean));
}

test('bash completes each command and each option at its place', async () => {
  const gatehouse = new Command();
  for (const define of [defineOperation, defineAccounts, defineWork]) define(gatehouse, {});
  const expected: [string[], string][] = [];
  const note = (command: Command, path: string[]) => {
    for (const one of command.commands) {
      expected.push([[...path, one.name().slice(0, -1)], one.name()]);
      note(one, [...path, one.name()]);
    }
    for (const { long } of command.options) if (long) expected.push([[...path, long], long]);
    if (path.length > 0) expected.push([[...path, '--js'], '--json'], [[...path, '--he'], '--help']);
  };
  note(gatehouse, []);
  expect(expected.length).toBeGreaterThan(80);
  const found = await offered(...expected.map(([words]) => words));
  const missing = expected.filter(([, word], n) => !found[n]?.includes(word));
  expect(missing).toEqual([]);
});

test('options that were given do not hide what follows, and values are left to whoever types', async () => {
  expect(
    await offered(
      ['--json', 'keys', 'ro'],
      ['migrate', ''],
      ['completion', 'z'],
      ['users', 'list', '--role', ''],
      ['no-such-command', 'x'],
      // A value that is the name of a command.
      ['sessions', 'revoke', 'list', '--'],
    ),
  ).toEqual([['rotate'], ['up', 'down', 'status', '--json', '--help'], ['zsh'], [], [], ['--json', '--help']]);
});

test('file names are left to bash where a file is expected', async () => {
  expect(await offered(['restore', ''], ['restore', '--keep-s'], ['events', 'verify', '--heads', ''])).toEqual([
    [],
    ['--keep-sessions'],
    [],
  ]);
  expect(await bash('complete -p gatehouse')).toContain('-o default');
});

describe('the scripts for other shells', () => {
  test.each(['zsh', 'fish'])('%s has every command, and no quote that is open', async (shell) => {
    const { code, stdout } = await run(['completion', shell], {});
    expect(code).toBe(0);
    for (const word of ['keep-sessions', 'two-factor', 'reset-password', 'rotate']) expect(stdout).toContain(word);
    const quotes = stdout.replaceAll("'\\''", '').replaceAll("\\'", '').split("'").length - 1;
    expect(quotes % 2).toBe(0);
  });
});

describe('exit codes', () => {
  test.each([
    ['a command that there is not', ['no-such-command']],
    ['one below another', ['admin', 'no-such-command']],
    ['no command', []],
    ['an option that there is not', ['backup', '--no-such-option', 'file']],
    ['too few arguments', ['restore']],
    ['too many arguments', ['migrate', 'too', 'much']],
    ['a shell that there is not', ['completion', 'tcsh']],
  ])('2 for %s, and nothing is begun', async (_what, args) => {
    const { code, stdout, stderr } = await run(args, { DATABASE_URL: 'postgres://nobody@localhost:1/none' });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).not.toBe('');
    expect(stderr).not.toContain('    at ');
  });

  test('1 for what cannot be done, 0 for help', async () => {
    const nobody = { DATABASE_URL: 'postgres://nobody@localhost:1/none', APP_SECRET: 'x'.repeat(32) };
    expect(await run(['backup', '-'], nobody)).toMatchObject({ code: 1, stdout: '' });
    expect(await run(['backup', '--help'], {})).toMatchObject({ code: 0, stderr: '' });
  });
});
