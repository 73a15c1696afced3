import { createContext, useContext } from 'react';
import type { GatehouseError } from '../../client/gatehouse';
import type { ViewerQuery } from '../operations';

export type Viewer = NonNullable<ViewerQuery['viewer']>;

interface Account {
  readonly viewer: Viewer;
  /** Asks for the account again, after a change. */
  readonly reload: () => Promise<void>;
  /** Why the account could not be read again: what is known of it may be old. */
  readonly failure: GatehouseError | undefined;
  /** Raised when a session of the account has begun or ended, in any browser. */
  readonly sessionChanges: number;
}

const Context = createContext<Account | undefined>(undefined);
export const AccountProvider = Context;

/** The account of whoever is signed in; only inside of the account area. */
export function useAccount(): Account {
  const account = useContext(Context);
  if (!account) throw new Error('This part of the page needs an account.');
  return account;
}
