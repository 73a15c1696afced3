import { resolve } from 'node:path';
import { z } from 'zod';
import { onOff, url } from '../config-values.js';

export const pages = {
  /** The account pages, and what else is served to browsers; off serves the API alone. */
  PAGES: onOff.prefault('on'),
  /** The GraphQL playground; default: on in development, off in production. */
  PLAYGROUND: onOff.optional(),
  /** SVG or PNG file that the pages show beside the name of the service. */
  PAGES_LOGO: z
    .string()
    .regex(/\.(svg|png)$/i, 'must be an .svg or .png file')
    .transform((path) => resolve(path))
    .optional(),
  /** Colour of buttons and links on the pages. */
  PAGES_COLOR: z
    .string()
    .regex(/^#[0-9a-f]{6}$/i, 'must look like #1f6feb')
    .optional(),
  /** Pages of yours that the pages link to. */
  PAGES_TERMS_URL: url.optional(),
  PAGES_PRIVACY_URL: url.optional(),
};
