/** What a server tells of itself. */
export interface ServerFacts {
  /** With its name: `Redis 7.0.15`, `Valkey 8.0.1`. */
  readonly version: string;
  readonly isCluster: boolean;
  /** `maxmemory-policy`; undefined when the user may not ask. */
  readonly evictionPolicy: string | undefined;
}

/** @param info the answer to INFO: lines of `name:value` */
export function serverFacts(info: string): ServerFacts {
  const lines = new Map([...info.matchAll(/^(\w+):(.*?)\r?$/gm)].map(([, name = '', value = '']) => [name, value]));
  const valkey = lines.get('valkey_version');
  return {
    version: valkey ? `Valkey ${valkey}` : `Redis ${lines.get('redis_version') ?? 'of an unknown version'}`,
    isCluster: lines.get('redis_mode') === 'cluster' || lines.get('server_mode') === 'cluster',
    evictionPolicy: lines.get('maxmemory_policy'),
  };
}

/** Whether a server that is full drops keys that have not expired and are in use, whatever they are. */
export const evictsAll = ({ evictionPolicy }: ServerFacts): boolean => evictionPolicy?.startsWith('allkeys-') ?? false;
