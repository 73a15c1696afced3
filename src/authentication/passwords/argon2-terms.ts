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

/** The same as another thread receives it, where a Buffer is a plain array of bytes. */
export type SentTerms = Omit<Argon2Terms, 'salt'> & { readonly salt: Uint8Array };

/** Computes a hash of the password in UTF-8, in another thread. */
export type DeriveArgon2 = (password: string, terms: Argon2Terms) => Promise<Buffer>;

/** The number of each variant, for both bindings. */
export const variants = { argon2d: 0, argon2i: 1, argon2id: 2 } as const;

/** As `@node-rs/argon2` names them. */
export const optionsOf = ({ variant, version, memory, passes, lanes, salt, length }: SentTerms) => ({
  algorithm: variants[variant],
  version: version === 16 ? 0 : 1,
  memoryCost: memory,
  timeCost: passes,
  parallelism: lanes,
  salt,
  outputLen: length,
});
