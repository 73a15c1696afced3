import { ReauthenticateDocument, type ReauthenticateInput } from './operations.js';
import type { TypedDocument } from './post.js';
import type { FieldError } from './sign-in.js';

/** What proves once more who the caller is: the password, or a code of the second factor instead. */
export type Proof = { readonly password: string } | ({ readonly code: string } & Pick<ReauthenticateInput, 'method'>);

export type ReauthenticateResult =
  | {
      readonly status: 'proved';
      /** Date and time (RFC 3339) of the proof. */
      readonly authenticatedAt: string;
    }
  | { readonly status: 'refused'; readonly errors: readonly FieldError[] };

type Request = <Result, Variables>(document: TypedDocument<Result, Variables>, variables: Variables) => Promise<Result>;

/** @throws GatehouseError without a session, and when the service does not answer */
export async function reauthenticate(request: Request, proof: Proof): Promise<ReauthenticateResult> {
  const { session, errors } = (await request(ReauthenticateDocument, { input: proof })).reauthenticate;
  return session ? { status: 'proved', authenticatedAt: session.authenticatedAt } : { status: 'refused', errors };
}

/**
 * Whether a mutation of an answer was refused because the proof of who the caller is was too old. Then ask for one, call
 * `reauthenticate`, and send the same mutation again.
 * @param answer what `request` returned
 */
export const asksForProof = (answer: object): boolean =>
  Object.values(answer).some((payload: unknown) => errorsOf(payload).some((error) => codeOf(error) === asked));

const asked = 'REAUTHENTICATION_REQUIRED';

const errorsOf = (payload: unknown): readonly unknown[] => {
  const errors: unknown = isObject(payload) ? payload['errors'] : undefined;
  return Array.isArray(errors) ? errors : [];
};

const codeOf = (error: unknown): unknown => (isObject(error) ? error['code'] : undefined);

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
