/** What a value of a mail is; it decides how the value is shown. See values.ts. */
type Sort =
  /** A text of the service's own making, such as an IP address. */
  | { readonly sort: 'text' }
  /** A text chosen by a user; anything in it that could become a link is spaced apart. */
  | { readonly sort: 'name' }
  /** A name as `deviceName` makes it. */
  | { readonly sort: 'device' }
  | { readonly sort: 'count' }
  | { readonly sort: 'instant'; readonly isOptional?: true }
  /** PUBLIC_URL/path?token=…, with its lifetime. */
  | { readonly sort: 'link'; readonly path: string };

const text = { sort: 'text' } as const;
const name = { sort: 'name' } as const;
const device = { sort: 'device' } as const;
const count = { sort: 'count' } as const;
const instant = { sort: 'instant' } as const;
const instantOrNone = { sort: 'instant', isOptional: true } as const;
const link = (path: string) => ({ sort: 'link', path }) as const;

/**
 * Every kind of mail, by the name that operators' templates have, with its values. All of them are sent whatever the
 * recipient prefers, except the notices about roles.
 */
const kinds = {
  verification: {
    time: instant,
    address: text,
    device,
    verification: link('verify-email'),
    disownment: link('disown-registration'),
  },
  /** To the owner of an address that somebody else had registered with. */
  'registration-disowned': { reset: link('reset-password') },
  /** To the owner of an address that somebody tried to register again, or to change their own address to. */
  'already-registered': {},
  'password-reset': { reset: link('reset-password') },
  'password-changed': {},
  /** To the new address; the link proves that the mailbox belongs to the account's owner. */
  'email-change': { confirmation: link('confirm-email-change') },
  /** To the old address immediately, with a link that undoes the change: whoever asked for it knew the password. */
  'email-change-notice': { undoing: link('undo-email-change') },
  /** To the address that was restored. */
  'email-change-undone': { reset: link('reset-password') },
  /** To the previous address after an administrator has replaced it. */
  'address-replaced': {},
  'account-locked': { until: instant },
  /** An administrator has locked the account. */
  'locked-by-administrator': { until: instant },
  'new-device': { device, address: text, time: instant },
  /** To the owner of a session that was ended because a refresh token was used twice. */
  'refresh-token-reused': { device, time: instant },
  'two-factor-enabled': {},
  'two-factor-disabled': {},
  /** The operator of the service has removed it, at the request of somebody who had lost it. */
  'two-factor-reset': {},
  'recovery-codes-regenerated': {},
  'recovery-code-used': { left: count },
  'api-token-created': { name, scopes: name, time: instant },
  /** A notice. */
  'role-granted': { role: name, until: instantOrNone },
  /** A notice to the holder of the role. */
  'role-expiring': { role: name, end: instant },
  /** A notice to the person who granted the role. */
  'given-role-expiring': { role: name, holder: name, end: instant },
} as const satisfies Record<string, Record<string, Sort>>;

/** Mails that are of no use once their links have run out. The others also tell what has happened. */
export const askedFor: readonly string[] = ['verification', 'password-reset', 'email-change'] satisfies Kind[];

type Kinds = typeof kinds;
export type Kind = keyof Kinds;
export const kindNames = Object.keys(kinds) as readonly Kind[];

/** The values of a kind, for code that handles all kinds alike. */
export const sortsOf = (kind: Kind): Readonly<Record<string, Sort>> => kinds[kind];

/** A token for a link in a mail, with its lifetime in milliseconds. */
export interface MailedLink {
  readonly token: string;
  readonly lifetime: number;
}

/** What a use-case gives for a value. */
type Given<S> = S extends { readonly sort: 'link' }
  ? MailedLink
  : S extends { readonly sort: 'count' }
    ? number
    : S extends { readonly sort: 'instant'; readonly isOptional: true }
      ? Date | null
      : S extends { readonly sort: 'instant' }
        ? Date
        : string;
export type Values<K extends Kind> = { readonly [N in keyof Kinds[K]]: Given<Kinds[K][N]> };

/** A link as it is shown: the address, and its lifetime in words. */
export interface ShownLink {
  readonly url: string;
  readonly lifetime: string;
}

/** What a text or template gets for a value; see values.ts. */
type Shown<S> = S extends { readonly sort: 'link' }
  ? ShownLink
  : S extends { readonly isOptional: true }
    ? string | null
    : string;
export type ShownValues<K extends Kind> = { readonly [N in keyof Kinds[K]]: Shown<Kinds[K][N]> } & Everywhere;

/** What every mail can say. */
export interface Everywhere {
  readonly publicUrl: string;
  readonly service: string;
  /** Null: the mail greets without a name. */
  readonly username: string | null;
}
