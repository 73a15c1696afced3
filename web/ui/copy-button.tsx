import { useState } from 'react';
import { useTexts } from '../texts/context';

/** Copies a text. Where the browser does not allow it, the text can still be selected. */
export function CopyButton({ text, label }: { readonly text: string; readonly label?: string }) {
  const { common } = useTexts();
  const [isCopied, setCopied] = useState(false);
  const copy = () => {
    navigator.clipboard?.writeText(text).then(
      () => setCopied(true),
      () => undefined,
    );
  };
  return (
    <>
      <button type="button" className="button" aria-label={label} onClick={copy}>
        {common.copy}
      </button>
      <span role="status" className="quiet">
        {isCopied ? common.copied : ''}
      </span>
    </>
  );
}
