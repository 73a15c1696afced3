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
