import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { basename } from 'node:path';
import { text } from 'node:stream/consumers';

/** Resolves to the problems found, one line each; to none when the check passes. */
export type Check = () => Promise<readonly string[]>;

/** A check that runs a program; it passes when the exit code is 0. */
export function program(path: string, ...args: string[]): Check {
  return async () => {
    const env = { ...process.env, FORCE_COLOR: '0' };
    const child = spawn(path, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
    if (code === 0) return [];
    return [`${basename(path)} ended with ${code}`, ...`${out}${err}`.trimEnd().split('\n')];
  };
}

/** A check that runs a program of node_modules/.bin. */
export const tool = (name: string, ...args: string[]): Check => program(`node_modules/.bin/${name}`, ...args);
