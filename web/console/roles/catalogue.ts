import { useMemo } from 'react';
import { useLoaded } from '../../use-loaded';
import { ConsoleCatalogueDocument } from './operations';
import type { Asker } from './trial';

/** What Gatehouse itself asks for, as suggestions, and who the viewer is in a trial. */
export interface Catalogue {
  readonly resources: readonly string[];
  readonly actionsOf: (resource: string) => readonly string[];
  readonly attributesOf: (resource: string) => readonly string[];
  readonly descriptionOf: (resource: string, action: string) => string | undefined;
  readonly asker: Asker;
}

const nobody: Asker = { id: '', email: '', roles: [] };

export function useCatalogue(): Catalogue {
  const { data } = useLoaded(ConsoleCatalogueDocument, {});
  return useMemo(() => {
    const entries = data?.permissionCatalogue ?? [];
    const { viewer } = data ?? {};
    const of = (resource: string) => entries.filter((entry) => entry.resource === resource);
    return {
      resources: ['*', ...new Set(entries.map(({ resource }) => resource))],
      actionsOf: (resource) => ['*', ...of(resource).map(({ action }) => action)],
      attributesOf: (resource) => of(resource)[0]?.attributes ?? [],
      descriptionOf: (resource, action) => of(resource).find((entry) => entry.action === action)?.description,
      asker: viewer
        ? { id: viewer.id, email: viewer.email ?? '', roles: (viewer.roles ?? []).map(({ name }) => name) }
        : nobody,
    };
  }, [data]);
}
