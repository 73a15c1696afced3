import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

const compiled = join('dist', 'service', 'cli.js');

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts the compiled command with this environment only, and without a `.env` that lies in the folder. */
export const start = (args: readonly string[], env: Record<string, string>): ChildProcess =>
  spawn(process.execPath, [compiled, ...args], {
    env: { PATH: process.env['PATH'], NODE_ENV: 'test', ...env },
    stdio: 'pipe',
  });

/** Runs the command to its end. @param input is written to its standard input */
export async function run(
  args: readonly string[],
  env: Record<string, string>,
  input: string | Buffer = '',
): Promise<Ended> {
  const child = start(args, env);
  const { stdin, stdout, stderr } = child;
  if (!stdin || !stdout || !stderr) throw new Error('all three streams are piped');
  stdin.end(input);
  const [out, err, [code]] = await Promise.all([text(stdout), text(stderr), once(child, 'close')]);
  return { code, stdout: out, stderr: err };
}
