import { asksForProof } from '../../../client/gatehouse';
import type { TypedDocument } from '../../../client/post';
import { gatehouse } from '../../session';

/** Asks for the password or second factor again. @returns whether it was proved; false when the person gives up */
type AskForProof = () => Promise<boolean>;

let askForProof: AskForProof | undefined;

/** Says who asks for a proof; undefined takes it back. */
export const setAskForProof = (ask: AskForProof | undefined): void => {
  askForProof = ask;
};

/**
 * Runs a mutation. When the service asks for a fresh proof of who the caller is, the person is asked and the mutation is sent
 * again; what was typed stays.
 * @returns the payload
 * @throws GatehouseError
 */
export async function mutate<Result extends object, Variables>(
  document: TypedDocument<Result, Variables>,
  variables: Variables,
): Promise<Result[keyof Result]> {
  for (;;) {
    const answer = await gatehouse.request(document, variables);
    const [payload] = Object.values(answer) as Result[keyof Result][];
    if (!asksForProof(answer) || !(await askForProof?.())) return payload as Result[keyof Result];
  }
}
