import { address, button, facts } from './blocks.js';
import type { Catalogue } from './catalogue.js';

const askedForNotices = 'You get mail like this because your account asks for notifications by e-mail.';

/** English texts of mails. */
export const en: Catalogue = {
  greeting: (username) => (username === null ? 'Hello,' : `Hello ${username},`),
  worksOnce: (lifetime) => `The link works once, for ${lifetime}.`,
  orOpen: 'Or open this address:',
  duration: (count, unit) => `${count} ${unit}`,
  instant: (day, time, zone) => `${day} ${time} ${zone}`,
  device: (name) => name,
  none: 'none',
  mails: {
    verification: {
      subject: 'Confirm your e-mail address',
      body: ({ publicUrl, time, address: from, device, verification, disownment }) => [
        `somebody, hopefully you, asked for this mail from ${publicUrl}:`,
        facts(['Time', time], ['Address', from], ['Device', device]),
        'If it was you, confirm your e-mail address by opening this link:',
        button('Confirm the address', verification),
        'If it was not you, do not open that link, or whoever it was gets an account with your address. ' +
          'This one takes it from them, also after it was confirmed:',
        address(disownment),
      ],
    },
    'registration-disowned': {
      subject: 'The account is yours now; set a password',
      body: ({ publicUrl, reset }) => [
        `whoever registered with your e-mail address at ${publicUrl} cannot get in any more. ` +
          'The account is still there. To use it yourself, set a password:',
        button('Set a password', reset),
      ],
    },
    'already-registered': {
      subject: 'You already have an account',
      body: ({ publicUrl }) => [
        `somebody, perhaps you, tried to register with this e-mail address at ${publicUrl}. ` +
          'You already have an account with it; nothing was changed.',
      ],
    },
    'password-reset': {
      subject: 'Set a new password',
      body: ({ reset }) => [
        'somebody, hopefully you, asked to set a new password for your account. This link does it:',
        button('Set a new password', reset),
        'If it was not you, ignore this mail: your password stays as it is.',
      ],
    },
    'password-changed': {
      subject: 'Your password was changed',
      body: ({ publicUrl }) => [
        `the password of your account at ${publicUrl} has just been changed, and other devices were signed out.`,
        'If it was not you, ask for a new password at once.',
      ],
    },
    'email-change': {
      subject: 'Confirm your new e-mail address',
      body: ({ confirmation }) => [
        'please confirm that this is your new e-mail address by opening this link:',
        button('Confirm the address', confirmation),
        'If you did not ask for this, ignore this mail.',
      ],
    },
    'email-change-notice': {
      subject: 'Your e-mail address is about to change',
      body: ({ publicUrl, undoing }) => [
        `somebody who knows your password asked to give your account at ${publicUrl} another e-mail address.`,
        'If it was not you, open this link. It keeps or brings back this address and signs everybody out:',
        button('Keep this address', undoing),
        'If it was you, there is nothing to do.',
      ],
    },
    'email-change-undone': {
      subject: 'Your e-mail address stays; set a new password',
      body: ({ reset }) => [
        'your account keeps this e-mail address, and everybody was signed out. ' +
          'Somebody knew your password, so it is not valid any more. Set a new one:',
        button('Set a new password', reset),
      ],
    },
    'address-replaced': {
      subject: 'The e-mail address of your account was changed',
      body: ({ publicUrl }) => [
        `an administrator has set another e-mail address for your account at ${publicUrl}. ` +
          'Mail to this address will not be about that account any more.',
        'If you did not ask for this, speak to an administrator of the service.',
      ],
    },
    'account-locked': {
      subject: 'Your account is locked for a while',
      body: ({ publicUrl, until }) => [
        `too many wrong passwords or codes were entered for your account at ${publicUrl}. ` +
          `It is locked until ${until}. Devices you have signed in on before may still let you in.`,
        'If this was not you, nobody has got in. Resetting your password lifts a lock that wrong passwords caused.',
      ],
    },
    'locked-by-administrator': {
      subject: 'Your account was locked by an administrator',
      body: ({ publicUrl, until }) => [
        `an administrator has locked your account at ${publicUrl} until ${until}. Until then nobody can sign in to ` +
          'it, not even with the right password. A new password does not lift the lock.',
        'Where you are signed in already, you stay so unless the administrator has ended your sessions. If you do not ' +
          'know why your account is locked, ask whoever administers the service.',
      ],
    },
    'new-device': {
      subject: 'Sign-in from a new device',
      body: ({ publicUrl, device, address: from, time }) => [
        `somebody has signed in to your account at ${publicUrl}.`,
        facts(['Device', device], ['Address', from], ['Time', time]),
        'If this was you, there is nothing to do. If not, end the session and change your password.',
      ],
    },
    'refresh-token-reused': {
      subject: 'A session of yours was ended for safety',
      body: ({ publicUrl, device, time }) => [
        `a session of yours at ${publicUrl} was ended, because a credential of it was used that had been used before. ` +
          'Somebody may have copied it.',
        facts(['Device', device], ['Time', time]),
        'Nobody can use that session any more: sign in again. If it happens again, change your password and look for ' +
          'malicious software on that device.',
      ],
    },
    'two-factor-enabled': {
      subject: 'Sign-in now asks for a second factor',
      body: ({ publicUrl }) => [
        `an authenticator app was set up for your account at ${publicUrl}: from now on signing in takes a code from it. ` +
          'Keep the recovery codes you were shown where you find them without your phone. ' +
          'Sessions that were open before stay open; you can end them in your account.',
        'If this was not you, end all sessions and reset your password, and tell your administrator.',
      ],
    },
    'two-factor-disabled': {
      subject: 'Sign-in no longer asks for a second factor',
      body: ({ publicUrl }) => [
        `the second factor of your account at ${publicUrl} was switched off, with your password and a code. ` +
          'The authenticator entry and all recovery codes are dead.',
        'If this was not you, reset your password and tell your administrator.',
      ],
    },
    'two-factor-reset': {
      subject: 'Your second factor was removed',
      body: ({ publicUrl }) => [
        `the operator of ${publicUrl} has removed the second factor of your account, as is done for people who have lost ` +
          'it. The authenticator entry and all recovery codes are dead; signing in takes your password alone.',
        'Set up a new second factor once you have signed in. If you have not asked for this, tell your administrator.',
      ],
    },
    'recovery-codes-regenerated': {
      subject: 'You have new recovery codes',
      body: ({ publicUrl }) => [
        `new recovery codes were made for your account at ${publicUrl}. All older ones are dead.`,
        'If this was not you, reset your password and tell your administrator.',
      ],
    },
    'recovery-code-used': {
      subject: 'A recovery code was used',
      body: ({ publicUrl, left }) => [
        `somebody has used one of the recovery codes of your account at ${publicUrl}. ` +
          `Unused codes left: ${left}. You can make new ones in your account.`,
        'If this was not you, reset your password and make new recovery codes.',
      ],
    },
    'api-token-created': {
      subject: 'An API token was made',
      body: ({ publicUrl, name, scopes, time }) => [
        `an API token was made for your account at ${publicUrl}.`,
        facts(['Name', name], ['Scopes', scopes], ['Time', time]),
        'If this was not you, revoke the token, end your other sessions and change your password.',
      ],
    },
    'role-granted': {
      subject: 'You were given a role',
      body: ({ publicUrl, role, until }) => [
        `at ${publicUrl} you were given the role ${role}${until === null ? '' : ` until ${until}`}.`,
        askedForNotices,
      ],
    },
    'role-expiring': {
      subject: 'A role of yours ends soon',
      body: ({ publicUrl, role, end }) => [
        `at ${publicUrl} you hold the role ${role} until ${end}. It ends then by itself. ` +
          'If you still need it, ask whoever gave it to you.',
        askedForNotices,
      ],
    },
    'given-role-expiring': {
      subject: 'A role that you gave ends soon',
      body: ({ publicUrl, role, holder, end }) => [
        `at ${publicUrl} the role ${role}, which you gave to ${holder}, ends by itself at ${end}. ` +
          'If it is still needed, give it again with a later end.',
        askedForNotices,
      ],
    },
  },
};
