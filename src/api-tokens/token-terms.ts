import { isWord } from '../access/roles/permission-terms.js';
import { refuse } from '../errors.js';
import type { PermissionName } from '../policy/permission-name.js';
import { wildcard } from '../policy/role-book.js';
import { isNameLine } from '../texts/words.js';

/** Terms of an API token as a caller requested them. */
export interface NewApiToken {
  readonly name: string;
  readonly scopes: readonly string[];
  /** Null: the token is valid until it is revoked. */
  readonly expiresAt?: Date | null | undefined;
}

export interface TokenTerms {
  readonly name: string;
  readonly scopes: PermissionName[];
  readonly expiresAt: Date | null;
}

const longestName = 100;
/** Highest number of scopes of one token. */
export const mostScopes = 50;
const longestLifeYears = 10;

/**
 * Validates and normalizes the terms of a token.
 * @param now the current time; the expiry must be later
 * @throws Refusal INVALID_INPUT
 */
export const checkedTerms = ({ name, scopes, expiresAt }: NewApiToken, now: Date): TokenTerms => ({
  name: checkedName(name),
  scopes: checkedScopes(scopes),
  expiresAt: checkedEnd(expiresAt ?? null, now),
});

function checkedName(text: string): string {
  // The length is checked first, so that huge texts are not normalized.
  const name = text.length > 4 * longestName ? '' : text.normalize('NFC').trim();
  if (name === '' || !isNameLine(name, longestName))
    throw refuse(
      'INVALID_INPUT',
      `A name has 1 to ${longestName} visible characters on one line, each word in one script.`,
      'name',
    );
  return name;
}

function checkedScopes(texts: readonly string[]): PermissionName[] {
  if (texts.length > mostScopes) throw refuse('INVALID_INPUT', `A token has at most ${mostScopes} scopes.`, 'scopes');
  const scopes = texts.map((text) => text.trim().toLowerCase());
  if (!scopes.every(isScope)) throw refuse('INVALID_INPUT', 'A scope is resource:action or resource:*.', 'scopes');
  if (new Set(scopes).size < scopes.length) throw refuse('INVALID_INPUT', 'A scope is named twice.', 'scopes');
  return scopes;
}

function isScope(text: string): text is PermissionName {
  const [resource = '', action = '', ...more] = text.split(':', 3);
  return more.length === 0 && isWord(resource) && (action === wildcard || isWord(action));
}

function checkedEnd(end: Date | null, now: Date): Date | null {
  const latest = new Date(now);
  latest.setUTCFullYear(latest.getUTCFullYear() + longestLifeYears);
  if (end && !(end > now && end <= latest))
    throw refuse('INVALID_INPUT', `A token ends in the future, at most ${longestLifeYears} years ahead.`, 'expiresAt');
  return end;
}
