import crypto from 'node:crypto';
import { promisify } from 'node:util';
import { parseArgon2 } from '../src/authentication/passwords/argon2-hashes.js';

/** Verifies a password against a hash in PHC format. */
type Verify = (hash: string, password: string) => Promise<boolean>;

interface NodesTerms {
  readonly message: string;
  readonly nonce: Buffer;
  readonly parallelism: number;
  readonly tagLength: number;
  readonly memory: number;
  readonly passes: number;
}
type NodesArgon2 = (variant: string, terms: NodesTerms, done: (error: Error | null, hash: Buffer) => void) => void;

/** Bindings of Argon2 by their own ways to verify. Undefined where there is none. */
const bindings: Readonly<Record<string, () => Promise<Verify | undefined>>> = {
  argon2: async () => (await import('argon2')).verify,
  '@node-rs/argon2': async () => {
    const { verify } = await import('@node-rs/argon2');
    return (hash, password) => verify(hash, password);
  },
  'node:crypto': async () => nodes((crypto as { argon2?: NodesArgon2 }).argon2),
};

/** Node has it from 24.7. */
function nodes(argon2: NodesArgon2 | undefined): Verify | undefined {
  if (!argon2) return undefined;
  const derive = promisify(argon2);
  return async (hash, message) => {
    const parsed = parseArgon2(hash);
    if (!parsed) return false;
    const { variant, salt: nonce, lanes: parallelism, length: tagLength, memory, passes } = parsed;
    const terms = { message, nonce, parallelism, tagLength, memory, passes };
    return crypto.timingSafeEqual(await derive(variant, terms), parsed.hash);
  };
}

/** @returns names of the bindings that load here */
export async function bindingsAlone(): Promise<string[]> {
  const names = Object.keys(bindings);
  const loaded = await Promise.all(names.map((name) => bindingAlone(name).catch(() => undefined)));
  return names.filter((_, place) => loaded[place]);
}

/** @throws when it does not load */
export const bindingAlone = async (name: string): Promise<Verify | undefined> => bindings[name]?.();
