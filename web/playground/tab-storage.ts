/**
 * Keeps tabs and history until the browser's tab is closed, no longer: variables may hold a password. Headers are not
 * written at all, because they may hold a token.
 * @returns null when storage is switched off in this browser
 */
export function tabStorage(): Storage | null {
  try {
    const storage = window.sessionStorage;
    return {
      get length() {
        return storage.length;
      },
      key: (at) => storage.key(at),
      getItem: (key) => storage.getItem(key),
      setItem: (key, text) => storage.setItem(key, withoutHeaders(key, text)),
      removeItem: (key) => storage.removeItem(key),
      clear: () => storage.clear(),
    };
  } catch {
    return null;
  }
}

/** GraphiQL leaves the headers out of its tabs, but not out of the history. */
function withoutHeaders(key: string, text: string): string {
  if (!/:(queries|favorites)$/.test(key)) return text;
  const history = JSON.parse(text) as Record<string, readonly object[]>;
  const entries = Object.entries(history).map(([name, items]) => [
    name,
    items.map((item) => ({ ...item, headers: undefined })),
  ]);
  return JSON.stringify(Object.fromEntries(entries));
}
