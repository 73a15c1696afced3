/** Options of the input type of one mutation. @param rule what holds of all its fields */
export const inputOf = (mutation: string, rule?: string) => ({
  description: [`Input of the mutation \`${mutation}\`.`, ...(rule ? [rule] : [])].join(' '),
});

/** Options of the object type that one mutation answers with. */
export const payloadOf = (mutation: string) => ({
  simpleResolvers: true,
  description: `Answer of the mutation \`${mutation}\`.`,
});

/** Describes the values of an enum, as `registerEnumType` takes it: every value must have its text. */
export const describedValues = <Value extends string>(texts: Readonly<Record<Value, string>>) =>
  Object.fromEntries(Object.entries<string>(texts).map(([value, description]) => [value, { description }])) as Record<
    Value,
    { description: string }
  >;

// Descriptions that several types share.

/** Ends the description of a mutation that takes a recent proof. @param when it does; absent: always */
export const asksForProof = (when = ''): string =>
  ` REAUTHENTICATION_REQUIRED${when && ` ${when}`} without a recent proof (\`reauthenticate\`).`;

/** Describes the field `currentPassword` of inputs. */
export const currentPassword =
  "The caller's present password. A wrong one is answered with INVALID_CREDENTIALS and counts towards a lock of " +
  'the account.';

/** Describes a password that is to be set. */
export const newPassword =
  'Password to set: at most 128 characters, at least 8 by default, and strong in the sense of `passwordStrength`.';

/** Describes an address that is typed in. */
export const emailAddress = 'E-mail address of at most 254 characters; it is trimmed and kept in lower case.';

/** Describes the address in payloads that answer alike for every address. */
export const askedAddress = 'The address in the form in which it is compared, whether or not it belongs to an account.';

/** Describes the id in payloads of mutations that delete something. */
export const deletedId = 'Id of what was deleted; null when the mutation was refused.';

/** Describes the field `expectedVersion` of inputs. @param what whose version it is */
export const expectedVersion = (what: string): string =>
  `Version of the ${what} that the change was made for: another present version is answered with ` +
  'VERSION_CONFLICT, and nothing changes. Null: the version does not matter.';

export const anyOf = '`*` stands for any.';
export const plainText = 'Plain text: escape it before showing it as HTML.';
