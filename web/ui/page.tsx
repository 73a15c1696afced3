import { type ReactNode, useEffect, useRef } from 'react';
import { settings } from '../settings';
import { useLanguage } from '../texts/context';

let isFirst = true;

/**
 * A page with its heading, which is also its title. After a change of page the heading takes the focus, so that screen readers
 * read it and the keyboard goes on from there.
 */
export function Page({
  title,
  lead,
  children,
  isWide = false,
}: {
  readonly title: string;
  readonly lead?: ReactNode;
  readonly children?: ReactNode;
  readonly isWide?: boolean;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  const { language } = useLanguage();
  const translatedFrom = useRef(language);
  useEffect(() => {
    document.title = `${title} – ${settings.serviceName}`;
    const isTranslated = translatedFrom.current !== language;
    translatedFrom.current = language;
    // A field that has taken the focus keeps it.
    const isTaken = heading.current?.parentElement?.contains(document.activeElement);
    if (!isFirst && !isTranslated && !isTaken) heading.current?.focus();
    isFirst = false;
  }, [title, language]);
  return (
    <div className={isWide ? 'page wide' : 'page'}>
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {lead && <p className="lead">{lead}</p>}
      {children}
    </div>
  );
}
