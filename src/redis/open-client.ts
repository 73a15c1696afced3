import { isIP } from 'node:net';
import type { AnyRedisClientOptions } from '@redis/client';
import { seconds } from '../clock.js';
import type { RedisAddress, RedisHost } from '../redis-address.js';
import { RedisFailure } from './redis-failure.js';
import type { ScriptInput } from './script.js';
import { type ServerFacts, serverFacts } from './server-facts.js';
import { within } from './within.js';

/** What is asked of Redis, of a single server or of a cluster. */
export interface RedisClient {
  readonly facts: ServerFacts;
  evalSha(digest: string, input: ScriptInput): Promise<unknown>;
  eval(text: string, input: ScriptInput): Promise<unknown>;
  /** Proves that scripts may write: writes a key for so many milliseconds. */
  write(key: string, milliseconds: number): Promise<unknown>;
  /** Ends it at once. What waits for an answer is rejected. */
  destroy(): void;
}

/** Of a connection until it is signed in, in milliseconds. */
const connectTime = seconds(2);
/** Commands that wait to be written or answered. They wait for a fraction of a second, so there are few of them. */
const mostWaiting = 10_000;

/**
 * Connects to Redis: to a cluster if there are several hosts, or if the only one belongs to one. Its library is loaded
 * with the first call.
 * @param onLoss is called when a connection breaks, with the error, perhaps more than once. It is not made again
 * @param signal ends the attempt at once
 * @throws RedisFailure, or an error of the connection, which `reasonOf` explains
 */
export async function openClient(
  address: RedisAddress,
  onLoss: (error: unknown) => void,
  signal?: AbortSignal,
): Promise<RedisClient> {
  let isOpen = false;
  // Before that, an error is one of the attempt, which another host may make good.
  const onError = (error: unknown) => isOpen && onLoss(error);
  const client = await openSuitable({ ...(await import('@redis/client')), address, onError, signal });
  isOpen = true;
  return client;
}

async function openSuitable(opening: Opening): Promise<RedisClient> {
  const { hosts, database } = opening.address;
  const { client, facts } = await openFirst(opening);
  const isCluster = facts.isCluster ?? hosts.length > 1;
  if (!isCluster && hosts.length === 1) return { ...commandsOf(client), facts };
  client.destroy();
  if (!isCluster) throw new RedisFailure('STANDALONE');
  if (database > 0) throw new RedisFailure('NODATABASE');
  return { ...commandsOf(await openCluster(opening)), facts };
}

interface Opening extends Pick<typeof import('@redis/client'), 'createClient' | 'createCluster'> {
  readonly address: RedisAddress;
  readonly onError: (error: unknown) => void;
  readonly signal: AbortSignal | undefined;
}

/**
 * Connects to one server only, also of a cluster: the first that answers. For messages, which any node passes on to all others.
 * @param onLoss is called when the connection breaks, with the error, perhaps more than once. It is not made again
 * @throws an error of the connection, which `reasonOf` explains
 */
export async function openNode(address: RedisAddress, onLoss: (error: unknown) => void, signal: AbortSignal) {
  let isOpen = false;
  const onError = (error: unknown) => isOpen && onLoss(error);
  const { client } = await openFirst({ ...(await import('@redis/client')), address, onError, signal });
  isOpen = true;
  return client;
}

/** The first host that answers. */
async function openFirst({ createClient, address, onError, signal }: Opening) {
  const failures: unknown[] = [];
  for (const host of address.hosts) {
    const client = createClient({ ...optionsOf(address), socket: socketOf(address, host) });
    client.on('error', onError);
    try {
      await within(connectTime, client.connect(), signal);
      return { client, facts: await within(connectTime, factsOf(client), signal) };
    } catch (error) {
      client.destroy();
      failures.push(error);
    }
  }
  throw failures[0];
}

/** A user who may not ask is not asked: everything else works. */
async function factsOf(client: { info(): Promise<string> }): Promise<ServerFacts> {
  const info = await client.info().catch((error) => {
    if (/^NOPERM/.test(error.message)) return '';
    throw error;
  });
  return serverFacts(info);
}

async function openCluster({ createCluster, address, onError, signal }: Opening) {
  const cluster = createCluster({
    rootNodes: address.hosts.map((host) => ({ socket: socketOf(address, host) })),
    defaults: { ...optionsOf(address), socket: socketOf(address) },
    RESP: 2 as const,
  });
  cluster.on('error', onError).on('node-error', onError);
  try {
    await within(connectTime, cluster.connect(), signal);
    return cluster;
  } catch (error) {
    cluster.destroy();
    throw error;
  }
}

/** Connections are made again by `Redis`, whole: the library would keep commands for a server that is away. */
function socketOf({ tls }: RedisAddress, host?: RedisHost) {
  const common = { ...host, connectTimeout: connectTime, reconnectStrategy: false as const };
  return tls ? { ...common, tls: true as const, ...serverName(host) } : common;
}

/** An address is no name of a server (RFC 6066, section 3). */
const serverName = (host?: RedisHost) => (host && isIP(host.host) === 0 ? { servername: host.host } : {});

/** RESP 2, which every server speaks and which is enough for numbers. */
const optionsOf = ({ username, password, database }: RedisAddress) =>
  ({
    ...(username && { username }),
    ...(password && { password }),
    ...(database > 0 && { database }),
    RESP: 2,
    commandsQueueMaxLength: mostWaiting,
    disableOfflineQueue: true,
    disableClientInfo: true,
    maintNotifications: 'disabled',
  }) as const satisfies AnyRedisClientOptions;

const writing = "return redis.call('SET', KEYS[1], 1, 'PX', ARGV[1])";

/** The commands that servers and clusters have in common. */
interface Commands {
  evalSha(digest: string, input: ScriptInput): Promise<unknown>;
  eval(text: string, input: ScriptInput): Promise<unknown>;
  destroy(): void;
}

const commandsOf = (client: Commands): Omit<RedisClient, 'facts'> => ({
  evalSha: (digest, input) => client.evalSha(digest, input),
  eval: (text, input) => client.eval(text, input),
  write: (key, milliseconds) => client.eval(writing, { keys: [key], arguments: [String(milliseconds)] }),
  destroy: () => client.destroy(),
});
