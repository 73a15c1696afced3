/** Where Redis is, and how to sign in there. Holds a password: must not be logged. */
export interface RedisAddress {
  /** More than one: nodes of a cluster, of which one has to answer at first. */
  readonly hosts: readonly RedisHost[];
  readonly tls: boolean;
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** Number of the database on the server; a cluster has 0 alone. */
  readonly database: number;
}

export interface RedisHost {
  readonly host: string;
  readonly port: number;
}

/** Registered with IANA for Redis. */
const defaultPort = 6379;
const example = 'redis://user:password@host:6379, with further nodes of a cluster after commas';
const shape = /^(?<scheme>rediss?):\/\/(?:(?<userinfo>[^@/]*)@)?(?<hosts>[^@/?#]+)(?:\/(?<database>\d{0,4}))?$/;
/** A name, an IPv4 address, or an IPv6 address in brackets; and a port. */
const hostShape = /^(?<host>\[[\da-f:.]+\]|[a-z\d_](?:[\w.-]{0,252}))(?::(?<port>\d{1,5}))?$/i;

/**
 * Parses REDIS_URL: `redis://user:password@host:port/database`, `rediss://` with TLS. A URL names one host, so
 * this is one only if it does; several nodes of a cluster stand after one another, separated by commas.
 * @returns the address, or what is wrong with the text, without repeating any of it
 * @example
 * redisAddressOf('rediss://gatehouse:secret@10.0.0.1:6379,10.0.0.2:6379');
 */
export function redisAddressOf(text: string): RedisAddress | string {
  const { scheme, userinfo, hosts: list = '', database = '' } = shape.exec(text)?.groups ?? {};
  if (!scheme) return `must look like ${example}`;
  const hosts = list.split(',').map(hostOf);
  if (!hosts.every((host) => host !== undefined)) return `must name hosts, each with or without a port: ${example}`;
  if (hosts.length > 1 && Number(database) > 0) return 'must not name a database: a cluster has only number 0';
  try {
    return { hosts, tls: scheme === 'rediss', ...credentialsIn(userinfo), database: Number(database) };
  } catch {
    return 'must write % as %25';
  }
}

function hostOf(text: string): RedisHost | undefined {
  const { host, port = defaultPort } = hostShape.exec(text)?.groups ?? {};
  if (!host || Number(port) < 1 || Number(port) > 65_535) return undefined;
  return { host: host.replaceAll(/[[\]]/g, ''), port: Number(port) };
}

/** @throws URIError for a percent sign that escapes nothing */
function credentialsIn(userinfo = ''): Pick<RedisAddress, 'username' | 'password'> {
  const end = userinfo.indexOf(':');
  const [user, password] = end < 0 ? [userinfo, ''] : [userinfo.slice(0, end), userinfo.slice(end + 1)];
  return { username: decodeURIComponent(user) || undefined, password: decodeURIComponent(password) || undefined };
}
