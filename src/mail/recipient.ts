/** Whom a mail is written to. */
export interface Recipient {
  readonly email: string;
  /** Null while the address is unverified: whoever entered the address has also chosen the name. */
  readonly username: string | null;
  /** BCP 47 tag; null: English. */
  readonly language: string | null;
  /** Name of the IANA time zone database; null: UTC. */
  readonly timezone: string | null;
}

/** The columns that rows of recipients have beside name and address, for statements with `from users u`. */
export const spokenColumns = 'u.language, u.timezone';

interface Account {
  readonly email: string;
  readonly username: string;
  readonly language?: string | null;
  readonly timezone?: string | null;
}

/** An account as a recipient. @param username null: the mail must not repeat it */
export const recipientOf = (
  { email, username: own, language = null, timezone = null }: Account,
  username: string | null = own,
): Recipient => ({ email, username, language, timezone });
