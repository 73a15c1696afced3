import { readFile, writeFile } from 'node:fs/promises';
import { variables } from '../src/environment/environment.js';
import { describedOf } from './described-variables.js';
import { type DocumentedVariable, variablesOf } from './documented-variables.js';
import { exampleOf, type Topic } from './environment-example.js';

const page = 'docs/configuration.md';
const example = '.env.example';
const described = 'src/environment/described.ts';

/** A heading, anything, a comment that names a file of src/environment, and the table that is made from it. */
const section =
  /^## (?<title>.+)\n(?:(?!## ).*\n)*?<!-- src\/environment\/(?<topic>[\w-]+)\.ts -->\n\n(?<table>(?:\|.*\n)*)/gm;

interface Generated {
  /** Text by path: the page with its tables made anew, the example, and what the service tells of its variables. */
  readonly files: Readonly<Record<string, string>>;
  /** In the order of the page. */
  readonly topics: readonly Topic[];
}

async function generated(): Promise<Generated> {
  const present = await readFile(page, 'utf8');
  const topics: Topic[] = [];
  let text = '';
  let end = 0;
  for (const { 0: all, index, groups: { title = '', topic = '', table = '' } = {} } of present.matchAll(section)) {
    const found = await variablesOf(topic);
    topics.push({ title, variables: found });
    text += present.slice(end, index) + all.slice(0, all.length - table.length) + tableOf(found);
    end = index + all.length;
  }
  const files = { [page]: text + present.slice(end), [example]: exampleOf(topics), [described]: describedOf(topics) };
  return { files, topics };
}

function tableOf(found: readonly DocumentedVariable[]): string {
  const rows = found.map(({ name, value, otherwise, type, meaning }) => {
    const byDefault = otherwise ?? (value === undefined ? 'none' : `\`${value}\``);
    return `| \`${name}\` | ${byDefault} | ${meaning} | ${type} |\n`;
  });
  return ['| name | default | meaning | type |\n', '| --- | --- | --- | --- |\n', ...rows].join('');
}

export async function writeConfiguration(): Promise<void> {
  const { files } = await generated();
  for (const [file, text] of Object.entries(files)) await writeFile(file, text);
}

/** Checks that docs/configuration.md, .env.example and src/environment/described.ts tell of every variable what src/environment says. */
export async function documentedConfiguration(): Promise<string[]> {
  const { files, topics } = await generated();
  const stale = Object.entries(files).map(async ([file, text]) => {
    const isCurrent = text === (await readFile(file, 'utf8').catch(() => ''));
    return isCurrent ? [] : [`${file}: differs from src/environment; npm run configuration brings it up to date`];
  });
  const told = topics.flatMap((topic) => topic.variables);
  const untold = variables.filter((name) => !told.some((one) => one.name === name));
  return [
    ...(await Promise.all(stale)).flat(),
    ...untold.map((name) => `${page} names no file of src/environment that has ${name}`),
    ...told.filter(({ meaning }) => meaning === '').map(({ name }) => `src/environment: ${name} has no comment`),
  ];
}
