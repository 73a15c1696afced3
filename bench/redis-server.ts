import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { freePort } from '../tests/support/free-port.js';
import { runningOn } from './cores.js';
import { processorTime } from './processor-time.js';

const program = '/usr/bin/redis-server';

/** Without a server the scenarios that need one are left out. */
export const hasRedis = existsSync(program);

export interface RedisServer {
  readonly url: string;
  /** Processor seconds so far; NaN where the system does not tell. */
  cpu(): number;
  stop(): Promise<void>;
}

/** Starts a server that stores nothing on disk, beside the load and PostgreSQL. */
export async function startRedis(serverCore: number | undefined): Promise<RedisServer> {
  const port = await freePort();
  const line = runningOn(otherCore(serverCore), [program, '--port', String(port), '--save', '']);
  const [command = '', ...args] = line;
  const server = spawn(command, args, { stdio: 'ignore' });
  return {
    url: `redis://127.0.0.1:${port}`,
    cpu: () => processorTime(server.pid ?? 0),
    stop: async () => {
      const ended = once(server, 'exit');
      if (server.kill('SIGKILL')) await ended;
    },
  };
}

const otherCore = (core: number | undefined) => (core === undefined ? undefined : core === 0 ? 1 : 0);
