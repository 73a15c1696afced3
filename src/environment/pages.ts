import { resolve } from 'node:path';
import { z } from 'zod';
import { onOff, url } from '../config-values.js';

export const pages = {
  /** Whether the service has pages at all. */
  PAGES: onOff.prefault('on'),
  /**
   * Whether `/playground` exists and a browser that opens `/graphql` is led there.
   * @defaultValue on in development, off in production
   */
  PLAYGROUND: onOff.optional(),
  /**
   * Picture beside `SERVICE_NAME`, read at the start.
   * @defaultValue a small gatehouse
   */
  PAGES_LOGO: z
    .string()
    .regex(/\.(svg|png)$/i, 'must be an .svg or .png file')
    .transform((path) => resolve(path))
    .meta({ type: 'path of an `.svg` or `.png` file' })
    .optional(),
  /**
   * Colour of buttons and links; made lighter or darker as far as it takes to be read in both themes.
   * @defaultValue a blue
   */
  PAGES_COLOR: z
    .string()
    .regex(/^#[0-9a-f]{6}$/i, 'must look like #1f6feb')
    .meta({ type: '`#rrggbb`' })
    .optional(),
  /** Your terms of use, linked from every page and from the registration. */
  PAGES_TERMS_URL: url.optional(),
  /** Your notice on privacy, linked likewise. */
  PAGES_PRIVACY_URL: url.optional(),
};
