/**
 * Templates that operators write: a subset of Mustache. `{{name}}` is the value; `{{#name}}…{{/name}}` is shown when
 * there is a value and `{{^name}}…{{/name}}` when there is none. Nothing in a template is code, and a value is never
 * taken for a template. What else Mustache has, such as unescaped values and partials, is refused because it is not
 * known; see decision 19.
 */
export type Template = readonly Part[];
type Part =
  | string
  | { readonly variable: string }
  | { readonly section: string; readonly isInverted: boolean; readonly parts: Template };

/** The template cannot be used; the message says why, with the line. */
export class TemplateError extends Error {}

const tag = /\{\{([\s\S]*?)\}\}/g;
const content = /^\s*([#^/]?)\s*([A-Za-z]+)\s*$/;

/** @throws TemplateError for a tag that is not understood, and sections that are not closed */
export function parseTemplate(source: string): Template {
  const open: { section: string; isInverted: boolean; parts: Part[] }[] = [
    { section: '', isInverted: false, parts: [] },
  ];
  const add = (part: Part) => void open.at(-1)?.parts.push(part);
  const addText = (text: string) => {
    if (text.includes('{{')) throw new TemplateError('has {{ without }}');
    add(text);
  };
  let end = 0;
  for (const { 0: found, 1: inner = '', index } of source.matchAll(tag)) {
    addText(source.slice(end, index));
    end = index + found.length;
    const line = source.slice(0, index).split('\n').length;
    const [, sign, name = ''] = content.exec(inner) ?? [];
    if (sign === undefined) throw new TemplateError(`${found} on line ${line} is not understood`);
    if (sign === '') add({ variable: name });
    else if (sign !== '/') open.push({ section: name, isInverted: sign === '^', parts: [] });
    else close(name, line);
  }
  if (open.length > 1) throw new TemplateError(`{{#${open.at(-1)?.section}}} is not closed`);
  addText(source.slice(end));
  return open[0]?.parts ?? [];

  function close(name: string, line: number): void {
    const section = open.length > 1 ? open.pop() : undefined;
    if (section?.section !== name) throw new TemplateError(`{{/${name}}} on line ${line} closes nothing`);
    add(section);
  }
}

/** Names of all values that a template uses. */
export const namesIn = (template: Template): readonly string[] =>
  template.flatMap((part) => {
    if (typeof part === 'string') return [];
    return 'variable' in part ? [part.variable] : [part.section, ...namesIn(part.parts)];
  });

/** Names of the values that a template shows whatever the others are: those outside of sections. */
export const shownAlways = (template: Template): readonly string[] =>
  template.flatMap((part) => (typeof part !== 'string' && 'variable' in part ? [part.variable] : []));

/** @param values null: there is none @param safely applied to every value, and to nothing else */
export function fill(
  template: Template,
  values: Readonly<Record<string, string | null>>,
  safely: (value: string) => string,
): string {
  const parts = template.map((part) => {
    if (typeof part === 'string') return part;
    if ('variable' in part) return safely(values[part.variable] ?? '');
    const isShown = ((values[part.section] ?? null) !== null) !== part.isInverted;
    return isShown ? fill(part.parts, values, safely) : '';
  });
  return parts.join('');
}
