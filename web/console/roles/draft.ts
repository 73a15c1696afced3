import { useCallback, useEffect, useState } from 'react';
import { parsed } from '../attributes/json';
import { useUrlState } from '../ui/use-url-state';
import { useViewer } from '../ui/viewer';
import type { Conditions } from './conditions';
import type { EditedRole, Permission } from './load-role';
import type { ChangeRoleInput } from './operations';

export interface AddedPermission {
  readonly resource: string;
  readonly action: string;
  readonly name?: string;
  readonly conditions: Conditions | null;
}

/** What is to be changed about a role: the input of `changeRole` without the role. Also what a link to a draft has in `draft`, as JSON. */
export interface Draft {
  readonly name?: string;
  readonly description?: string | null;
  readonly level?: number;
  readonly removePermissionIds?: readonly string[];
  readonly addPermissions?: readonly AddedPermission[];
  readonly grantTo?: readonly string[];
  readonly grantExpiresAt?: string;
  readonly revokeFrom?: readonly string[];
}

interface Kept {
  readonly draft: Draft;
  /** The role as it was when the draft was begun. */
  readonly base: EditedRole;
}

/** Longer drafts are not put into the address. */
const longestInAddress = 1500;

export const isEmpty = (draft: Draft): boolean =>
  Object.entries(draft).every(
    ([key, value]) => key === 'grantExpiresAt' || (Array.isArray(value) && value.length === 0),
  );

export function inputOf(draft: Draft, { id, version }: EditedRole): ChangeRoleInput {
  return { ...draft, roleId: id, expectedVersion: version } as ChangeRoleInput;
}

/**
 * The draft of a change to a role. It is kept for this window, by role and viewer, so that it survives a reload and a session
 * that ends; a short one is also in the address, as a link to it for others.
 */
export function useDraft(role: EditedRole) {
  const viewer = useViewer();
  const [url, setUrl] = useUrlState();
  const key = `gatehouse.role-draft.${viewer.id}.${role.id}`;
  const inAddress = url.get('draft');
  const [kept, setKept] = useState<Kept>(() => {
    const before = read(key);
    return fromAddress(inAddress, role, before) ?? before ?? { draft: {}, base: role };
  });
  useEffect(() => {
    if (isEmpty(kept.draft)) sessionStorage.removeItem(key);
    else write(key, kept);
    const text = isEmpty(kept.draft) ? '' : JSON.stringify(kept.draft);
    setUrl({ draft: text.length <= longestInAddress ? text : '' });
  }, [key, kept, setUrl]);
  const change = useCallback((changes: Partial<Draft>) => {
    setKept((before) => ({ ...before, draft: tidied({ ...before.draft, ...changes }) }));
  }, []);
  const restart = useCallback((base: EditedRole, draft: Draft = {}) => setKept({ draft, base }), []);
  // What was drafted in the same moment is kept.
  const follow = useCallback(
    (base: EditedRole) => setKept((before) => (isEmpty(before.draft) ? { draft: {}, base } : before)),
    [],
  );
  return { ...kept, change, restart, follow };
}

/** The draft of a link, of which nothing is believed. A draft that is kept for the same link goes on. */
function fromAddress(text: string | null, base: EditedRole, kept: Kept | undefined): Kept | undefined {
  if (!text || text === JSON.stringify(kept?.draft)) return undefined;
  const draft = asDraft(parsed(text));
  return draft && !isEmpty(draft) ? { draft, base } : undefined;
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const texts = (value: unknown): string[] => (Array.isArray(value) ? value.filter(isText) : []);

function asDraft(value: unknown): Draft | undefined {
  if (!isRecord(value)) return undefined;
  const { name, description, level, grantExpiresAt, addPermissions } = value;
  return tidied({
    ...(isText(name) && { name }),
    ...((isText(description) || description === null) && { description }),
    ...(Number.isInteger(level) && { level: level as number }),
    ...(isText(grantExpiresAt) && { grantExpiresAt }),
    removePermissionIds: texts(value['removePermissionIds']),
    addPermissions: Array.isArray(addPermissions) ? addPermissions.flatMap(asAdded) : [],
    grantTo: texts(value['grantTo']),
    revokeFrom: texts(value['revokeFrom']),
  });
}

function asAdded(value: unknown): AddedPermission[] {
  if (!isRecord(value) || !isText(value['resource']) || !isText(value['action'])) return [];
  const { resource, action, name, conditions } = value;
  return [
    {
      resource,
      action,
      ...(isText(name) && { name }),
      conditions: isRecord(conditions) ? (conditions as Conditions) : null,
    },
  ];
}

function read(key: string): Kept | undefined {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? '') as Kept;
  } catch {
    return undefined;
  }
}

function write(key: string, kept: Kept): void {
  try {
    sessionStorage.setItem(key, JSON.stringify(kept));
  } catch {
    // The storage is full or switched off: the draft lasts as long as the page.
  }
}

/** Leaves out what changes nothing. */
const tidied = (draft: Draft): Draft =>
  Object.fromEntries(
    Object.entries(draft).filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0)),
  );

const isSame = (one: AddedPermission, other: Permission) =>
  one.resource === other.resource &&
  one.action === other.action &&
  JSON.stringify(one.conditions) === JSON.stringify(other.conditions);

/** The draft for the role as somebody else has left it: without what they have done already. */
export function rebased(draft: Draft, now: EditedRole): Draft {
  const isThere = (id: string) => now.permissions.some((permission) => permission.id === id);
  const isNew = (added: AddedPermission) => !now.permissions.some((permission) => isSame(added, permission));
  const { name, level, description, ...rest } = draft;
  return tidied({
    ...rest,
    ...(name !== undefined && name !== now.name && { name }),
    ...(level !== undefined && level !== now.level && { level }),
    ...(description !== undefined && description !== now.description && { description }),
    removePermissionIds: (draft.removePermissionIds ?? []).filter(isThere),
    addPermissions: (draft.addPermissions ?? []).filter(isNew),
  });
}
