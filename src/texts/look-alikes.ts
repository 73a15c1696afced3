import skeletonOf from 'unhomoglyph';

/**
 * What texts have in common that look the same: Unicode's skeleton (UTS #39, section 4) in lower case, of the text as
 * it is written and of its lower case, since EDlTOR looks like EDITOR and not like edltor.
 */
function looksOf(text: string): readonly string[] {
  const spaced = text.normalize('NFKC').trim().replaceAll(/\s+/g, ' ');
  return [spaced, spaced.toLowerCase()].map(skeleton);
}

const unseen = /\p{Default_Ignorable_Code_Point}/gu;

function skeleton(text: string): string {
  const replaced = skeletonOf(text.normalize('NFD').replaceAll(unseen, ''));
  return replaced.normalize('NFD').toLowerCase();
}

/** Whether one of these looks like the text, in capitals or not. */
export function isLookAlike(text: string, others: readonly string[]): boolean {
  const looks = looksOf(text);
  return others.some((other) => looksOf(other).some((look, index) => look === looks[index]));
}
