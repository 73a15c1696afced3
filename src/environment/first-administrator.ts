import { z } from 'zod';

export const firstAdministrator = {
  /** Name to sign in with. */
  ADMIN_USERNAME: z.string().optional(),
  /** E-mail address; counts as verified. */
  ADMIN_EMAIL: z.string().optional(),
  /** Password; the usual password rules apply to it. */
  ADMIN_PASSWORD: z.string().optional(),
};

export const administratorVariables: readonly string[] = Object.keys(firstAdministrator);
