/** What a person chooses for this browser. */
export interface Appearance {
  /** `system` follows the device. */
  readonly theme: 'system' | 'light' | 'dark';
  readonly contrast: 'system' | 'more';
  /** Whether single keys such as `j` do something; WCAG 2.1.4 asks for a way to switch them off. */
  readonly keys: 'on' | 'off';
}

const storageKey = 'gatehouse.console.appearance';
const fallback: Appearance = { theme: 'system', contrast: 'system', keys: 'on' };

/** Storage may be switched off in a browser, or hold what an earlier version wrote. */
export function storedAppearance(): Appearance {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(storageKey) ?? '{}');
    return { ...fallback, ...(stored as Partial<Appearance>) };
  } catch {
    return fallback;
  }
}

/** Marks the document, for styles. */
export function applyAppearance(appearance = storedAppearance()): void {
  document.documentElement.dataset['theme'] = appearance.theme;
  document.documentElement.dataset['contrast'] = appearance.contrast;
}

export function chooseAppearance(appearance: Appearance): void {
  applyAppearance(appearance);
  try {
    localStorage.setItem(storageKey, JSON.stringify(appearance));
  } catch {
    // Not remembered.
  }
}
