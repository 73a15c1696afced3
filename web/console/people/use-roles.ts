import { useState } from 'react';
import { useDelayed } from '../ui/use-delayed';
import { useFound } from '../ui/use-found';
import { ConsoleChoiceOfRolesDocument, type ConsoleChoiceOfRolesQuery } from './operations';

type Found = ConsoleChoiceOfRolesQuery['rolesConnection'];

const read = ({ rolesConnection }: ConsoleChoiceOfRolesQuery): readonly Found[] => [rolesConnection];

export interface ChoiceOfRoles {
  /** At most a hundred whose name contains the text, the highest level first. */
  readonly roles: Found['nodes'];
  readonly text: string;
  readonly setText: (text: string) => void;
  /** Whether there are more than fit into a list of options, so that one has to search. */
  readonly isLong: boolean;
  readonly isLoading: boolean;
}

/** Roles that the viewer may read, to choose from. */
export function useRoles(isAllowed: boolean): ChoiceOfRoles {
  const [text, setText] = useState('');
  const search = useDelayed(text.trim());
  const found = useFound(ConsoleChoiceOfRolesDocument, isAllowed ? { search } : undefined, read);
  const { nodes = [], totalCount = 0 } = found?.[0] ?? {};
  const isLong = search !== '' || totalCount > nodes.length;
  return { roles: nodes, text, setText, isLong, isLoading: isAllowed && found === undefined };
}
