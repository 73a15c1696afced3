/**
 * The token of a mailed link, taken out of the address bar as soon as the page runs, so that it is not copied, shared, or
 * stored in the history with the address. It is kept in memory until it is used: after a reload the link has to be opened
 * again.
 */
function takeToken(): string | null {
  const address = new URL(window.location.href);
  const token = address.searchParams.get('token');
  if (token === null) return null;
  address.searchParams.delete('token');
  window.history.replaceState(window.history.state, '', address.pathname + address.search);
  return token;
}

let token = takeToken();

export const mailedToken = (): string | null => token;

/** Called when the token has been used. */
export function forgetMailedToken(): void {
  token = null;
}
