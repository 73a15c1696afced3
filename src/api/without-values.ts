/** Of the messages about a variable: what they say without its value. The texts are those of graphql-js and graphql-jit. */
const variableMessage = /^Variable "\$(\w+)" got invalid value .*$/s;
const type = '"?[\\w[\\]!]+"?';
const place = '(?: at "?[\\w.[\\]]+"?)?';
const suggestion = '(?: Did you mean [^?]*\\?)?';
const reason = new RegExp(
  `; (Field "?\\w+"? is not defined by type ${type}\\.${suggestion}` +
    `|Field "?[\\w.]+"? of required type ${type} was not provided${place}\\.` +
    `|Expected non-nullable type ${type} not to be null${place}\\.` +
    `|Expected type ${type} to be an object\\.)$`,
);
const scalar = /; (\w+) cannot represent /;

/** Of the other messages: where the value begins. */
const valueAt: readonly RegExp[] = [
  /(Expected value of type "[^"]+"), found .*$/s,
  /( cannot represent (?:an? )?(?:non|invalid)[\w -]{1,40}? value)[: ].*$/s,
  /( cannot represent ).*$/s,
  /(has (?:an )?invalid value) .*$/s,
  /((?:Unexpected|found) (?:Name|Int|Float|String|BlockString)) ".*$/s,
];

/**
 * Removes the values from a message about a malformed operation: a client may put a secret where it does not belong, and
 * answers are logged by proxies and shown in consoles. Position and path of the error tell which value is meant.
 */
export function withoutValues(message: string): string {
  const [, variable] = variableMessage.exec(message) ?? [];
  if (variable) return aboutVariable(variable, message);
  for (const pattern of valueAt) {
    const [, start] = pattern.exec(message) ?? [];
    if (start !== undefined) return message.replace(pattern, start.endsWith(' ') ? '$1this value.' : '$1.');
  }
  return message;
}

function aboutVariable(variable: string, message: string): string {
  const [, path] = new RegExp(` at "(${variable}(?:\\.\\w+|\\[\\d+\\])+)"; `).exec(message) ?? [];
  const [, known] = reason.exec(message) ?? [];
  const [, name] = scalar.exec(message) ?? [];
  const told = known ?? (name ? `${name} cannot represent it.` : 'It is not of the expected type.');
  return `Variable "$${variable}" got an invalid value${path ? ` at "${path}"` : ''}; ${told}`;
}
