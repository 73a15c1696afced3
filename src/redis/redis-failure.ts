/** Redis does not answer, or refuses. What needs it has to do without. */
export class RedisFailure extends Error {
  /** @param reason a word, such as ECONNREFUSED or READONLY; see `reasonOf` */
  constructor(readonly reason: string) {
    super(`Redis: ${reason}`);
  }
}

/** The first word of what the server answers, and codes of Node and of TLS. */
const word = /^-?([A-Z][A-Z\d_]{1,49})(?: |$)/;

const ownReasons: Readonly<Record<string, string>> = {
  SocketClosedUnexpectedlyError: 'CLOSED',
  DisconnectsClientError: 'CLOSED',
  ClientClosedError: 'CLOSED',
  ClientOfflineError: 'CLOSED',
  ConnectionTimeoutError: 'TIMEOUT',
  TimeoutError: 'TIMEOUT',
  RootNodesUnavailableError: 'CLUSTERDOWN',
};

/** @returns why, in one word of capital letters: messages of the server may repeat what it was sent, and name hosts */
export function reasonOf(error: unknown): string {
  if (error instanceof RedisFailure) return error.reason;
  if (error instanceof AggregateError) return reasonOf(error.errors[0]);
  if (!(error instanceof Error)) return 'UNKNOWN';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const found = word.exec(code ?? error.message)?.[1] ?? ownReasons[error.constructor.name];
  return found ?? 'UNKNOWN';
}

const sentences: Readonly<Record<string, string>> = {
  WRONGPASS: 'refuses the user or the password',
  NOAUTH: 'asks for a password',
  NOPERM: 'does not allow this user what is needed: see operations',
  READONLY: 'is a replica and takes no writes: name the primary',
  OOM: 'is full and may not evict: give it more memory',
  MISCONF: 'takes no writes, because it cannot save to its disk',
  LOADING: 'is still loading its data',
  CLUSTERDOWN: 'is a cluster of which a part is missing',
  STANDALONE: 'is no cluster: name one host',
  NODATABASE: 'is a cluster: name no database',
  TIMEOUT: 'does not answer',
  CLOSED: 'closes the connection: rediss:// is for TLS, redis:// for none',
  ECONNREFUSED: 'cannot be reached: nothing listens there',
  ENOTFOUND: 'cannot be reached: the name of the host is unknown',
};

/** @returns the reason in words, to follow `Redis` */
export const wordsFor = (reason: string): string => `${sentences[reason] ?? 'cannot be used'} (${reason})`;
