import { settings } from './settings';

/**
 * Where to go after signing in: the address in `return_to` if it is of this service or of an application that the operator
 * has allowed (`CORS_ORIGINS`), otherwise the account.
 */
export function returnAddress(search: string): URL {
  const { origin } = window.location;
  const fallback = new URL('/account', origin);
  const given = new URLSearchParams(search).get('return_to');
  if (!given || !URL.canParse(given, origin)) return fallback;
  const address = new URL(given, origin);
  const isWeb = /^https?:$/.test(address.protocol);
  return isWeb && [origin, ...settings.returnOrigins].includes(address.origin) ? address : fallback;
}

/** The path of another page of the sign-in that leads back to the same place afterwards. */
export function keepingReturn(path: string, search: string): string {
  const given = new URLSearchParams(search).get('return_to');
  return given ? `${path}?${new URLSearchParams({ return_to: given })}` : path;
}
