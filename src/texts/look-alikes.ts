import skeletonOf from 'unhomoglyph';

/**
 * What a text looks like (UTS #39, section 4, skeleton): as it is written, and in capitals and small letters, since case
 * is no difference and EDlTOR looks like EDITOR.
 */
function looksOf(text: string): readonly string[] {
  const spaced = text.normalize('NFKC').trim().replaceAll(/\s+/g, ' ');
  return [spaced, spaced.toUpperCase(), spaced.toLowerCase()].map(skeleton);
}

const unseen = /\p{Default_Ignorable_Code_Point}/gu;

function skeleton(text: string): string {
  return skeletonOf(text.normalize('NFD').replaceAll(unseen, '')).normalize('NFD');
}

/** Whether one of these looks like the text, in capitals or not. */
export function isLookAlike(text: string, others: readonly string[]): boolean {
  const [written, capitals, small] = looksOf(text);
  return others.some((other) => {
    const [theirs, theirCapitals, theirSmall] = looksOf(other);
    const isOneInSmall = small?.toLowerCase() === theirSmall?.toLowerCase();
    return isOneInSmall || written === theirs || written === theirCapitals || theirs === capitals;
  });
}
