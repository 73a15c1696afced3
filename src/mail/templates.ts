import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError } from '../config.js';
import { namesIn, parseTemplate, shownAlways, type Template, TemplateError } from './template.js';
import { type Kind, kindNames, sortsOf } from './texts/kinds.js';
import { type Language, languages } from './texts/languages.js';

/** Parts of a mail that a file can replace, by the ending of its name. */
const parts = ['subject', 'txt', 'html'] as const;
export type Part = (typeof parts)[number];

/** The operator's templates, by the name of their file: `password-reset.de.html`. */
export type Templates = ReadonlyMap<string, Template>;

export const fileName = (kind: Kind, language: Language, part: Part): string => `${kind}.${language}.${part}`;

/** What every template may use; see `Everywhere`. */
const everywhere = ['publicUrl', 'service', 'username'];

/**
 * Reads and checks the folder of templates. Names that begin with a dot are left alone, because tools that put folders
 * in place add such.
 * @param folder undefined: there are no templates
 * @throws ConfigError that names each unusable file and what is wrong with it
 */
export async function loadTemplates(folder: string | undefined): Promise<Templates> {
  if (folder === undefined) return new Map();
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    throw new ConfigError(`MAIL_TEMPLATES: ${folder} cannot be read (${error.code})`);
  });
  const problems: string[] = [];
  const templates = new Map<string, Template>();
  for (const name of names.filter((one) => !one.startsWith('.')).sort()) {
    try {
      templates.set(name, await load(folder, name));
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      problems.push(`MAIL_TEMPLATES: ${name}: ${error.message}`);
    }
  }
  if (problems.length > 0) throw new ConfigError(problems.join('; '));
  return templates;
}

async function load(folder: string, name: string): Promise<Template> {
  const [kindName, languageName, partName, ...rest] = name.split('.');
  const kind = kindNames.find((one) => one === kindName);
  const language = languages.find((one) => one === languageName);
  const part = parts.find((one) => one === partName);
  if (!kind || !language || !part || rest.length > 0)
    throw new TemplateError(`is no name of a template, such as ${fileName('password-reset', 'en', 'txt')}`);
  const source = await read(join(folder, name));
  const template = parseTemplate(part === 'subject' ? source.trim() : source);
  checkNames(kind, part, template);
  if (part === 'subject') checkSubject(source.trim());
  return template;
}

async function read(path: string): Promise<string> {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path)).replaceAll('\r\n', '\n');
  } catch (error) {
    throw new TemplateError(`cannot be read (${(error as NodeJS.ErrnoException).code ?? 'not UTF-8'})`);
  }
}

/** Names of the links of a kind; `reset` and its lifetime in words, `resetLifetime`. */
const linksOf = (kind: Kind): readonly string[] =>
  Object.entries(sortsOf(kind)).flatMap(([name, { sort }]) => (sort === 'link' ? [name] : []));
export const lifetimeOf = (link: string): string => `${link}Lifetime`;

/** Names that the templates of a kind may use. */
export const variablesOf = (kind: Kind): readonly string[] => [
  ...everywhere,
  ...Object.keys(sortsOf(kind)),
  ...linksOf(kind).map(lifetimeOf),
];

function checkNames(kind: Kind, part: Part, template: Template): void {
  const links = linksOf(kind);
  // Subjects are shown in lists, and logged.
  const allowed = variablesOf(kind).filter((name) => part !== 'subject' || !links.includes(name));
  const unknown = namesIn(template).find((name) => !allowed.includes(name));
  if (unknown !== undefined) throw new TemplateError(`{{${unknown}}} is not one of ${allowed.join(', ')}`);
  const missing = links.find((name) => part !== 'subject' && !shownAlways(template).includes(name));
  if (missing !== undefined)
    throw new TemplateError(`{{${missing}}} is missing: without this link the mail is useless`);
}

function checkSubject(source: string): void {
  if (source === '' || source.includes('\n')) throw new TemplateError('must hold one line');
}
