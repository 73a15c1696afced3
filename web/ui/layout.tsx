import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { settings } from '../settings';
import { useLanguage, useTexts } from '../texts/context';
import { languages } from '../texts/languages';
import icon from './icon.svg';

/** What is around every page: name and logo above, language and links of the operator below. */
export function Layout({ children, actions }: { readonly children: ReactNode; readonly actions?: ReactNode }) {
  const { common } = useTexts();
  return (
    <>
      <a className="skip" href="#content">
        {common.skipToContent}
      </a>
      <header className="top">
        <Link href="/" className="brand" aria-label={common.startPage(settings.serviceName)}>
          <img src={settings.logo ?? icon} alt="" width="32" height="32" />
          <span>{settings.serviceName}</span>
        </Link>
        {actions}
      </header>
      <main id="content" tabIndex={-1}>
        {children}
      </main>
      <Footer />
    </>
  );
}

function Footer() {
  const { language, texts, choose } = useLanguage();
  const { common } = texts;
  return (
    <footer className="bottom">
      <label>
        <span className="hidden">{common.language}</span>
        <select value={language} onChange={(event) => choose(event.currentTarget.value)}>
          {Object.entries(languages).map(([tag, { name }]) => (
            <option key={tag} value={tag} lang={tag}>
              {name}
            </option>
          ))}
        </select>
      </label>
      {settings.terms && <a href={settings.terms}>{common.terms}</a>}
      {settings.privacy && <a href={settings.privacy}>{common.privacy}</a>}
    </footer>
  );
}
