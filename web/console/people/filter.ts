import type { UserFilter, UserOrder } from './operations';

export const filterNames = ['search', 'state', 'locked', 'verified', 'admin', 'role'] as const;

/** What the list is asked for. */
export interface Asked {
  readonly search: string | null;
  readonly filter: UserFilter;
  readonly orderBy: UserOrder | null;
}

const orders: Readonly<Record<string, UserOrder>> = {
  newest: { field: 'CREATED_AT', direction: 'DESC' },
  name: { field: 'USERNAME', direction: 'ASC' },
  email: { field: 'EMAIL', direction: 'ASC' },
  seen: { field: 'LAST_LOGIN_AT', direction: 'DESC' },
  unseen: { field: 'LAST_LOGIN_AT', direction: 'ASC' },
};

/** The question that an address asks; values that are not known ask for nothing. */
export function askedBy(url: URLSearchParams): Asked {
  const choice = (name: string, yes: string, no: string): boolean | null => {
    const value = url.get(name);
    return value === yes ? true : value === no ? false : null;
  };
  return {
    search: url.get('search')?.trim() || null,
    filter: {
      isActive: choice('state', 'active', 'inactive'),
      isLocked: choice('locked', 'yes', 'no'),
      isVerified: choice('verified', 'yes', 'no'),
      isAdmin: choice('admin', 'yes', 'no'),
      role: url.get('role') || null,
    },
    orderBy: orders[url.get('sort') ?? ''] ?? null,
  };
}
