import { useEffect, useState } from 'react';
import type { TypedDocument } from '../../../client/post';
import { gatehouse } from '../../session';

/**
 * What a search finds. An answer to an earlier question never replaces that to a later one; a search that fails finds nothing.
 * @param variables undefined: nothing is searched for
 * @returns undefined before the first answer
 */
export function useFound<Result, Variables, Found>(
  document: TypedDocument<Result, Variables>,
  variables: Variables | undefined,
  read: (result: Result) => readonly Found[],
): readonly Found[] | undefined {
  const [found, setFound] = useState<readonly Found[]>();
  const key = variables === undefined ? undefined : JSON.stringify(variables);
  useEffect(() => {
    let isNewest = true;
    const search = async () => {
      const rows = key === undefined ? [] : read(await gatehouse.request(document, JSON.parse(key) as Variables));
      if (isNewest) setFound(rows);
    };
    search().catch(() => isNewest && setFound([]));
    return () => {
      isNewest = false;
    };
  }, [document, key, read]);
  return found;
}
