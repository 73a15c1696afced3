import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react';
import { bestLanguage, fallbackLanguage, languages, type Texts } from './languages';

interface Chosen {
  readonly language: string;
  readonly texts: Texts;
  /** Name of the IANA time zone database that dates are shown in; undefined: that of the browser. */
  readonly timeZone: string | undefined;
  /** Chooses a language for this browser. */
  readonly choose: (language: string) => void;
  /** What the account says, once somebody is signed in. */
  readonly setPreferences: (language: string | null, timeZone: string | null) => void;
}

const english = languages[fallbackLanguage] as Texts;
const Context = createContext<Chosen>({
  language: fallbackLanguage,
  texts: english,
  timeZone: undefined,
  choose: () => undefined,
  setPreferences: () => undefined,
});

/** Where this browser remembers the language that was chosen in it. */
const storageKey = 'gatehouse.language';

export function TextsProvider({ children }: { readonly children: ReactNode }) {
  const [chosen, setChosen] = useState(storedLanguage);
  const [preferred, setPreferred] = useState<{ language: string | null; timeZone: string | null }>();
  const language = bestLanguage(preferred?.language, chosen, ...navigator.languages);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const setPreferences = useCallback(
    (ofAccount: string | null, timeZone: string | null) => setPreferred({ language: ofAccount, timeZone }),
    [],
  );
  const value = useMemo<Chosen>(
    () => ({
      language,
      texts: languages[language] ?? english,
      timeZone: usableTimeZone(preferred?.timeZone),
      choose: (wanted) => {
        storeLanguage(wanted);
        setChosen(wanted);
        setPreferred((before) => before && { ...before, language: wanted });
      },
      setPreferences,
    }),
    [language, preferred?.timeZone, setPreferences],
  );
  return <Context value={value}>{children}</Context>;
}

export const useTexts = (): Texts => useContext(Context).texts;
export const useLanguage = (): Chosen => useContext(Context);

/** Storage may be switched off in a browser; the choice then lasts until the page is left. */
function storedLanguage(): string | null {
  try {
    return localStorage.getItem(storageKey);
  } catch {
    return null;
  }
}

function storeLanguage(language: string): void {
  try {
    localStorage.setItem(storageKey, language);
  } catch {
    // Not remembered.
  }
}

function usableTimeZone(name: string | null | undefined): string | undefined {
  try {
    return name ? new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone : undefined;
  } catch {
    return undefined;
  }
}
