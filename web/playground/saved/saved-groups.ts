import { apiTokens } from './api-tokens.js';
import { decisions } from './decisions.js';
import { events } from './events.js';
import { past } from './past.js';
import { posts } from './posts.js';
import { preview } from './preview.js';
import { roles } from './roles.js';
import type { SavedGroup, SavedOperation } from './saved-operation.js';
import { sessions } from './sessions.js';
import { signIn } from './sign-in.js';
import { twoFactor } from './two-factor.js';

/** The operations that the playground comes with, in the order of its sidebar. */
export const savedGroups: readonly SavedGroup[] = [
  signIn,
  sessions,
  roles,
  decisions,
  past,
  preview,
  events,
  posts,
  apiTokens,
  twoFactor,
];

/** What the first tab shows on the first visit. */
export const welcome: SavedOperation = {
  title: 'Welcome',
  shows: 'Ctrl-Enter runs this. On the left: documentation, saved operations, history.',
  document: `
query Welcome {
  viewer {
    username
    fullName
    roles { name level }
    statistics { sessionsCount postsCount }
  }
}`,
};
