import { z } from 'zod';
import { paths } from '../config-values.js';

export const documents = {
  /**
   * Manifests of [trusted documents](clients.md#trusted-documents), read at the start.
   * @defaultValue none; every document is answered
   */
  TRUSTED_DOCUMENTS: paths.optional(),
  /** `enforce` refuses all other documents, and turns the playground off; `log` answers them and logs each. */
  TRUSTED_DOCUMENTS_MODE: z.enum(['enforce', 'log']).default('enforce'),
};
