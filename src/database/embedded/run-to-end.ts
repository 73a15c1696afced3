import { type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

/**
 * Runs a program until it and the programs it started have ended: the end of its error output tells, because they all
 * hold it open. Node's `execFile` would settle at an abort at once, and closes the pipe that tells.
 * @throws Error with the error output when the program fails, or the reason of an aborted signal
 */
export async function runToEnd(
  program: string,
  args: readonly string[],
  { signal, ...options }: SpawnOptions,
): Promise<void> {
  signal?.throwIfAborted();
  const child = spawn(program, args, { ...options, stdio: ['ignore', 'ignore', 'pipe'] });
  const stop = () => void child.kill();
  signal?.addEventListener('abort', stop);
  try {
    // Without a free file descriptor the child has no pipe, only an error.
    const [errors, [code, killer]] = await Promise.all([child.stderr ? text(child.stderr) : '', once(child, 'close')]);
    signal?.throwIfAborted();
    if (code !== 0) throw new Error(`${program} failed (${killer ?? `exit code ${code}`})\n${errors.trimEnd()}`);
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}
