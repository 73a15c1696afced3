import { type Refusal, refuse } from '../errors.js';
import { type Recipient, spokenColumns } from '../mail/recipient.js';
import type { Operation } from '../operation.js';
import { hashToken } from '../secrets.js';
import { codeCounterOf } from './attempts/lockout-counter.js';
import { attempt } from './attempts/login-attempts.js';
import { type Entered, enter, isElsewhere } from './enter.js';
import { matchCode, type TypedCode } from './second-factor/second-factor-code.js';
import { wrongCode } from './with-code.js';

/** A sign-in whose password is proved and whose code is missing. */
export interface OpenChallenge extends Recipient {
  readonly tokenHash: Buffer;
  readonly isRemembered: boolean;
  readonly usesCookie: boolean;
  readonly isElsewhere: boolean;
  /** Sealed secret of the second factor. */
  readonly authenticator: Buffer;
  readonly id: string;
}

const open = `
  select c.token_hash as "tokenHash", c.is_remembered as "isRemembered", c.uses_cookie as "usesCookie",
    u.id, u.username, u.email, ${spokenColumns}, f.sealed_secret as authenticator, ${isElsewhere('$3', '$4')}
  from two_factor_challenges c join users u on u.id = c.user_id
  join two_factors f on f.user_id = u.id and f.confirmed_at is not null
  where c.token_hash = $1 and c.expires_at > $2 and u.is_active`;

/**
 * Finds an unused challenge.
 * @throws Refusal INVALID_TOKEN if the challenge is unknown, used or expired, or its account may not sign in
 */
export async function openChallenge(operation: Operation, challengeToken: string): Promise<OpenChallenge> {
  const challenge = await find(operation, hashToken(challengeToken));
  if (!challenge) throw invalidToken();
  return challenge;
}

const find = ({ services, client }: Operation, tokenHash: Buffer): Promise<OpenChallenge | undefined> => {
  const values = [tokenHash, services.clock.now(), client.address, client.userAgent];
  return services.database.sql.row<OpenChallenge>(open, values);
};

const invalidToken = (): Refusal => refuse('INVALID_TOKEN', 'This sign-in is over; start anew.', 'challengeToken');

/**
 * Completes a sign-in after its password was proved. Wrong codes are counted per account, whatever the challenge, the
 * kind of code or the client's address; a correct password does not reset them.
 * @throws Refusal INVALID_CODE, also for a correct code while locked; INVALID_TOKEN if the challenge was used meanwhile
 */
export async function completeTwoFactorLogin(
  operation: Operation,
  challenge: OpenChallenge,
  typed: TypedCode,
): Promise<Entered> {
  const counter = codeCounterOf(operation, challenge.id, challenge.authenticator);
  const entered = await attempt(operation, { counter, owner: challenge }, async (attempt) => {
    const code = await matchCode(operation, challenge.id, typed);
    const { tokenHash, isRemembered, isElsewhere, authenticator } = challenge;
    const proof = code && ({ by: 'challenge', tokenHash, code, authenticator } as const);
    const entry = proof && { user: challenge, isRemembered, isElsewhere, proof, attempt };
    const opened = attempt.isOpen && entry ? await enter(operation, entry) : undefined;
    // A second click on the form is not a wrong code, so it is not counted.
    if (!opened && !(await find(operation, tokenHash))) throw invalidToken();
    return opened;
  });
  if (!entered) throw wrongCode();
  return entered;
}
