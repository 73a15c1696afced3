import type { Block } from './texts/blocks.js';
import type { Catalogue } from './texts/catalogue.js';

/** In characters; RFC 5322, section 2.1.1 recommends at most 78. Words that are longer, such as links, stay whole. */
const width = 76;

/** The text form of a mail, which ends with a line break. */
export const asText = (greeting: string, blocks: readonly Block[], catalogue: Catalogue): string =>
  `${[greeting, ...blocks.map((block) => textOf(block, catalogue))].join('\n\n')}\n`;

function textOf(block: Block, catalogue: Catalogue): string {
  if (typeof block === 'string') return wrapped(block);
  // The link stands on a line of its own, so that mail programs find its end.
  if ('link' in block) return `${block.link.url}\n\n${catalogue.worksOnce(block.link.lifetime)}`;
  const longest = Math.max(...block.facts.map(([name]) => name.length));
  return block.facts.map(([name, value]) => `${`${name}:`.padEnd(longest + 1)} ${value}`).join('\n');
}

function wrapped(paragraph: string): string {
  const lines: string[] = [];
  let line = '';
  for (const word of paragraph.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (longer.length > width && line !== '') lines.push(line);
    line = longer.length > width ? word : longer;
  }
  return [...lines, line].join('\n');
}
