'use strict';

/*
 * Who may know whom: the rules of the house, as CONTRIBUTING.md explains them. Type imports count as well,
 * unless a rule says otherwise.
 */

const LOWER = 'aws|containers|taskdef';
const DOMAIN = 'image|ecr|deploy|logs|explorer';

/** They run when the extension is built, and read what the product may not. */
const GENERATORS =
  '^src/(sandbox/protocol/generateShapes|taskdef/schema/(generate|buildSchemas|describeInMarkdown))\\.ts$';

/** `@types` packages stand for the modules they describe. */
const VSCODE = '^vscode$|^node_modules/@types/vscode/';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'base-knows-nobody',
      severity: 'error',
      from: { path: '^src/base/' },
      to: { path: '^src/', pathNot: '^src/base/' },
    },
    {
      name: 'lower-rooms-know-base',
      comment: 'aws, containers and taskdef know base, and not each other.',
      severity: 'error',
      from: { path: `^src/(${LOWER})/` },
      to: { path: '^src/', pathNot: '^src/(base|$1)/' },
    },
    {
      name: 'domain-rooms-know-the-lower',
      comment:
        'image, ecr, deploy, logs and explorer know base, the lower rooms, and each other without cycles.',
      severity: 'error',
      from: { path: `^src/(${DOMAIN})/` },
      to: { path: '^src/', pathNot: `^src/(base|${LOWER}|${DOMAIN})/` },
    },
    {
      name: 'only-the-root-knows-the-root',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^src/extension\\.ts$' },
    },
    {
      name: 'vscode-only-in-the-editor-wing',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(editor/|extension\\.ts$)' },
      to: { path: VSCODE },
    },
    {
      name: 'aws-sdk-only-in-the-aws-room',
      comment: 'Elsewhere at most its types: everything else goes through a gateway.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/aws/', GENERATORS] },
      to: { path: '^node_modules/@(aws-sdk|smithy)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'gateways-are-injected',
      comment: 'Domain rooms take the interfaces of gateways as types and receive the instances.',
      severity: 'error',
      from: { path: `^src/(${DOMAIN})/` },
      to: { path: '^src/aws/.*(Gateway|[cC]onnection)\\.ts$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'sandbox-knows-base-and-containers',
      severity: 'error',
      from: { path: '^src/sandbox/' },
      to: { path: '^src/', pathNot: '^src/(base|containers|sandbox)/' },
    },
    {
      name: 'sandbox-has-one-door',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/sandbox/' },
      to: { path: '^src/sandbox/', pathNot: '^src/sandbox/launch\\.ts$' },
    },
    {
      name: 'sandbox-door-leads-nowhere',
      comment: 'The extension bundles launch.ts: it must not pull the sandbox in behind it.',
      severity: 'error',
      from: { path: '^src/sandbox/launch\\.ts$' },
      to: { path: '^src/', pathNot: '^src/base/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'product-knows-no-test',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|bench)/' },
    },
    {
      name: 'product-knows-no-tool',
      comment: 'What the product imports at run time is a dependency, not a tool; generators are tools.',
      severity: 'error',
      from: { path: '^src/', pathNot: GENERATORS },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg'], dependencyTypesNot: ['type-only'], pathNot: VSCODE },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '\\.generated\\.json$' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
