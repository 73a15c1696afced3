import { type ReactNode, useEffect, useRef } from 'react';
import { settings } from '../settings';

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
  useEffect(() => {
    document.title = `${title} – ${settings.serviceName}`;
    if (!isFirst) heading.current?.focus();
    isFirst = false;
  }, [title]);
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
