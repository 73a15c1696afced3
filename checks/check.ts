import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

/** Returns what is wrong, a line each; nothing when all is well. */
export type Check = () => Promise<readonly string[]>;

/** A tool of ours that says by its exit code whether all is well. */
export function tool(name: string, ...args: string[]): Check {
  return async () => {
    const env = { ...process.env, FORCE_COLOR: '0' };
    const child = spawn(`node_modules/.bin/${name}`, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
    if (code === 0) return [];
    return [`${name} ended with ${code}`, ...`${out}${err}`.trimEnd().split('\n')];
  };
}
