import type { ReactNode } from 'react';

/** Something that is opened when it is wanted. What was typed inside stays when it is closed. */
export const Disclosure = ({ summary, children }: { readonly summary: string; readonly children: ReactNode }) => (
  <details className="disclosure">
    <summary>{summary}</summary>
    <div className="content">{children}</div>
  </details>
);
