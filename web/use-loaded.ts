import { startTransition, useCallback, useEffect, useRef, useState } from 'react';
import { GatehouseError } from '../client/gatehouse';
import type { TypedDocument } from '../client/post';
import { gatehouse } from './session';

export interface Loaded<Result> {
  /** Undefined until the first answer; afterwards the newest one, also while it is asked for again. */
  readonly data: Result | undefined;
  readonly error: GatehouseError | undefined;
  /** Whether the answer is to earlier variables. */
  readonly isStale: boolean;
  /** Asks again. Resolves when the answer is there. */
  readonly reload: () => Promise<void>;
}

/** Asks the API when the component is first shown and when the variables change. */
export function useLoaded<Result, Variables extends object>(
  document: TypedDocument<Result, Variables>,
  variables: Variables,
): Loaded<Result> {
  const [answered, setAnswered] = useState<{ readonly key: string; readonly data: Result }>();
  const [error, setError] = useState<GatehouseError>();
  const newest = useRef(0);
  const isFirst = useRef(true);
  const key = JSON.stringify(variables);
  const reload = useCallback(async () => {
    newest.current += 1;
    const own = newest.current;
    const isNewest = () => own === newest.current;
    try {
      const answer = { key, data: await gatehouse.request(document, JSON.parse(key) as Variables) };
      if (!isNewest()) return;
      // What follows the first answer is a whole page: it is made in short steps, so that a slow device stays responsive.
      if (isFirst.current) startTransition(() => setAnswered(answer));
      else setAnswered(answer);
      isFirst.current = false;
      setError(undefined);
    } catch (reason) {
      if (isNewest()) setError(asGatehouseError(reason));
    }
  }, [document, key]);
  useEffect(() => {
    void reload();
    return () => {
      newest.current += 1;
    };
  }, [reload]);
  return { data: answered?.data, error, isStale: answered !== undefined && answered.key !== key, reload };
}

/** Anything else that is thrown is a fault of the page itself. */
export const asGatehouseError = (reason: unknown): GatehouseError =>
  reason instanceof GatehouseError ? reason : new GatehouseError('INTERNAL_SERVER_ERROR', String(reason));
