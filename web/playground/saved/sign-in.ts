import type { SavedGroup } from './saved-operation.js';

export const signIn: SavedGroup = {
  title: 'Sign up and in',
  operations: [
    {
      title: 'Register',
      shows: 'Mails a link that verifies the address. An address that is known gets the same answer.',
      document: `
mutation Register($input: RegisterInput!) {
  register(input: $input) {
    email
    verificationRequired
    errors { code field message }
  }
}`,
      variables: () => ({
        input: { username: 'ada', email: 'ada@example.com', password: 'a long enough passphrase', firstName: 'Ada' },
      }),
    },
    {
      title: 'Verify the address',
      shows: 'Takes the token from the mailed link: what follows "token=" in it.',
      document: `
mutation VerifyEmail($token: String!) {
  verifyEmail(input: { token: $token }) {
    user { username isVerified }
    errors { code message }
  }
}`,
      variables: () => ({ token: 'the token from the mail' }),
    },
    {
      title: 'Sign in',
      shows: 'Answers tokens, or a challenge for the second factor. Use one: Headers, { "Authorization": "Bearer …" }.',
      document: `
mutation SignIn($input: LoginInput!) {
  login(input: $input) {
    result {
      ... on Authentication {
        accessToken
        refreshToken
        expiresIn
        user { username roles { name } }
      }
      ... on TwoFactorChallenge { challengeToken expiresAt methods }
    }
    errors { code field message }
  }
}`,
      variables: () => ({ input: { identifier: 'ada', password: 'a long enough passphrase' } }),
    },
    {
      title: 'Refresh a session',
      shows: 'Exchanges a refresh token, once. When an old one comes back later, its session ends.',
      document: `
mutation RefreshSession($refreshToken: String!) {
  refreshSession(input: { refreshToken: $refreshToken }) {
    authentication { accessToken refreshToken expiresIn session { id expiresAt } }
    errors { code message }
  }
}`,
      variables: () => ({ refreshToken: 'the refreshToken from Sign in' }),
    },
    {
      title: 'Strength of a password',
      shows: 'How hard a password is to guess, by the rule that new ones must meet.',
      document: `
query Strength($password: String!, $username: String) {
  passwordStrength(password: $password, username: $username) {
    score
    isStrong
    feedback
  }
}`,
      variables: () => ({ password: 'correct horse battery', username: 'ada' }),
    },
    {
      title: 'Forgot the password',
      shows: 'Mails a link that sets a new password. The answer is the same for every address.',
      document: `
mutation ForgotPassword($email: String!) {
  requestPasswordReset(input: { email: $email }) {
    errors { code field message }
  }
}`,
      variables: () => ({ email: 'ada@example.com' }),
    },
  ],
};
