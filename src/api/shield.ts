import shieldPackage = require('graphql-shield');

/**
 * graphql-shield from its CommonJS build: the ES build of 7.6.5 imports `isUndefined` from `node:util`, which Node 23
 * and later do not have, so it does not load there. `chain` and `race` call that function and are therefore not
 * exported.
 */
export const { deny, rule, shield } = shieldPackage;
