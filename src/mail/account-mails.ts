import { link, type MailedLink, mail, unlinked, utc } from './compose.js';

/** The request that caused a mail, described so that its recipient can tell whether it was theirs. */
export interface Asking {
  readonly at: Date;
  /** IP address. */
  readonly address: string;
  /** Readable name of the device, such as "Firefox on Windows"; safe to show in a mail. See device-name.ts. */
  readonly device: string;
}

export const verificationMail = mail(
  'verification',
  'Confirm your e-mail address',
  (publicUrl, { at, address, device }: Asking, verification: MailedLink, disownment: MailedLink) => `
somebody, hopefully you, asked for this mail from ${publicUrl}:

Time:    ${utc(at)}
Address: ${address}
Device:  ${device}

If it was you, confirm your e-mail address by opening this link:

${link(publicUrl, 'verify-email', verification)}

If it was not you, do not open that link, or whoever it was gets an account with your address. This one takes it from
them, also after it was confirmed:

${link(publicUrl, 'disown-registration', disownment)}
`,
);

/** Sent to the owner of an address that somebody else had registered with. */
export const registrationDisownedMail = mail(
  'registration-disowned',
  'The account is yours now; set a password',
  (publicUrl, reset: MailedLink) => `
whoever registered with your e-mail address at ${publicUrl} cannot get in any more. The account is still there. To use it
yourself, set a password:

${link(publicUrl, 'reset-password', reset)}
`,
);

/** Sent to the owner of an address that somebody tried to register again, or to change their own address to. */
export const alreadyRegisteredMail = mail(
  'already-registered',
  'You already have an account',
  (publicUrl) => `
somebody, perhaps you, tried to register with this e-mail address at ${publicUrl}.
You already have an account with it; nothing was changed.
`,
);

export const resetMail = mail(
  'password-reset',
  'Set a new password',
  (publicUrl, reset: MailedLink) => `
somebody, hopefully you, asked to set a new password for your account. This link does it:

${link(publicUrl, 'reset-password', reset)}

If it was not you, ignore this mail: your password stays as it is.
`,
);

export const passwordChangedMail = mail(
  'password-changed',
  'Your password was changed',
  (publicUrl) => `
the password of your account at ${publicUrl} has just been changed, and other devices were signed out.

If it was not you, ask for a new password at once.
`,
);

/** A notice: sent only to accounts with notifications by e-mail switched on. */
export const roleGrantedMail = mail(
  'role-granted',
  'You were given a role',
  (publicUrl, role: string, until: Date | null) => `
at ${publicUrl} you were given the role ${unlinked(role)}${until ? ` until ${utc(until)}` : ''}.

You get mail like this because your account asks for notifications by e-mail.
`,
);

/** A notice to the holder of the role. */
export const roleExpiringMail = mail(
  'role-expiring',
  'A role of yours ends soon',
  (publicUrl, role: string, end: Date) => `
at ${publicUrl} you hold the role ${unlinked(role)} until ${utc(end)}. It ends then by itself.
If you still need it, ask whoever gave it to you.

You get mail like this because your account asks for notifications by e-mail.
`,
);

/** A notice to the person who granted the role. */
export const givenRoleExpiringMail = mail(
  'given-role-expiring',
  'A role that you gave ends soon',
  (publicUrl, { holder, role }: { readonly holder: string; readonly role: string }, end: Date) => `
at ${publicUrl} the role ${unlinked(role)}, which you gave to ${unlinked(holder)}, ends by itself at ${utc(end)}.
If it is still needed, give it again with a later end.

You get mail like this because your account asks for notifications by e-mail.
`,
);

export const apiTokenMail = mail(
  'api-token',
  'An API token was made',
  (publicUrl, { name, scopes }: { readonly name: string; readonly scopes: readonly string[] }, at: Date) => `
an API token was made for your account at ${publicUrl}.

Name:   ${unlinked(name)}
Scopes: ${unlinked(scopes.join(', ')) || 'none'}
Time:   ${utc(at)}

If this was not you, revoke the token, end your other sessions and change your password.
`,
);
