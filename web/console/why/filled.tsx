import { Fragment, type ReactNode } from 'react';

/** A text with parts such as `{role}` in place of their names. */
export function Filled({
  text,
  parts,
}: {
  readonly text: string;
  readonly parts: Readonly<Record<string, ReactNode>>;
}) {
  const pieces = text.split(/\{(\w+)\}/);
  // Names stand at the odd places; the same one may come twice, so a place is the only key.
  return pieces.map((piece, place) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a text keep their places
    <Fragment key={place}>{place % 2 === 0 ? piece : parts[piece]}</Fragment>
  ));
}
