import skeletonOf from 'unhomoglyph';

/**
 * The appearance of a text (UTS #39, section 4, skeleton): as written, in upper case and in lower case, since EDlTOR
 * looks like EDITOR.
 */
function looksOf(text: string): readonly string[] {
  const spaced = text.normalize('NFKC').trim().replaceAll(/\s+/g, ' ');
  return [spaced, spaced.toUpperCase(), spaced.toLowerCase()].map(skeleton);
}

const unseen = /\p{Default_Ignorable_Code_Point}/gu;

function skeleton(text: string): string {
  return skeletonOf(text.normalize('NFD').replaceAll(unseen, '')).normalize('NFD');
}

/** Whether the text looks like one of the others, with or without regard to case. */
export function isLookAlike(text: string, others: readonly string[]): boolean {
  const [written, capitals, small] = looksOf(text);
  return others.some((other) => {
    const [theirs, theirCapitals, theirSmall] = looksOf(other);
    const isOneInSmall = small?.toLowerCase() === theirSmall?.toLowerCase();
    return isOneInSmall || written === theirs || written === theirCapitals || theirs === capitals;
  });
}
