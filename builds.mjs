import { Done, filesIn } from './build-files.mjs';

// What the two builds of `npm start` read, apart from the builds themselves: a start that finds nothing changed loads no bundler.

const packages = 'node_modules/.package-lock.json';

/** Of `bundle.mjs`. */
export const bundled = () =>
  new Done('dist/.service.done', [
    ...[...filesIn('src'), ...filesIn('migrations'), 'bundle.mjs', 'tsconfig.json', 'package.json'].sort(),
    packages,
  ]);

/** Of `web/build.mjs`. */
export const pagesBuilt = () =>
  new Done(
    'dist/.web.done',
    [...filesIn('web'), ...filesIn('client'), 'schema.graphql', 'package.json', packages].sort(),
  );
