import { type DeriveArgon2, optionsOf, variants } from './argon2-terms.js';
import { HashingThreads } from './hashing-threads.js';

export interface Argon2Binding {
  /** Of its package. */
  readonly name: string;
  readonly derive: DeriveArgon2;
}

/** A package, loaded only when it is its turn. */
export type LoadArgon2 = readonly [name: string, load: () => Promise<DeriveArgon2>];

/** Fastest first, as measured: docs/decisions/0031. All give the same bytes. */
export const argon2Bindings: readonly LoadArgon2[] = [
  [
    '@node-rs/argon2',
    async () => {
      const { hashRaw } = await import('@node-rs/argon2');
      return (password, terms) => hashRaw(Buffer.from(password), optionsOf(terms));
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
let threads: HashingThreads | undefined;

/** The binding that this process hashes with, chosen once. */
export function argon2Binding(): Promise<Argon2Binding> {
  binding ??= firstSound(argon2Bindings).then(inThreads);
  return binding;
}

/** Ends the idle ones of the threads that this process hashes in; the next hashes start others. */
export const endHashingThreads = async (): Promise<void> => threads?.end();

/** The fastest one computes in threads of their own while there are many hashes; the other knows only libuv's pool. */
function inThreads(sound: Argon2Binding): Argon2Binding {
  const [[fastest] = []] = argon2Bindings;
  if (sound.name !== fastest) return sound;
  threads = new HashingThreads(sound.derive);
  return { ...sound, derive: threads.derive };
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
