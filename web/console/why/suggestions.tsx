import { createContext, type ReactNode, useContext, useMemo } from 'react';
import { useLoaded } from '../../use-loaded';
import { type Known, knownIn } from '../attributes/known';
import { useUrlState } from '../ui/use-url-state';
import { useCan } from '../ui/viewer';
import { ConsoleWhySuggestionsDocument } from './operations';

interface Permission {
  readonly resource: string;
  readonly action: string;
  readonly conditions?: unknown;
}

interface Suggested {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** What conditions of permissions for the action and resource ask about. */
  readonly attributes: readonly Known[];
}

const nothing: Suggested = { actions: [], resources: [], attributes: [] };
const Suggestions = createContext<Suggested>(nothing);

export const useSuggested = (): Suggested => useContext(Suggestions);

/** What the service itself and the roles that the viewer may read know, to be proposed while one types. */
export function WithSuggestions({
  personId,
  children,
}: {
  readonly personId: string | undefined;
  readonly children: ReactNode;
}) {
  const mayRead = useCan()('read', 'role');
  if (!mayRead) return children;
  return <Read personId={personId}>{children}</Read>;
}

function Read({ personId, children }: { readonly personId: string | undefined; readonly children: ReactNode }) {
  const { data } = useLoaded(ConsoleWhySuggestionsDocument, {});
  const [url] = useUrlState();
  const [resource = '', action = ''] = ['resource', 'action'].map((name) => url.get(name)?.trim());
  const suggested = useMemo(() => {
    const catalogue = data?.permissionCatalogue ?? [];
    const permissions: readonly Permission[] = (data?.rolesConnection.nodes ?? []).flatMap((role) => role.permissions);
    const known = [...catalogue, ...permissions].filter((each) => each.action !== '*' && each.resource !== '*');
    const ofResource = known.filter((each) => each.resource === resource);
    const isAsked = (term: string, asked: string) => term === asked || term === '*' || asked === '';
    const concerned = permissions.filter((each) => isAsked(each.resource, resource) && isAsked(each.action, action));
    return {
      actions: unique((ofResource.length > 0 ? ofResource : known).map((each) => each.action)),
      resources: unique(known.map((each) => each.resource)),
      attributes: knownIn(
        concerned.map(({ conditions }) => conditions),
        catalogue.find((entry) => entry.resource === resource)?.attributes ?? [],
        personId,
      ),
    };
  }, [data, resource, action, personId]);
  return <Suggestions value={suggested}>{children}</Suggestions>;
}

const unique = (values: readonly string[]): readonly string[] => [...new Set(values)].sort();
