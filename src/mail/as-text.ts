import type { Block } from './texts/blocks.js';
import type { Catalogue } from './texts/catalogue.js';

/**
 * The text form of a mail, which ends with a line break. A paragraph is one line, which mail programs wrap to their window;
 * in transfer lines are short all the same (quoted-printable).
 */
export const asText = (greeting: string, blocks: readonly Block[], catalogue: Catalogue): string =>
  `${[greeting, ...blocks.map((block) => textOf(block, catalogue))].join('\n\n')}\n`;

function textOf(block: Block, catalogue: Catalogue): string {
  if (typeof block === 'string') return block;
  // The link stands on a line of its own, so that mail programs find its end.
  if ('link' in block) return `${block.link.url}\n\n${catalogue.worksOnce(block.link.lifetime)}`;
  const longest = Math.max(...block.facts.map(([name]) => name.length));
  return block.facts.map(([name, value]) => `${`${name}:`.padEnd(longest + 1)} ${value}`).join('\n');
}
