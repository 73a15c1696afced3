import type { Block, LinkBlock } from './texts/blocks.js';
import type { Catalogue } from './texts/catalogue.js';
import type { Language } from './texts/languages.js';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Escapes a text for elements and quoted attributes. */
export const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (found) => entities[found] ?? '');

export interface Letter {
  readonly language: Language;
  readonly subject: string;
  readonly greeting: string;
  readonly blocks: readonly Block[];
  /** Name of the service, at the foot. */
  readonly service: string;
}

/**
 * Many mail programs drop the style element, so every style is also an attribute. What stands here is for those that
 * keep it and are dark: it wins over attributes only with `!important`.
 */
const dark = `:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (prefers-color-scheme: dark) {
  .ground { background: #14171c !important; }
  .sheet { background: #1f242b !important; border-color: #39414c !important; color: #e8eaed !important; }
  .quiet { color: #aab2bd !important; }
  .address { color: #8fbcff !important; }
  .button { background: #8fbcff !important; color: #10151c !important; }
}`;

const font = "font-family: system-ui, -apple-system, 'Segoe UI', Roboto, Arial, sans-serif";
const styles = {
  ground: `margin: 0; padding: 16px 8px; background: #f1f3f5; ${font}; font-size: 16px; line-height: 1.5`,
  sheet:
    'box-sizing: border-box; max-width: 600px; margin: 0 auto; padding: 24px 20px; background: #ffffff; ' +
    'border: 1px solid #d5dae0; border-radius: 8px; color: #1c2127; overflow-wrap: anywhere',
  heading: 'margin: 0 0 16px; font-size: 20px; line-height: 1.3; font-weight: 600',
  paragraph: 'margin: 0 0 16px',
  facts: 'margin: 0 0 16px; border-collapse: collapse; font-size: 16px; line-height: 1.5; color: inherit',
  name:
    'padding: 2px 16px 2px 0; text-align: left; vertical-align: top; font-weight: 400; color: #59636e; ' +
    'white-space: nowrap; overflow-wrap: normal',
  value: 'padding: 2px 0; vertical-align: top; overflow-wrap: anywhere',
  button:
    'display: inline-block; padding: 12px 20px; border-radius: 6px; background: #0b57d0; color: #ffffff; ' +
    'font-weight: 600; text-decoration: none',
  small: 'margin: 0 0 16px; font-size: 14px; color: #59636e',
  address: 'color: #0b57d0; word-break: break-all',
  foot: 'max-width: 600px; margin: 12px auto 0; padding: 0 20px; font-size: 14px; color: #59636e',
} as const;

/** The HTML form of a mail: no scripts, no pictures, nothing to load. */
export const asHtml = (letter: Letter, catalogue: Catalogue): string => `<!DOCTYPE html>
<html lang="${letter.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escaped(letter.subject)}</title>
<style>
${dark}
</style>
</head>
<body class="ground" style="${styles.ground}">
<div class="sheet" style="${styles.sheet}">
<h1 style="${styles.heading}">${escaped(letter.subject)}</h1>
<p style="${styles.paragraph}">${escaped(letter.greeting)}</p>
${letter.blocks.map((block) => htmlOf(block, catalogue)).join('\n')}
</div>
<p class="quiet" style="${styles.foot}">${escaped(letter.service)}</p>
</body>
</html>
`;

function htmlOf(block: Block, catalogue: Catalogue): string {
  if (typeof block === 'string') return `<p style="${styles.paragraph}">${escaped(block)}</p>`;
  if ('link' in block) return linkOf(block, catalogue);
  const rows = block.facts.map(
    ([name, value]) =>
      `<tr><th class="quiet" scope="row" style="${styles.name}">${escaped(name)}</th>` +
      `<td style="${styles.value}">${escaped(value)}</td></tr>`,
  );
  return `<table style="${styles.facts}">\n${rows.join('\n')}\n</table>`;
}

function linkOf({ link, button }: LinkBlock, catalogue: Catalogue): string {
  const anchor = (name: string, style: string, text: string) =>
    `<a class="${name}" href="${escaped(link.url)}" target="_blank" rel="noreferrer" style="${style}">${escaped(text)}</a>`;
  const address = anchor('address', styles.address, link.url);
  const lifetime = escaped(catalogue.worksOnce(link.lifetime));
  const small = `<p class="quiet" style="${styles.small}">`;
  if (button === undefined) return `${small}${address}<br>${lifetime}</p>`;
  return `<p style="${styles.paragraph}">${anchor('button', styles.button, button)}</p>
${small}${escaped(catalogue.orOpen)}<br>${address}<br>${lifetime}</p>`;
}
