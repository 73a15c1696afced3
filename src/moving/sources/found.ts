/** Why a record is not taken. */
export type ProblemCode =
  /** Not JSON or CSV, not UTF-8, or without the form of a record. */
  | 'MALFORMED'
  | 'LINE_TOO_LONG'
  | 'INVALID_INPUT'
  | 'ID_TAKEN'
  | 'USERNAME_TAKEN'
  | 'EMAIL_TAKEN'
  | 'UNKNOWN_ROLE'
  | 'UNUSABLE_HASH'
  | 'UNUSABLE_SECOND_FACTOR'
  | 'ADMINISTRATOR'
  /** A role of this name is there and permits something else. */
  | 'ROLE_DIFFERS';

export interface Problem {
  readonly code: ProblemCode;
  /** For people. Never contains a hash, a seed or a line of the file. */
  readonly reason: string;
}

export const problem = (code: ProblemCode, reason: string): Problem => ({ code, reason });

/** A record of a file in Gatehouse's own format, not yet checked, or why there is none. */
export type Found = {
  /** The line where the record begins; in a format without lines its number. Both from 1, and ascending. */
  readonly at: number;
} & (
  | {
      readonly value: unknown;
      /** Length of its text; absent where the format does not tell. */
      readonly size?: number;
      /** The username is not one that the person knows, so it may be made unique. */
      readonly isDerived?: boolean;
    }
  | { readonly problem: Problem }
);

/** A file that can be read several times. */
export interface Readable {
  /** Reads the file from its beginning. */
  chunks(): AsyncIterable<Buffer>;
}

/** Reads the records of a format, with bounded memory. */
export type Source = (file: Readable) => AsyncIterable<Found>;
