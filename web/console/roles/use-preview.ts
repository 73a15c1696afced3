import { useCallback, useEffect, useRef, useState } from 'react';
import type { GatehouseError } from '../../../client/gatehouse';
import { gatehouse } from '../../session';
import { asGatehouseError } from '../../use-loaded';
import { useDelayed } from '../ui/use-delayed';
import {
  type ChangeRoleInput,
  ConsolePreviewRoleChangeDocument,
  type ConsolePreviewRoleChangeQuery,
} from './operations';

type Answer = ConsolePreviewRoleChangeQuery['previewRoleChange'];
export type Affected = Answer['users']['nodes'][number];

export interface Preview {
  /** Undefined before the first answer, and when there is nothing to preview. */
  readonly answer: Answer | undefined;
  readonly affected: readonly Affected[];
  /** Whether the answer is for an earlier draft. */
  readonly isStale: boolean;
  readonly error: GatehouseError | undefined;
  readonly more: (() => void) | undefined;
}

const settledAfter = 250;
const size = 20;

/**
 * What a change would do, by the service itself, soon after the draft stands still.
 * @param version of the role as it is now: with another one the answer may be another
 */
export function usePreview(input: ChangeRoleInput | undefined, version: number): Preview {
  const text = input ? JSON.stringify(input) : '';
  const settled = useDelayed(text, settledAfter);
  const [state, setState] = useState<{
    of: string;
    answer?: Answer;
    affected: readonly Affected[];
    error?: GatehouseError;
  }>({
    of: '',
    affected: [],
  });
  const newest = useRef(0);
  const load = useCallback(async (of: string, before: readonly Affected[], after: string | null) => {
    newest.current += 1;
    const own = newest.current;
    try {
      const variables = { input: JSON.parse(of), first: size, after };
      const { previewRoleChange: answer } = await gatehouse.request(ConsolePreviewRoleChangeDocument, variables);
      if (own === newest.current) setState({ of, answer, affected: [...before, ...answer.users.nodes] });
    } catch (reason) {
      if (own === newest.current) setState({ of, affected: [], error: asGatehouseError(reason) });
    }
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again about another version
  useEffect(() => {
    if (settled) void load(settled, [], null);
  }, [settled, version, load]);
  const { answer, affected, error, of } = state;
  if (!text) return { answer: undefined, affected: [], isStale: false, error: undefined, more: undefined };
  const { hasNextPage, endCursor } = answer?.users.pageInfo ?? {};
  const more = hasNextPage && of === text ? () => void load(of, affected, endCursor ?? null) : undefined;
  return { answer, affected, isStale: of !== text, error, more };
}
