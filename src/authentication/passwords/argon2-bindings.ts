/** What Argon2 computes a hash with (RFC 9106, section 3.1). The caller keeps to the limits: bindings differ beyond them. */
export interface Argon2Terms {
  readonly variant: 'argon2d' | 'argon2i' | 'argon2id';
  /** 19 is version 1.3, 16 the one before. */
  readonly version: 16 | 19;
  /** In KiB; at least 8 for each lane. */
  readonly memory: number;
  readonly passes: number;
  readonly lanes: number;
  /** At least 8 bytes. */
  readonly salt: Buffer;
  /** Of the hash, in bytes; at least 4. */
  readonly length: number;
}

/** Computes a hash of the password in UTF-8, in libuv's pool of threads. */
export type DeriveArgon2 = (password: string, terms: Argon2Terms) => Promise<Buffer>;

export interface Argon2Binding {
  /** Of its package. */
  readonly name: string;
  readonly derive: DeriveArgon2;
}

/** A package, loaded only when it is its turn. */
export type LoadArgon2 = readonly [name: string, load: () => Promise<DeriveArgon2>];

const variants = { argon2d: 0, argon2i: 1, argon2id: 2 } as const;

/** Fastest first, as measured: docs/decisions/0031. All give the same bytes. */
export const argon2Bindings: readonly LoadArgon2[] = [
  [
    '@node-rs/argon2',
    async () => {
      const { hashRaw } = await import('@node-rs/argon2');
      return (password, { variant, version, memory, passes, lanes, salt, length }) =>
        hashRaw(Buffer.from(password), {
          algorithm: variants[variant],
          version: version === 16 ? 0 : 1,
          memoryCost: memory,
          timeCost: passes,
          parallelism: lanes,
          salt,
          outputLen: length,
        });
    },
  ],
  [
    'argon2',
    async () => {
      const { default: argon2 } = await import('argon2');
      return (password, { variant, version, memory, passes, lanes, salt, length }) =>
        argon2.hash(password, {
          raw: true,
          type: variants[variant],
          version,
          memoryCost: memory,
          timeCost: passes,
          parallelism: lanes,
          salt,
          hashLength: length,
        });
    },
  ],
];

/** From the tests of the reference implementation, phc-winner-argon2. It takes less than a millisecond. */
const known = {
  password: 'password',
  terms: {
    variant: 'argon2id',
    version: 19,
    memory: 256,
    passes: 2,
    lanes: 1,
    salt: Buffer.from('somesalt'),
    length: 256 / 8,
  },
  hash: 'nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4=',
} as const;

let binding: Promise<Argon2Binding> | undefined;

/** The binding that this process hashes with, chosen once. */
export function argon2Binding(): Promise<Argon2Binding> {
  binding ??= firstSound(argon2Bindings);
  return binding;
}

/**
 * Finds the first binding that loads on this machine and computes a known hash.
 * @throws AggregateError when none does, with the reason of each
 */
export async function firstSound(candidates: readonly LoadArgon2[]): Promise<Argon2Binding> {
  const failures: unknown[] = [];
  for (const [name, load] of candidates) {
    try {
      const derive = await load();
      const hash = await derive(known.password, known.terms);
      if (hash.toString('base64') === known.hash) return { name, derive };
      failures.push(new Error(`${name} computes a wrong hash`));
    } catch (error) {
      failures.push(error);
    }
  }
  throw new AggregateError(failures, 'No binding of Argon2 works on this machine');
}
