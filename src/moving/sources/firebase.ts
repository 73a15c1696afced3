import { z } from 'zod';
import { derivedName } from './derived-name.js';
import { phcBase64 } from './encodings.js';
import { type Found, problem, type Readable, type Source } from './found.js';
import { membersOf } from './json-document.js';

/** Parameters of a project's hashes, as its console shows them under "Password hash parameters". */
export const hashParameters = z.object({
  base64_signer_key: z.string().min(1),
  base64_salt_separator: z.string().default(''),
  rounds: z.coerce.number().int(),
  mem_cost: z.coerce.number().int(),
});
export type HashParameters = z.output<typeof hashParameters>;

const text = z.string().nullish();
const milliseconds = z.coerce.number().nullish();
const user = z.object({
  localId: text,
  email: text,
  emailVerified: z.boolean().nullish(),
  passwordHash: text,
  salt: text,
  displayName: text,
  photoUrl: text,
  createdAt: milliseconds,
  lastSignedInAt: milliseconds,
  disabled: z.boolean().nullish(),
  mfaInfo: z.array(z.unknown()).nullish(),
});
type User = z.output<typeof user>;

/** Reads what `firebase auth:export users.json` writes. Records are counted. @param parameters needed for passwords */
export const firebase = (parameters: HashParameters | undefined): Source =>
  async function* (file: Readable): AsyncIterable<Found> {
    let at = 0;
    for await (const member of membersOf(file, ['$.users.*'])) {
      at += 1;
      yield 'code' in member ? { at, problem: member } : personIn(at, member.value, parameters);
    }
  };

function personIn(at: number, value: unknown, parameters: HashParameters | undefined): Found {
  const { data } = user.safeParse(value);
  if (!data) return { at, problem: problem('MALFORMED', 'This is not a user of Firebase.') };
  if (data.mfaInfo?.length)
    return {
      at,
      problem: problem('UNUSABLE_SECOND_FACTOR', 'A second factor of Firebase cannot be taken; remove it there first.'),
    };
  if (data.passwordHash && !parameters)
    return { at, problem: problem('UNUSABLE_HASH', 'Hashes of Firebase need --firebase-hash.') };
  return { at, value: recordOf(data, parameters), isDerived: true };
}

function recordOf(from: User, parameters: HashParameters | undefined): object {
  const { email, displayName, photoUrl } = from;
  return {
    id: from.localId,
    username: derivedName(email || displayName || ''),
    email,
    verified: from.emailVerified ?? false,
    active: from.disabled !== true,
    passwordHash: from.passwordHash && parameters ? hashOf(from, parameters) : null,
    // The name that is shown is one text.
    firstName: displayName,
    avatarUrl: photoUrl?.startsWith('https://') ? photoUrl : null,
    createdAt: instantOf(from.createdAt),
    lastLoginAt: instantOf(from.lastSignedInAt),
  };
}

const instantOf = (time: number | null | undefined): string | null =>
  time == null || Number.isNaN(new Date(time).getTime()) ? null : new Date(time).toISOString();

/** The form of Ory Kratos. */
function hashOf({ salt, passwordHash }: User, { rounds, mem_cost, ...keys }: HashParameters): string {
  const parts = [salt ?? '', passwordHash ?? '', keys.base64_salt_separator, keys.base64_signer_key].map(phcBase64);
  return `$firescrypt$ln=${mem_cost},r=${rounds},p=1$${parts.join('$')}`;
}
