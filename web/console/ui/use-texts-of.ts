import { useLanguage } from '../../texts/context';

/** Texts of one screen in each language of the pages. */
export interface TextsOf<Texts> {
  readonly en: Texts;
  readonly de: Texts;
}

/** The texts in the reader's language. */
export function useTextsOf<Texts>(texts: TextsOf<Texts>): Texts {
  const { language } = useLanguage();
  return language in texts ? texts[language as keyof TextsOf<Texts>] : texts.en;
}
