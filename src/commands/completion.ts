import type { Command } from 'commander';
import { type Place, placesOf, quote, stepsOf, valuesOf } from './completion-places.js';

export type Shell = 'bash' | 'zsh' | 'fish';

/**
 * Prints a script by which a shell completes commands and options. It holds all names, so that completing starts no
 * program.
 */
export function printCompletion(gatehouse: Command, shell: Shell): void {
  process.stdout.write(scripts[shell](placesOf(gatehouse)));
}

const cases = (texts: readonly string[]): string => texts.map(quote).join(' | ') || `'-'`;

/** Where files are expected it completes nothing, and readline goes on with file names. */
const bash = (places: readonly Place[]): string => `_gatehouse() {
  local place= words= n
  COMPREPLY=()
  for ((n = 1; n < COMP_CWORD; n++)); do
    case "$place \${COMP_WORDS[n]}" in
      ${cases(stepsOf(places))}) place="\${place:+$place }\${COMP_WORDS[n]}" ;;
    esac
  done
  case "$place \${COMP_WORDS[COMP_CWORD-1]}" in
    ${cases([...valuesOf(places, 'file'), ...valuesOf(places, 'value')])}) return ;;
  esac
  case "$place" in
${places.map(bashCase).join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _gatehouse gatehouse
`;

function bashCase({ path, words, flags, takesFile }: Place): string {
  const all = [...words, ...flags].map(({ word }) => word).join(' ');
  const files = takesFile ? `; [[ \${COMP_WORDS[COMP_CWORD]} == -* ]] || return` : '';
  return `    ${quote(path)}) words=${quote(all)}${files} ;;`;
}

const described = ({ word, description }: { word: string; description: string }): string =>
  quote(description ? `${word}:${description}` : word);

const zsh = (places: readonly Place[]): string => `#compdef gatehouse
_gatehouse() {
  local place= n
  local -a commands flags
  for ((n = 2; n < CURRENT; n++)); do
    case "$place $words[n]" in
      (${cases(stepsOf(places))}) place="\${place:+$place }$words[n]" ;;
    esac
  done
  case "$place $words[CURRENT-1]" in
    (${cases(valuesOf(places, 'file'))}) _files; return ;;
    (${cases(valuesOf(places, 'value'))}) return ;;
  esac
  case "$place" in
${places
  .map(
    ({ path, words, flags, takesFile }) =>
      `    (${quote(path)}) commands=(${words.map(described).join(' ')}) flags=(${flags.map(described).join(' ')})${takesFile ? '; _files' : ''} ;;`,
  )
  .join('\n')}
  esac
  (( \${#commands} )) && _describe command commands
  _describe -o option flags
}
if [[ "$funcstack[1]" == _gatehouse ]]; then _gatehouse "$@"; else compdef _gatehouse gatehouse; fi
`;

/** Fish escapes quotes within quotes by a backslash. */
const fishQuote = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

const fish = (places: readonly Place[]): string => `function __gatehouse_place
  set -l place
  for word in (commandline -opc)[2..-1]
    switch "$place $word"
      case ${stepsOf(places).map(fishQuote).join(' ')}
        set place (string trim -- "$place $word")
    end
  end
  test "$place" = "$argv"
end
complete -c gatehouse -f
${places.flatMap(fishLines).join('\n')}
`;

function fishLines({ path, words, flags, takesFile }: Place): string[] {
  const at = `complete -c gatehouse -n ${fishQuote(`__gatehouse_place ${path}`.trim())}`;
  const takes = { file: ' -r -F', value: ' -x' };
  return [
    ...(takesFile ? [`${at} -F`] : []),
    ...words.map(({ word, description }) => `${at} -a ${word}${description && ` -d ${fishQuote(description)}`}`),
    ...flags.map(
      (flag) =>
        `${at} -l ${flag.word.slice(2)}${flag.takes ? takes[flag.takes] : ''} -d ${fishQuote(flag.description)}`,
    ),
  ];
}

const scripts: Readonly<Record<Shell, (places: readonly Place[]) => string>> = { bash, zsh, fish };
