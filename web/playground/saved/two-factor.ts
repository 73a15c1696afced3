import type { SavedGroup } from './saved-operation.js';

export const twoFactor: SavedGroup = {
  title: 'Two-factor',
  operations: [
    {
      title: 'Begin',
      shows: 'A secret for the authenticator app. Nothing counts before it is confirmed.',
      document: `
mutation BeginTwoFactor($currentPassword: String!) {
  beginTwoFactorEnrollment(input: { currentPassword: $currentPassword }) {
    secret
    otpauthUri
    errors { code field message }
  }
}`,
      variables: () => ({ currentPassword: 'my password' }),
    },
    {
      title: 'Confirm',
      shows: 'Switches it on by a first code of the app, and answers recovery codes, once.',
      document: `
mutation ConfirmTwoFactor($code: String!) {
  confirmTwoFactorEnrollment(input: { code: $code }) {
    recoveryCodes
    user { twoFactorEnabled }
    errors { code field message }
  }
}`,
      variables: () => ({ code: '000000' }),
    },
    {
      title: 'Finish a sign-in',
      shows: 'Answers the challenge of Sign in by a code of the app, or by a recovery code.',
      document: `
mutation FinishSignIn($input: CompleteTwoFactorLoginInput!) {
  completeTwoFactorLogin(input: $input) {
    authentication { accessToken expiresIn user { username } }
    errors { code field message }
  }
}`,
      variables: () => ({ input: { challengeToken: 'the challengeToken from Sign in', code: '000000' } }),
    },
    {
      title: 'Switch off',
      shows: 'Needs the password and a code. The recovery codes go too.',
      document: `
mutation SwitchOffTwoFactor($input: DisableTwoFactorInput!) {
  disableTwoFactor(input: $input) {
    user { twoFactorEnabled }
    errors { code field message }
  }
}`,
      variables: () => ({ input: { currentPassword: 'my password', code: '000000' } }),
    },
  ],
};
