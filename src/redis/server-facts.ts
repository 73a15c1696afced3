/** What a server tells of itself. */
export interface ServerFacts {
  /** With its name: `Redis 7.0.15`, `Valkey 8.0.1`. */
  readonly version: string;
  /** Undefined, like what follows, when the user may not ask. */
  readonly isCluster: boolean | undefined;
  /** `maxmemory-policy`. */
  readonly evictionPolicy: string | undefined;
}

/** @param info the answer to INFO: lines of `name:value` */
export function serverFacts(info: string): ServerFacts {
  const lines = new Map([...info.matchAll(/^(\w+):(.*?)\r?$/gm)].map(([, name = '', value = '']) => [name, value]));
  const mode = lines.get('redis_mode') ?? lines.get('server_mode');
  const valkey = lines.get('valkey_version');
  return {
    version: valkey ? `Valkey ${valkey}` : `Redis ${lines.get('redis_version') ?? 'of an unknown version'}`,
    isCluster: mode === undefined ? undefined : mode === 'cluster',
    evictionPolicy: lines.get('maxmemory_policy'),
  };
}

/** Whether a server that is full drops keys that have not expired and are in use, whatever they are. */
export const evictsAll = ({ evictionPolicy }: ServerFacts): boolean => evictionPolicy?.startsWith('allkeys-') ?? false;
