import { type ReactNode, useEffect, useRef } from 'react';
import { settings } from '../../settings';
import { shortened } from './shortened';

let isFirst = true;

/**
 * A screen or a part of one with its own heading, which is also the title of the window. After a change of screen the heading
 * takes the focus, so that screen readers read it and the keyboard goes on from there.
 * @param props.actions buttons beside the heading
 * @param props.isFilling the content scrolls by itself in the height that is left, as lists do
 */
export function ScreenPage({
  title,
  lead,
  actions,
  children,
  isFilling = false,
}: {
  readonly title: string;
  readonly lead?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  readonly isFilling?: boolean;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const isTaken = heading.current?.closest('.screen')?.contains(document.activeElement);
    if (!isFirst && !isTaken && !document.querySelector('dialog[open]')) heading.current?.focus();
    isFirst = false;
  }, []);
  useEffect(() => {
    document.title = `${shortened(title)} – ${settings.serviceName}`;
  }, [title]);
  return (
    <div className={isFilling ? 'screen filling' : 'screen'}>
      <header className="screen-head">
        <h1 ref={heading} tabIndex={-1}>
          {shortened(title)}
        </h1>
        {actions && <div className="buttons">{actions}</div>}
      </header>
      {lead && <p className="lead">{lead}</p>}
      {children}
    </div>
  );
}
