import { z } from 'zod';

export const firstAdministrator = {
  /** First administrator, created when there is none; set all three or none. */
  ADMIN_USERNAME: z.string().optional(),
  ADMIN_EMAIL: z.string().optional(),
  ADMIN_PASSWORD: z.string().optional(),
};
