import type { Message } from './transport.js';

/** All mail the service writes. Links come from PUBLIC_URL alone, never from a request. */
const link = (publicUrl: string, purpose: string, token: string): string => `${publicUrl}/${purpose}?token=${token}`;

export const verificationMail = (to: string, username: string, publicUrl: string, token: string): Message => ({
  to,
  subject: 'Confirm your e-mail address',
  text: `Hello ${username},

please confirm your e-mail address by opening this link:

${link(publicUrl, 'verify-email', token)}

If you did not register, ignore this mail.
`,
});

/** To the owner of an address that somebody tried to register again. */
export const alreadyRegisteredMail = (to: string, username: string, publicUrl: string): Message => ({
  to,
  subject: 'You already have an account',
  text: `Hello ${username},

somebody, perhaps you, tried to register with this e-mail address at ${publicUrl}.
You already have an account under the name above; nothing was changed.
`,
});

const utc = (instant: Date): string => `${instant.toISOString().slice(0, 16).replace('T', ' ')} UTC`;

export const lockedMail = (to: string, username: string, publicUrl: string, until: Date): Message => ({
  to,
  subject: 'Your account is locked for a while',
  text: `Hello ${username},

too many wrong passwords or codes were entered for your account at ${publicUrl}.
It is locked until ${utc(until)}. Devices you have signed in on before may still let you in.

If this was not you, nobody has got in. Resetting your password lifts a lock that wrong passwords caused.
`,
});

/** To the owner of a session that was ended because a refresh token came a second time. */
export const refreshTokenReusedMail = (
  to: string,
  username: string,
  publicUrl: string,
  device: string,
  at: Date,
): Message => ({
  to,
  subject: 'A session of yours was ended for safety',
  text: `Hello ${username},

a session of yours at ${publicUrl} was ended, because a credential of it was used that had been used before.
Somebody may have copied it.

Device: ${device}
Time:   ${utc(at)}

Nobody can use that session any more: sign in again. If it happens again, change your password and look for
malicious software on that device.
`,
});

/** To the address an account had before an administrator set another. */
export const addressReplacedMail = (to: string, username: string, publicUrl: string): Message => ({
  to,
  subject: 'The e-mail address of your account was changed',
  text: `Hello ${username},

an administrator has set another e-mail address for your account at ${publicUrl}.
Mail to this address will not be about that account any more.

If you did not ask for this, speak to an administrator of the service.
`,
});

/** A notice: sent to those who want such mail. */
export const roleGrantedMail = (
  to: string,
  username: string,
  publicUrl: string,
  role: string,
  until: Date | null,
): Message => ({
  to,
  subject: 'You were given a role',
  text: `Hello ${username},

at ${publicUrl} you were given the role ${role}${until ? ` until ${utc(until)}` : ''}.

You get mail like this because your account asks for notifications by e-mail.
`,
});

export const newDeviceMail = (
  to: string,
  username: string,
  publicUrl: string,
  device: string,
  address: string,
  at: Date,
): Message => ({
  to,
  subject: 'Sign-in from a new device',
  text: `Hello ${username},

somebody has signed in to your account at ${publicUrl}.

Device:  ${device}
Address: ${address}
Time:    ${utc(at)}

If this was you, there is nothing to do. If not, end the session and change your password.
`,
});

export const apiTokenMail = (
  to: string,
  username: string,
  publicUrl: string,
  { name, scopes }: { name: string; scopes: readonly string[] },
  at: Date,
): Message => ({
  to,
  subject: 'An API token was made',
  text: `Hello ${username},

an API token was made for your account at ${publicUrl}.

Name:   ${name}
Scopes: ${scopes.join(', ') || 'none'}
Time:   ${utc(at)}

If this was not you, revoke the token, end your other sessions and change your password.
`,
});

export const resetMail = (to: string, username: string, publicUrl: string, token: string): Message => ({
  to,
  subject: 'Set a new password',
  text: `Hello ${username},

somebody, hopefully you, asked to set a new password for your account. This link does it once, for a short while:

${link(publicUrl, 'reset-password', token)}

If it was not you, ignore this mail: your password stays as it is.
`,
});

export const passwordChangedMail = (to: string, username: string, publicUrl: string): Message => ({
  to,
  subject: 'Your password was changed',
  text: `Hello ${username},

the password of your account at ${publicUrl} has just been changed, and other devices were signed out.

If it was not you, ask for a new password at once.
`,
});

/** To the new address: proves that it is theirs. */
export const emailChangeMail = (to: string, username: string, publicUrl: string, token: string): Message => ({
  to,
  subject: 'Confirm your new e-mail address',
  text: `Hello ${username},

please confirm that this is your new e-mail address by opening this link:

${link(publicUrl, 'confirm-email-change', token)}

If you did not ask for this, ignore this mail.
`,
});

/** To the old address, at once: whoever asked knew the password. */
export const emailChangeNoticeMail = (to: string, username: string, publicUrl: string, token: string): Message => ({
  to,
  subject: 'Your e-mail address is about to change',
  text: `Hello ${username},

somebody who knows your password asked to give your account at ${publicUrl} another e-mail address.

If it was not you, open this link. It keeps or brings back this address and signs everybody out:

${link(publicUrl, 'undo-email-change', token)}

If it was you, there is nothing to do.
`,
});

/** To the address that was brought back. */
export const emailChangeUndoneMail = (to: string, username: string, publicUrl: string, token: string): Message => ({
  to,
  subject: 'Your e-mail address stays; set a new password',
  text: `Hello ${username},

your account keeps this e-mail address, and everybody was signed out. Somebody knows your password, so set a new one now:

${link(publicUrl, 'reset-password', token)}
`,
});

export const twoFactorEnabledMail = (to: string, username: string, publicUrl: string): Message => ({
  to,
  subject: 'Sign-in now asks for a second factor',
  text: `Hello ${username},

an authenticator app was set up for your account at ${publicUrl}: from now on signing in takes a code from it.
Keep the recovery codes you were shown where you find them without your phone.
Sessions that were open before stay open; you can end them in your account.

If this was not you, end all sessions and reset your password, and tell your administrator.
`,
});

export const twoFactorDisabledMail = (to: string, username: string, publicUrl: string): Message => ({
  to,
  subject: 'Sign-in no longer asks for a second factor',
  text: `Hello ${username},

the second factor of your account at ${publicUrl} was switched off, with your password and a code.
The authenticator entry and all recovery codes are dead.

If this was not you, reset your password and tell your administrator.
`,
});

export const recoveryCodesRegeneratedMail = (to: string, username: string, publicUrl: string): Message => ({
  to,
  subject: 'You have new recovery codes',
  text: `Hello ${username},

new recovery codes were made for your account at ${publicUrl}. All older ones are dead.

If this was not you, reset your password and tell your administrator.
`,
});

export const recoveryCodeUsedMail = (to: string, username: string, publicUrl: string, left: number): Message => ({
  to,
  subject: 'A recovery code was used',
  text: `Hello ${username},

somebody has used one of the recovery codes of your account at ${publicUrl}.
Unused codes left: ${left}. You can make new ones in your account.

If this was not you, reset your password and make new recovery codes.
`,
});
